"""What the parse adds: which noun a number counts, which numbers belong to names, what is measured.

Universal Dependencies labels. In them the head of "$97 million" is `$` and of "20 %" is `%`: the phrase of a
mention is therefore found as the token of its span whose head lies outside, whatever that token is.
"""

from __future__ import annotations

from itertools import islice

from spacy.tokens import Doc, Token

from claimtable.nlp.quantities.counted import is_plural, singular
from claimtable.nlp.quantities.lexer import Lexed
from claimtable.nlp.quantities.lexicon import Unit, changes, neighbours, units, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Change

_REACH = 8  # tokens between a number and the noun that it counts
_SUBJECT_WORDS = 14  # longest subject; a longer subtree is cut to the noun and its modifiers
_STRENGTH = frozenset(("rate", "pace", "speed", "clip"))
"""Nouns of how fast something moves: "grew at an annual rate of 3.7 %"."""
_REACHED = frozenset(("to", "by"))
"""Prepositions of the level that a movement reached, and of its amount."""
_PARTICLES = frozenset(("up", "down"))
_DEPTH = 4  # steps up the tree to the movement that a figure without a verb shares
_SUBJECTS = frozenset(("nsubj", "nsubj:pass", "nsubj:outer", "csubj"))
_RELATIVES = frozenset(("which", "who", "that"))
_VALUE_RELATIONS = frozenset(
    [
        "obj",
        "obl",
        "obl:npmod",
        "obl:unmarked",
        "obl:arg",
        "advmod",
        "xcomp",
        "nmod",
        "nmod:npmod",
        "nmod:unmarked",
        "iobj",
        "ccomp",
        "dep",
        "parataxis",
        "advcl",
    ]
)


_NOUN_RELATIONS = frozenset(
    ("nmod", "nmod:npmod", "nmod:unmarked", "compound", "nummod", "amod", "nmod:poss")
)
"""Relations of an amount to the noun that it measures, or to one of movement."""


class Parse:
    """A parsed document as the refinement reads it."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.token_at = Tokens.of(doc).at
        """Returns the index of the token that holds the code point at an offset."""
        self.inside = (0, 0)
        """Offsets of the mention at hand."""

    def head_of(self, start: int, end: int) -> Token:
        """Return the token of the code points `start`..`end` whose head lies outside them."""
        first, last = self.token_at(start), self.token_at(end - 1)
        for i in range(first, last + 1):
            token = self.doc[i]
            if not first <= token.head.i <= last or token.head.i == i:
                return token
        return self.doc[last]


def refine(parse: Parse, lex: Lexed, found: list[Mention]) -> list[str | None]:
    """Correct counted nouns and names in place; return the subject of each mention, None where none is stated."""
    subjects: list[str | None] = []
    before: tuple[Token, Mention] | None = None
    for mention, following in zip(found, [*found[1:], None], strict=True):
        number = parse.head_of(lex.start[mention.number.first], lex.end[mention.number.last - 1])
        if mention.kind in ("count", "bare") and mention.unit != "time":
            _counted(parse, lex, mention, number, following)
        parse.inside = (lex.start[mention.first], lex.end[mention.last - 1])
        phrase = parse.head_of(lex.start[mention.first], lex.end[mention.last - 1])
        subjects.append(_subject(parse, mention, phrase))
        if mention.direction is None and mention.role == "quantity" and not mention.parts:
            mention.direction = _moved(mention, phrase, before)
        before = (phrase, mention)
    return subjects


def _moved(mention: Mention, phrase: Token, before: tuple[Token, Mention] | None) -> Change | None:
    """Return the direction that the tree shows where the words beside the mention do not.

    Of the verb that the level or amount hangs on, "cut emissions from 96 to 58 kg"; of the mention that it is coordinated
    with, "fell by 5 percent in May and 3 percent in June".
    """
    if before is not None and phrase.dep_ == "conj" and phrase.head == before[0]:
        return before[1].direction if before[1].unit == mention.unit else None
    noun = phrase.head
    if noun.lemma_ in _STRENGTH and phrase.dep_.startswith("nmod") and _case(noun) == "at":
        return _direction(noun.head)
    case = _case(phrase)
    if mention.kind == "count" or case not in _REACHED:
        return None
    if phrase.dep_.startswith("obl"):
        particle = next((t.lower_ for t in noun.children if t.lower_ in _PARTICLES and t.i < phrase.i), None)
        return _direction(noun, particle) or _named(changes()["weak"], noun.lower_)
    if case == "by":
        # "Revenue is up at two of them: Resorts by 17 percent; Borgata by 8 percent"
        for token in islice(phrase.ancestors, _DEPTH):
            if (direction := _direction(token)) is not None or token.pos_ == "VERB":
                return direction
    return None


def _case(token: Token) -> str:
    return next((t.lower_ for t in token.children if t.dep_ == "case"), "")


def _direction(token: Token, particle: str | None = None) -> Change | None:
    """Return the direction of a word that says nothing but that something moves."""
    return _named(changes()["verb"], particle or token.lower_)


def _named(table: dict[str, Change], word: str) -> Change | None:
    direction = table.get(word)
    return None if direction == "flat" else direction


def _counted(parse: Parse, lex: Lexed, mention: Mention, number: Token, following: Mention | None) -> None:
    """Take the noun that the number modifies; not one of the mention that follows, where that is an amount."""
    taken = following is not None and following.kind in ("money", "measure", "share")
    limit = lex.start[following.first] if following is not None and taken else None
    noun = number.head if number.dep_.startswith(_COUNTING) else None
    if noun is not None and noun.i < number.i:
        # "Boeing 747", "page 3": the number hangs on the name before it
        follows = noun.i == number.i - 1 and not mention.number.words and mention.kind == "bare"
        mention.named = mention.named or (follows and noun.pos_ == "PROPN")
        noun = None
    after = lex.low[mention.number.last]
    if noun is None and after == "of" and (mention.number.words or mention.number.vague):
        noun = next((t for t in number.children if t.dep_.startswith("nmod") and t.i > number.i), None)
    if noun is not None and limit is not None and noun.idx >= limit:
        return
    if _is_pronoun(mention, number, after):
        _uncount(mention)
        mention.named = True
        return
    if mention.unit is not None and not mention.attributive and _is_no_noun(parse, lex, mention):
        _uncount(mention)
    if noun is not None and noun.tag_ == "JJS":
        return  # "the ten largest"
    if noun is None or not _can_be_counted(noun, number):
        if (
            mention.unit is not None
            and mention.value == 1
            and not mention.attributive
            and number.pos_ == "PRON"
        ):
            _uncount(mention)
            mention.named = after != "of"  # "if one buys a bike": a pronoun
        return
    if _keeps_name(lex, mention, noun, number) or mention.attributive:
        return
    tail = _hyphen_tail(noun) or noun
    last = lex.token_at(tail.idx + len(tail.text.rstrip("-–") or tail) - 1)
    if last >= mention.number.last:
        _take_noun(parse, lex, mention, noun, number, last)
        if following is not None and last >= following.first:
            mention.last = mention.number.last  # "16, 20 or 40 schools"


_COUNTING = ("nummod", "amod", "compound", "det")
"""Relations by which a number counts its head."""


def _can_be_counted(noun: Token, number: Token) -> bool:
    """Return whether a word is near enough for what a number counts, and a noun; not "replace 400 more"."""
    letter = len(noun.text) == 1 and _hyphen_tail(noun) is None  # of a torn word: "64 r e ported"
    return (
        not letter
        and noun.tag_ != "JJR"
        and noun.i - number.i <= _REACH
        and noun.pos_ in ("NOUN", "PROPN", "ADJ")
    )


def _keeps_name(lex: Lexed, mention: Mention, noun: Token, number: Token) -> bool:
    """Return whether digits stay part of a name; a plural behind them shows that those were none, but for a label before them."""
    if not mention.named:
        return False
    plural = is_plural(noun.lower_)
    if plural and noun.pos_ == "NOUN" and mention.value != 1:
        previous = number.nbor(-1) if number.i else number
        labelled = previous.lower_ in words("label_nouns")  # "section 23 write-downs"
        labelled = (
            labelled or previous.lower_.rstrip(".") in neighbours()["label_abbreviation"]
        )  # "Rev. 3 codes"
        mention.named = labelled or previous.pos_ == "PROPN" or previous.text[1:] != previous.text[1:].lower()
    return lex.kind_is_digit(mention.number.first) and not plural


def _take_noun(parse: Parse, lex: Lexed, mention: Mention, noun: Token, number: Token, last: int) -> None:
    """Make a mention count a noun that ends with the token `last` of the text."""
    rate = mention.unit.partition("/")[2] if mention.unit else ""
    head = _noun_phrase(noun, number)
    first = lex.token_at(parse.doc[_first_modifier(noun, number)].idx)
    mention.kind, mention.dimension = "count", "count"
    mention.unit = f"{head}/{rate}" if rate else head
    mention.unit_first = min(last, max(mention.number.last, first))
    length = units()[0].entries.get((head,)) if noun.pos_ == "NOUN" and not rate else None
    if isinstance(length, Unit) and length.dimension == "time" and is_plural(noun.lower_):
        mention.kind, mention.dimension, mention.unit = "measure", "time", length.label  # "ten great years"
    mention.unit_last = last + 1
    mention.last = max(mention.last if rate else mention.number.last, last + 1)


def _is_pronoun(mention: Mention, number: Token, after: str) -> bool:
    """Return whether "one" stands for somebody or something: "as one who believes", "get one that fits"; not "one of them"."""
    counts = number.dep_.startswith(("nummod", "compound", "amod", "conj"))
    if mention.value != 1 or number.lower_ != "one" or counts:
        return False
    return after not in _ONE_COUNTS and not mention.attributive


_ONE_COUNTS = frozenset(("of", "in", "out", "or", "and", "to", "-", ",", ".", ";", "each", "per"))
"""Words and signs behind "one" that leave it a number: "one of them", "one in ten", "two won and one lost"."""


def _is_no_noun(parse: Parse, lex: Lexed, mention: Mention) -> bool:
    """Return whether the word that was taken for the noun is none: "three waiting", "the 300 richest", "20 registered"."""
    word = parse.doc[parse.token_at(lex.start[mention.unit_last - 1])]
    if mention.dimension != "count" or is_plural(word.lower_):
        return False
    return word.pos_ in ("VERB", "AUX", "ADV") or word.tag_ == "JJS"


def _uncount(mention: Mention) -> None:
    mention.kind, mention.dimension, mention.unit = "bare", None, None
    mention.unit_first = mention.unit_last = -1
    mention.last = mention.number.last


def _first_modifier(noun: Token, number: Token) -> int:
    first = noun.i
    for token in noun.children:
        if (
            number.i < token.i < first
            and token.dep_.startswith("compound")
            and token.pos_ in ("NOUN", "PROPN")
        ):
            first = min(first, token.i)
    while first - 1 > number.i and first < noun.i and _glued_to_digits(noun.doc[first]):
        first -= 1
    return first


def _hyphen_tail(noun: Token) -> Token | None:
    """Return the word that a hyphen joins to the noun behind it: parsers take the "e" of "e-mails" for a noun of its own."""
    doc = noun.doc
    if noun.i + 2 >= len(doc) or noun.whitespace_:
        return None
    hyphen, tail = doc[noun.i + 1], doc[noun.i + 2]
    return tail if hyphen.text == "-" and not hyphen.whitespace_ and tail.is_alpha else None


def _glued_to_digits(token: Token) -> bool:
    """Return True for the "G" of "5G", which tokenizers take apart."""
    before = token.doc[token.i - 1] if token.i else token
    return not before.whitespace_ and before.text[-1].isdigit()


def _noun_phrase(noun: Token, number: Token) -> str:
    """Return the singular of the counted noun with its noun modifiers: "construction project"; no adjectives."""
    first = _first_modifier(noun, number)
    parts: list[str] = []
    for token in noun.doc[first : noun.i]:
        if parts and _glued_to_digits(token):
            parts[-1] += token.text
        elif not token.is_punct:
            parts.append(token.text if token.pos_ == "PROPN" else token.lower_)
    word = noun.text if any(map(str.isdigit, noun.text)) else noun.lower_  # "F-16s"
    word = word.rstrip("-–") or word  # "92,000 asylum claim- 'legacy backlog'"
    if (tail := _hyphen_tail(noun)) is not None:
        word = f"{word}-{singular(tail.lower_) if is_plural(tail.lower_) else tail.lower_}"  # "e-mails"
    if word in ("people", "persons"):
        head = "person"
    elif is_plural(word):
        head = singular(word)
    else:
        head = word
    if noun.pos_ == "PROPN" and noun.text[0].isupper():
        head = noun.text[0] + head[1:]
    return " ".join([*parts, head])


def _subject(parse: Parse, mention: Mention, phrase: Token) -> str | None:
    """Return what is measured: the subject of the clause, the noun that the amount modifies, or the whole of a share."""
    if mention.dimension in ("share", "count") or mention.kind == "ratio":
        whole = next(
            (t for t in phrase.children if t.dep_.startswith("nmod") and t.i > phrase.i and _of(t)), None
        )
        if whole is not None:
            return _text(whole, mention, parse)
    governor = phrase
    for _ in range(_DEPTH):
        if governor.dep_ in _SUBJECTS and governor.i == phrase.i and governor.head.i != governor.i:
            return _text(phrase, mention, parse) if mention.dimension == "count" else None
        found = _measured_by(governor, phrase)
        if found is not None:
            return _text(found, mention, parse)
        if governor.head.i == governor.i or governor.dep_ in ("root", "ROOT"):
            return None
        governor = governor.head
    return None


def _measured_by(governor: Token, phrase: Token) -> Token | None:
    """Return what is measured where the amount, or what it belongs to, hangs on its head like this; None where the tree goes on."""
    relation, head = governor.dep_, governor.head
    if head.i == governor.i or relation in ("conj", "root", "ROOT"):
        subject = _nsubj(governor)
        return subject if subject is not None and subject.i != phrase.i else None
    if relation in _SUBJECTS:
        return governor
    if relation == "appos":
        return head
    if head.pos_ in ("NOUN", "PROPN") and relation in _NOUN_RELATIONS:
        if head.lower_ not in changes()["noun"] and head.lower_ not in words("function_words"):
            return head
        of = (t for t in head.children if t.dep_.startswith("nmod") and t.i != governor.i and _in_of(t))
        return next(of, None)
    if relation in _VALUE_RELATIONS or relation.startswith(("obl", "nmod")):
        return _nsubj(head)
    return None


def _of(token: Token) -> bool:
    return any(t.dep_ == "case" and t.lower_ == "of" for t in token.children)


def _in_of(token: Token) -> bool:
    return any(t.dep_ == "case" and t.lower_ in ("of", "in", "for") for t in token.children)


def _nsubj(token: Token) -> Token | None:
    return next((t for t in token.children if t.dep_ in _SUBJECTS), None)


def _text(token: Token, mention: Mention, parse: Parse) -> str | None:
    """Return the words of the phrase that `token` heads, without relative clauses and without the mention itself."""
    if token.lower_ in _RELATIVES:
        clause = next((t for t in (token.head, token.head.head) if t.dep_ == "acl:relcl"), None)
        if clause is None:
            return None
        token = clause.head
    inside = {token.i}
    stack = [token]
    while stack:
        for child in stack.pop().children:
            if not _belongs(child, token, parse.inside):
                continue
            inside.add(child.i)
            if len(inside) > _SUBJECT_WORDS:
                near = token.i - token.left_edge.i < _SUBJECT_WORDS
                return parse.doc[token.left_edge.i : token.i + 1].text if near else token.text
            stack.append(child)
    order = sorted(inside)
    while order and parse.doc[order[0]].dep_ in _NO_BEGINNING:
        order.pop(0)
    pieces = (
        parse.doc[i].text + (" " if parse.doc[i].whitespace_ or i + 1 not in inside else "") for i in order
    )
    return " ".join("".join(pieces).split()) or None


_NO_BEGINNING = ("det", "case", "punct", "advmod", "cc")
_APART = frozenset(
    ("acl:relcl", "appos", "parataxis", "punct", "cop", "conj", "cc", "nsubj", "aux", "advcl", "nummod")
)
"""Relations of what stands beside a noun and is no part of its phrase."""


def _belongs(child: Token, head: Token, mention: tuple[int, int]) -> bool:
    """Return whether a token is part of what an amount measures: not what stands beside the head, nor the amount itself."""
    if child.dep_ in _APART and child.head.i == head.i:
        return False
    return not mention[0] <= child.idx < mention[1] or mention[0] <= head.idx < mention[1]
