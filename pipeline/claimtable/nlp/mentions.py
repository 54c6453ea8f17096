"""Who is meant: actors by place in the text, pronouns, and noun phrases that name a speaker.

Pure functions over the records that the actors component left on the `Doc`; the components that come
after it call them. Offsets are half-open code points into the document text, as everywhere.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from claimtable.nlp import extensions
from claimtable.nlp.tokens import Tokens
from claimtable.rules import table
from claimtable.schema import Actor, ActorMention

_MALE = frozenset({"he", "him", "his", "himself"})
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_THING = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
_FIRST = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_POSSESSIVE = frozenset({"his", "her", "its", "their"})
_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "these", "those", "our", "my", "your"})
_SUBJECTS = ("nsubj", "csubj")
PRONOUNS = _MALE | _FEMALE | _THING | _PLURAL
"""Third-person pronouns that `resolve_pronoun` understands, lower case."""

_DATELINE_END = re.compile(r"\) ?(?:--|[-–—])")

WINDOW = 600
"""Tokens before a noun phrase within which the thing or company that it takes up is sought: about a page."""


@functools.cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(
        row["word"].lower() for row in table("actor_words", "kind", "word") if row["kind"] == kind
    )


@functools.cache
def _mental_verbs() -> frozenset[str]:
    rows = table("reporting_verbs", "lemma", "kind")
    return frozenset(row["lemma"] for row in rows if row["kind"] in ("belief", "intention"))


@functools.cache
def _genders() -> dict[str, str]:
    titles = {
        row["word"].lower().rstrip("."): row["value"]
        for row in table("actor_words")
        if row["kind"] == "title"
    }
    names: dict[str, str] = {}
    for lexicon in ("first_names_more", "first_names_world", "first_names"):
        names |= {row["id"]: row["sex"] for row in table(lexicon, "sex")}
    return names | {title: sex for title, sex in titles.items() if sex}


@dataclass(frozen=True, slots=True)
class _Index:
    """The actors of one document by id, and the offsets at which its paragraphs begin."""

    mentions: tuple[ActorMention, ...]
    starts: list[int]
    """Where each of `mentions` starts."""
    actors: dict[str, Actor]
    by_alias: dict[str, Actor]
    """The first actor with each alias, by its case-folded form."""
    paragraphs: list[int]
    widest: int
    """Length of the longest mention in code points."""


class _Last(threading.local):
    """The index of the document that this thread asked for last; calls come document by document."""

    doc: Doc | None = None
    index: _Index


_last = _Last()


def _index(doc: Doc) -> _Index:
    """Return the index of `doc`, made when it is asked for first or its mentions changed."""
    mentions: tuple[ActorMention, ...] = doc._.claimtable_actor_mentions
    if _last.doc is doc and _last.index.mentions is mentions:
        return _last.index
    text = extensions.text_of(doc)
    paragraphs = [0]
    at = text.find("\n")
    while at >= 0:
        end = at
        while end < len(text) and text[end] in "\r\n\t ":
            end += 1
        paragraphs.append(end)
        at = text.find("\n", end)
    actors = {actor.actor_id: actor for actor in doc._.claimtable_actors}
    _last.doc = doc
    _last.index = _Index(
        mentions,
        [mention.start for mention in mentions],
        actors,
        {alias.casefold(): actor for actor in reversed(actors.values()) for alias in actor.aliases},
        paragraphs,
        max((m.end - m.start for m in mentions), default=0),
    )
    return _last.index


def _paragraph(index: _Index, offset: int) -> int:
    return bisect_right(index.paragraphs, offset) - 1


def mentions_in(doc: Doc, start: int, end: int) -> Iterator[ActorMention]:
    """Yield the actor mentions that overlap the code points `start`..`end`, in text order."""
    index = _index(doc)
    mentions = index.mentions
    for k in range(bisect_left(index.starts, start - index.widest), len(mentions)):
        if mentions[k].start >= end:
            return
        if mentions[k].end > start:
            yield mentions[k]


def _antecedents(doc: Doc, start: int, end: int) -> Iterator[ActorMention]:
    """Yield the mentions that end before `end`, without the agency of a dateline: "TAIPEI (Reuters) - "."""
    text = extensions.text_of(doc)
    for mention in mentions_in(doc, start, end):
        bracketed = text[max(0, mention.start - 1) : mention.start] == "("
        if mention.end <= end and not (bracketed and _DATELINE_END.match(text, mention.end)):
            yield mention


def actors_in(doc: Doc, start: int, end: int) -> list[Actor]:
    """Return the actors mentioned in the code points `start`..`end`, each once, in order of first mention."""
    actors = _index(doc).actors
    return [
        actors[key]
        for key in dict.fromkeys(m.actor_id for m in mentions_in(doc, start, end))
        if key in actors
    ]


def actor_at(doc: Doc, start: int, end: int) -> Actor | None:
    """Return the actor whose mention overlaps `start`..`end` most (the first of equals), or None."""
    best: ActorMention | None = None
    overlap = 0
    for mention in mentions_in(doc, start, end):
        common = min(mention.end, end) - max(mention.start, start)
        if common > overlap:
            best, overlap = mention, common
    return _index(doc).actors.get(best.actor_id) if best is not None else None


def _root(doc: Doc, mention: ActorMention) -> Token | None:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span.root if span is not None and len(span) else None


def _is_subject(token: Token) -> bool:
    for _ in range(4):
        if token.dep_ == "conj":
            token = token.head
    return token.dep_.startswith(_SUBJECTS)


def gender_of(actor: Actor) -> str:
    """Return `male`, `female`, or "" when neither a title nor the first name of a person tells."""
    if actor.type != "PERSON":
        return ""
    genders = _genders()
    for alias in actor.aliases:
        first = alias.split()[0].lower().rstrip(".") if alias.strip() else ""
        if first in ("mr", "mrs", "ms", "miss", "sir", "lady", "lord", "king", "queen"):
            return genders.get(first, "")
    first = actor.name.split()[0].lower() if actor.name.strip() else ""
    return genders.get(first) or genders.get(_plain(first), "")


def _plain(word: str) -> str:
    """Return a word without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def resolve_pronoun(doc: Doc, token_index: int) -> Actor | None:
    """Return the actor that the third-person pronoun at `token_index` stands for, or None.

    The nearest compatible actor before it, subjects preferred, in the same paragraph or the one before. A
    nearer subject that is no actor but agrees with the pronoun ("The report ... It criticizes", "The dealer
    ... He") stands in the way: then the pronoun means that, and the answer is None.
    """
    token = doc[token_index]
    return _resolve(doc, token)[0] if token.lower_ in PRONOUNS else None


def _resolve(doc: Doc, token: Token, chained: int = 0) -> tuple[Actor | None, Token | None]:
    """Return (actor, None), or (None, noun) when a nearer noun that is no actor stands in the way.

    Args:
        doc: the document.
        token: the pronoun.
        chained: pronouns that this one was reached by. Where nobody is named near "he", he is whom the "he" before is.
    """
    word = token.lower_
    if _is_expletive(token):
        return None, None
    index = _index(doc)
    paragraph = _paragraph(index, token.idx)
    floor = index.paragraphs[max(0, paragraph - 1)]
    sentence = token.sent.start_char
    best: Actor | None = None
    best_noun: Token | None = None
    best_score = float("-inf")
    barred = _addressees(doc, token)
    for mention in _antecedents(doc, floor, token.idx):
        actor = index.actors.get(mention.actor_id)
        if actor is None or mention.actor_id in barred or not _agrees(word, actor, mention):
            continue
        root = _root(doc, mention)
        if root is None or _is_clause_mate(token, root):
            continue
        if (described := _described(doc, root)) is not None:
            # "Zipwear, owned by Amarone, ... It": what only describes a name is not gone on with, but the name
            other = actor_at(doc, described.idx, described.idx + len(described))
            if other is None and (best is None or best_noun is not None):
                best_noun = described
            continue
        score = _salience(index, token, mention, root, paragraph, sentence)
        if score >= best_score:
            best, best_noun, best_score = actor, None, score
    if best_noun is not None:
        return None, best_noun
    rival = _rival(doc, token, floor)
    if rival is not None and rival[0] > best_score:
        return None, rival[1]
    if best is None and chained < _LONGEST_CHAIN and (earlier := _same_person(doc, token, floor)) is not None:
        return _resolve(doc, earlier, chained + 1)
    return best, None


def _described(doc: Doc, root: Token) -> Token | None:
    """Return the name that the phrase of `root` only describes: "X" in "X, owned by Y", "X, a unit of Y", "X, which Y owns"."""
    token = root
    for _ in range(_LEVELS_UP):
        if token.dep_.partition(":")[0] in ("acl", "appos") and token.i > token.head.i:
            # An apposition that is a name itself is the same one: "the lender, Amarone".
            return token.head if token.head.pos_ == "PROPN" and token.i != root.i else None
        if token.head.i == token.i or token.dep_.startswith(("conj", "parataxis", "advcl", "ccomp")):
            return None
        token = token.head
    return None


def _same_person(doc: Doc, token: Token, floor: int) -> Token | None:
    """Return the nearest subject "he" before a "he", or "she" before a "she", from the offset `floor` on."""
    group = next((words for words in (_MALE, _FEMALE) if token.lower_ in words), None)
    if group is None:
        return None
    t = Tokens.of(doc)
    for i in range(token.i - 1, max(-1, token.i - 1 - _CHAIN_TOKENS), -1):
        if t.start[i] < floor:
            return None
        if t.lower[i] in group and t.rel[i] == "nsubj":
            return doc[i]
    return None


def _is_expletive(token: Token) -> bool:
    """Tell the "it" of "it is unlikely that", "it seems", "making it likely" from a pronoun that stands for something."""
    if token.lower_ != "it":
        return False
    head = token.head
    if token.dep_.startswith("expl") or head.lemma_.lower() in ("seem", "appear", "happen", "matter", "rain"):
        return True
    copula = head.pos_ == "ADJ" or any(c.dep_ == "cop" for c in head.children)
    clauses = ("csubj", "csubj:outer", "ccomp", "xcomp", "advcl")
    return copula and any(c.dep_ in clauses and c.i > head.i for c in head.children)


def _agrees(word: str, actor: Actor, mention: ActorMention) -> bool:
    if word in _MALE:
        return actor.type == "PERSON" and gender_of(actor) != "female"
    if word in _FEMALE:
        return actor.type == "PERSON" and gender_of(actor) != "male"
    if word in _THING:
        return actor.type in ("ORG", "GPE", "LOC")
    return actor.type in ("NORP", "ORG") or (actor.type == "GPE" and mention.acting)


def _is_clause_mate(pronoun: Token, root: Token) -> bool:
    """Return whether a name and a pronoun are arguments of one verb, so that they cannot mean the same one."""
    if pronoun.lower_ in _POSSESSIVE and pronoun.dep_ == "nmod:poss":
        return pronoun.head.i == root.i
    if pronoun.lower_.endswith(("self", "selves")):
        return False
    return pronoun.head.i == root.head.i and root.dep_ in ("nsubj", "obj", "iobj", "nsubj:pass")


def _addressees(doc: Doc, pronoun: Token) -> set[str]:
    """Return the ids of the actors that follow the verb as objects, whom its subject cannot mean: "he told Lind"."""
    if pronoun.dep_ != "nsubj":
        return set()
    objects = (c for c in pronoun.head.children if c.dep_ in ("obj", "iobj") and c.pos_ == "PROPN")
    return {m.actor_id for c in objects for m in mentions_in(doc, c.idx, c.idx + len(c))}


_LEVELS_UP = 4
"""Most steps up the tree from a name to the name that its phrase describes (set by hand)."""
_LONGEST_CHAIN, _CHAIN_TOKENS = 4, 200
"""Most pronouns that a pronoun is followed back by, and most tokens between two of them (set by hand: they bound the search)."""

_RIVAL_TOKENS = 80
"""Tokens before a pronoun within which a noun that is no actor can stand for it."""

# Salience after Lappin and Leass 1994: recency by sentence (their halving is linear here), subject emphasis, head emphasis.
_SENTENCE, _SUBJECT, _HEAD, _OTHER_PARAGRAPH = 1.0, 1.2, 0.3, 1.5


def _salience(
    index: _Index, token: Token, mention: ActorMention, root: Token, paragraph: int, sentence: int
) -> float:
    distance = 0.0 if mention.start >= sentence else 1.0 + (sentence - mention.start) / 400.0
    score = -_SENTENCE * distance
    if _is_subject(root):
        score += _SUBJECT
    elif root.dep_ not in ("compound", "nmod:poss", "amod", "flat"):
        score += _HEAD
    if _paragraph(index, mention.start) != paragraph:
        score -= _OTHER_PARAGRAPH
    return score


def _rival(doc: Doc, token: Token, floor: int) -> tuple[float, Token] | None:
    """Return the nearest subject noun before `token` that is no actor but agrees with it, with its salience."""
    sentence = token.sent.start
    t = Tokens.of(doc)
    minds_only = (
        token.lower_ in _THING and token.dep_ == "nsubj" and token.head.lemma_.lower() in _mental_verbs()
    )
    for i in range(token.i - 1, max(0, token.i - _RIVAL_TOKENS) - 1, -1):
        if t.start[i] < floor:
            return None
        if t.pos[i] != "NOUN" or not _is_subject(other := doc[i]):
            continue
        if other.head.i == token.head.i and token.dep_ != "nmod:poss":
            continue
        if minds_only and other.lower_ not in _words("org_head") | _words("org_cue"):
            continue  # "the price is $3 billion ... It expects"
        if not _noun_agrees(token.lower_, other):
            continue
        if actor_at(doc, other.idx, other.idx + len(other)) is not None or any(
            c.dep_ in ("appos", "flat") and c.pos_ == "PROPN" for c in other.children
        ):
            return None
        distance = 0.0 if i >= sentence else 1.0 + (doc[sentence].idx - other.idx) / 400.0
        return _SUBJECT - _SENTENCE * distance, other
    return None


def _noun_agrees(pronoun: str, noun: Token) -> bool:
    """Return whether a common noun agrees with a pronoun in number, and in being a person or a thing."""
    plural = noun.tag_ == "NNS" or any(c.dep_ == "conj" for c in noun.children)
    if plural != (pronoun in _PLURAL):
        return False
    person = noun.lemma_.lower() in _words("role") | _words("people")
    return plural or person != (pronoun in _THING)


def canonical_speaker(doc: Doc, start: int, end: int) -> tuple[str | None, str | None]:
    """Return (name, type) of the noun phrase `start`..`end` taken as a speaker.

    In this order: a pronoun's actor (for the first person the section's speaker, type `author`); the person
    named by the phrase or in apposition ("Gazprom spokesman Sergei Kupriyanov"); the actor at its head; the author
    of a work ("a report by X", and "the report" when X was named as its author); the actor that a definite noun takes
    up ("the company", "the president"); else the phrase itself without its determiner, possessive pronoun
    resolved, with the type NORP for a plural of people and None otherwise. (None, None) when nothing is left.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not span.text.strip():
        return None, None
    head = span.root
    if head.lower_ in _FIRST:
        section = extensions.document_of(doc).section_at(head.idx)
        return (section.speaker, "author") if section and section.speaker else (None, None)
    if head.lower_ in PRONOUNS:
        actor, noun = _resolve(doc, head)
        if noun is None:
            return (actor.name, actor.type) if actor else (None, None)
        phrase = [t.i for t in noun.subtree if t.i < head.i]
        span, head = doc[min(phrase) : max(phrase) + 1], noun
    elif head.pos_ in ("PRON", "DET") and len(span) == 1:
        return None, None
    actor = _named(doc, span, head) or _author_of_work(doc, span, head) or _taken_up(doc, span, head)
    if actor is not None:
        return actor.name, actor.type
    return _phrase(doc, span, head)


def _named(doc: Doc, span: Span, head: Token) -> Actor | None:
    """Return the actor that the phrase names: at its head or joined to it without a preposition, persons first."""
    found: Actor | None = None
    index = _index(doc)
    for mention in mentions_in(doc, span.start_char, span.end_char):
        root = _root(doc, mention)
        actor = index.actors.get(mention.actor_id)
        if root is None or actor is None or not _is_joined(root, head, span):
            continue
        if actor.type == "PERSON" and root.dep_ != "compound":
            return actor
        at_head = mention.start <= head.idx < mention.end
        if found is None and (at_head or root.dep_ == "appos"):
            found = actor
    if found is None:
        # A name outside all sections ("Sarah says:" above a comment) has no mention, but its actor may be known.
        found = index.by_alias.get(span.text.strip().casefold())
    return found


def _is_joined(token: Token, head: Token, span: Span) -> bool:
    for _ in range(6):
        if token.i == head.i:
            return True
        if token.dep_.partition(":")[0] not in ("appos", "flat", "compound", "nmod", "list", "parataxis"):
            return False
        if token.dep_ == "nmod:poss" or any(c.dep_ == "case" for c in token.children):
            return False
        token = token.head
        if not span.start <= token.i < span.end:
            return False
    return False


def _author_of_work(doc: Doc, span: Span, head: Token) -> Actor | None:
    """Return the actor behind a work: "a report by X", "X figures", and "the report" after "X released a report"."""
    lemma = head.lemma_.lower()
    if lemma not in _words("work"):
        return None
    own = _maker(doc, head)
    if own is not None:
        return own
    definite = any(c.lower_ in ("the", "this") and c.dep_ == "det" for c in head.children)
    # Backwards first; a report may also be named with its author only after its first mention.
    before = range(head.i - 1, max(-1, head.i - WINDOW) if definite else head.i - 1, -1)
    after = range(head.i + 1, min(len(doc), head.i + WINDOW // 3))
    for i in (*before, *after):
        token = doc[i]
        if token.pos_ == "NOUN" and token.lemma_.lower() == lemma:
            maker = _maker(doc, token)
            if maker is not None:
                return maker
    return None


def _maker(doc: Doc, noun: Token) -> Actor | None:
    """Return the author whom the clause of a work names: "X's report", "a report by X", "X published a report"."""
    for child in noun.children:
        actor = _maker_in(doc, child)
        if actor is not None:
            return actor
    following = noun.i + 1
    if following < len(doc) and doc[following].lower_ in ("by", "from"):
        # The parser may hang the preposition somewhere else.
        place = doc[following].idx
        near = [m for m in mentions_in(doc, place, place + 12) if m.label in ("ORG", "PERSON")]
        if near:
            return _index(doc).actors.get(near[0].actor_id)
    return _publisher(doc, noun)


def _publisher(doc: Doc, noun: Token) -> Actor | None:
    """Return who published a work by the verb that says so: "X released a report", "the report was released by X"."""
    if noun.head.lemma_.lower() not in _words("publish"):
        return None
    if noun.dep_ == "obj":
        found = [c for c in noun.head.children if c.dep_ == "nsubj"]
    else:
        found = [c for c in noun.head.children if noun.dep_ == "nsubj:pass" and _is_agent(c)]
    return _actor_of(doc, found[0]) if found else None


def _maker_in(doc: Doc, child: Token) -> Actor | None:
    """Return the author that a dependent of a work names: its owner, "by X", "released by X"."""
    relation = child.dep_
    if relation in ("acl", "acl:relcl"):
        agents = (_actor_of(doc, c) for c in child.children if _is_agent(c))
        return next((actor for actor in agents if actor is not None), None)
    cases = {c.lower_ for c in child.children if c.dep_ == "case"}
    by = relation in ("nmod", "obl", "obl:agent") and cases & {"by", "from", "of"}
    if by or relation in ("compound", "nmod:poss") or (relation == "nmod" and not cases):
        actor = _actor_of(doc, child)
        return actor if actor is not None and actor.type in ("ORG", "PERSON") else None
    return None


def _actor_of(doc: Doc, token: Token) -> Actor | None:
    return actor_at(doc, token.idx, token.idx + len(token))


def _is_agent(token: Token) -> bool:
    return token.dep_ in ("obl", "obl:agent") and any(c.lower_ == "by" for c in token.children)


def _taken_up(doc: Doc, span: Span, head: Token) -> Actor | None:
    """Return the actor that a bare definite noun takes up: "the ministry", "the company", "the president"."""
    if not _is_bare_definite(span, head):
        return None
    word = head.lower_
    actors = _index(doc).actors
    floor = doc[max(0, head.i - WINDOW)].idx
    earlier = [m for m in _antecedents(doc, floor, head.idx) if m.actor_id in actors]
    if word in _words("role"):
        people = (m for m in reversed(earlier) if m.label == "PERSON")
        return next((actors[m.actor_id] for m in people if _has_role(doc, m, actors[m.actor_id], word)), None)
    if word in _words("org_head"):
        organisations = (a for m in reversed(earlier) if (a := actors[m.actor_id]).type == "ORG")
        same = next((a for a in organisations if _has_word(a, word)), None)
        if same is not None:
            return same
    if word in _words("org_cue") or word in ("fund", "institute"):
        return _only_organisation(doc, head, earlier)
    return None


def _is_bare_definite(span: Span, head: Token) -> bool:
    """Return whether the phrase is "the" and a noun in the singular."""
    words = [t for t in span if not _is_mark(t)]
    return len(words) == 2 and words[0].lower_ == "the" and words[1].i == head.i and head.tag_ != "NNS"


def _has_word(actor: Actor, word: str) -> bool:
    return any(word in alias.lower().split() for alias in (actor.name, *actor.aliases))


def _only_organisation(doc: Doc, head: Token, earlier: Sequence[ActorMention]) -> Actor | None:
    """Return the organisation named from the paragraph before on, where there is one; owners named in passing do not count."""
    index = _index(doc)
    paragraph = index.paragraphs[max(0, _paragraph(index, head.idx) - 1)]
    named = [m for m in earlier if m.label == "ORG" and m.start >= paragraph]
    near = {m.actor_id for m in named}
    if len(near) > 1:
        roots = ((m, _root(doc, m)) for m in earlier if m.actor_id in near and m.start >= paragraph)
        near = {m.actor_id for m, root in roots if root is None or _described(doc, root) is None}
    return index.actors[near.pop()] if len(near) == 1 else None


def _has_role(doc: Doc, mention: ActorMention, actor: Actor, role: str) -> bool:
    if any(alias.lower().startswith(f"{role} ") for alias in actor.aliases):
        return True
    root = _root(doc, mention)
    if root is None:
        return False
    around = [root.head, *root.children]
    before = bisect_left([t.idx for t in root.sent], mention.start) - 1
    if before >= 0:
        around.append(root.sent[before])
    return any(t.lower_ == role and abs(t.i - root.i) <= 8 for t in around)


def _phrase(doc: Doc, span: Span, head: Token) -> tuple[str | None, str | None]:
    """Return the phrase in its own words: no article, no relative clause, its possessive pronoun resolved."""
    first, last = _core(doc, span, head)
    owner = resolve_pronoun(doc, first) if doc[first].lower_ in _POSSESSIVE and first < head.i else None
    body = first + (owner is not None)
    text = " ".join(doc[body:last].text.split())
    named = doc[first].pos_ == "PROPN" or bool(doc[first].ent_type_)
    if owner is not None:
        text = f"{owner.name}'s {text}"
    elif not named and text[:1].isupper() and text[1:2].islower():
        text = text[0].lower() + text[1:]
    people = head.tag_ == "NNS" and head.lemma_.lower() in _words("people") | _words("role")
    return (text or None), ("NORP" if people else None)


def _core(doc: Doc, span: Span, head: Token) -> tuple[int, int]:
    """Return the tokens of a phrase without article, what a comma or relative pronoun opens, and a stray preposition."""
    first, last = span.start, span.end
    while first < head.i and (doc[first].lower_ in _DETERMINERS or _is_mark(doc[first])):
        first += 1
    last = next((i for i in range(head.i + 1, last) if _ends_phrase(doc[i])), last)
    while last > first + 1 and (_is_mark(doc[last - 1]) or doc[last - 1].pos_ == "ADP"):
        last -= 1
    return first, last


def _is_mark(token: Token) -> bool:
    return token.is_space or token.is_punct


def _ends_phrase(token: Token) -> bool:
    if token.is_punct:
        return token.text in _PHRASE_ENDS
    relative = token.lower_ in ("who", "which", "that", "whose") and token.dep_ != "det"
    return relative or token.dep_ == "acl:relcl"


_PHRASE_ENDS = frozenset({",", "(", ";", ":", "–", "—", '"', "“"})
