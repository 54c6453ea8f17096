"""What a number of things counts: the things, with what their sentence says of them, so that the number holds for that subject."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import people
from claimtable.nlp.claims.subjects.clauses import PARTICIPANTS, TARGET_CASES, of_clause
from claimtable.nlp.claims.subjects.nouns import LEVEL_CASES, NAMES
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import MAX_TOKENS, Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, with_possessor
from claimtable.nlp.claims.subjects.wording import phrase_of, without_leading_time

LONG_WHOLE = 3
"""Words of a whole that says enough by itself: "all inland waterway freight"."""
MAX_CLAUSE = 10
"""Tokens of the relative clause that a subject takes in, at most: a longer one tells a story."""
_NOT_TAKEN = frozenset(["money", "count", None, "factor"])
"""Dimensions of figures that are no part of what their verb takes."""
_CONTENT = frozenset(["NOUN", "PROPN", "ADJ", "VERB", "ADV"])
_MEMBERS = frozenset(["conj", "amod"])
"""Relations of what a comma joins to more of its kind: "roads, bridges and schools"."""
_FREE_RELATIVES = frozenset(["what", "whatever", "whoever"])
_QUOTES = frozenset('"“”')


def taken(
    ctx: Context,
    place: Place,
    base: int,
    verb: int | None,
    drop: Collection[int],
    whole: Subject,
    memory: Memory,
) -> Subject:
    """Return the whole of a share or measure, with who takes it: "vote that the Greens won" of "the Greens won 31 % of the vote"."""
    t = ctx.t
    if place.quantity.dimension == "share" and verb is not None and t.lemma[verb] in ctx.nouns.compose:
        return _share_of(ctx, base, verb, drop, whole, memory)
    if (
        place.quantity.dimension in _NOT_TAKEN
        or verb is None
        or t.pos[verb] != "VERB"
        or t.rel[base] != "obj"
        or whole.text is None
        or len(whole.text.split()) > LONG_WHOLE
    ):
        return whole
    who = syntax.subject(t, verb)
    if who is None or place.holds(who) or t.lower[who] in PARTICIPANTS or t.pos[who] == "PRON":
        return whole
    owner = finish(ctx, who, drop, verb, memory)
    if owner.text is None:
        return whole
    # "Moscow wrote off 90 percent of it": a pronoun is not its clause's subject, whatever it was taken for.
    what = "what" if whole.text == owner.text else f"{whole.text} that"
    return replace(whole, text=f"{what} {owner.text} {_predicate_words(ctx, who, verb)}")


def _share_of(
    ctx: Context, base: int, verb: int, drop: Collection[int], whole: Subject, memory: Memory
) -> Subject:
    """Return whose share a figure is, and of what: "services' share of output" of "services make up 70 percent of output"."""
    t = ctx.t
    who = syntax.subject(t, verb)
    if t.rel[base] not in ("obj", "obl") or who is None or who in ctx.measured or whole.text is None:
        return whole
    relative = t.dep[verb] == "acl:relcl" and t.pos[who] == "PRON"
    owner = finish(ctx, t.head[verb] if relative else who, {*drop, verb}, verb, memory)
    if owner.text is None or owner.text == whole.text:
        return whole
    if len(owner.text.split()) > LONG_WHOLE + 1:
        return replace(owner, predicate=verb)  # who has the share says enough
    ending = "'" if owner.text.endswith("s") else "'s"
    return replace(whole, text=f"{owner.text}{ending} share of {whole.text}")


def counted(ctx: Context, place: Place, drop: Collection[int], verb: int | None, memory: Memory) -> Subject:
    """Return the thing counted, told more closely by what is said of it when the noun alone says little."""
    t = ctx.t
    noun = place.head
    phrase = without_leading_time(ctx, phrase_of(ctx, noun, drop), noun)
    if _is_whole(ctx, place):
        inside = [i for i in phrase if i >= place.first]
        return Subject(syntax.text_of(t, ctx.text, inside) or None, noun, verb)
    if len(phrase) <= LONG_WHOLE:
        phrase += _restricting(ctx, noun, phrase[-1])
    text = with_possessor(ctx, phrase, syntax.text_of(t, ctx.text, phrase), memory)
    if t.lemma[noun] in ctx.nouns.measure | ctx.nouns.anaphor and len(phrase) < 3 and verb is not None:
        who = syntax.subject(t, verb)
        if who is not None and who != noun and t.lower[who] not in PARTICIPANTS:
            return finish(ctx, who, drop, verb, memory)
    holder = _holder(ctx, noun, verb) if len(phrase) == 1 else None
    if holder is not None and not place.holds(holder):
        owner = finish(ctx, holder, [*drop, *t.subtree(noun)], verb, memory)
        if owner.text and owner.resolved:
            return Subject(f"{text} of {owner.text}", noun, verb, core=text)
    if verb is None or verb == noun or t.pos[verb] != "VERB":
        return Subject(text or None, noun, verb)
    if _is_level(ctx, place, verb):
        held = of_clause(ctx, place, noun, drop, verb, memory)
        if held is not None:
            return held
    told = len(phrase) > LONG_WHOLE and any(t.pos[i] == "VERB" for i in phrase)
    long = sum(t.pos[i] in _CONTENT for i in phrase) > LONG_WHOLE and t.lemma[noun] not in people()
    if told or long:
        return Subject(text, noun, verb)  # "the cars registered here" says enough
    if t.rel[noun] == "obj":
        said = said_by(ctx, noun, drop, verb, memory)
        if said is not None:
            return Subject(f"{text} {said}", noun, verb, core=text)
    elif (
        t.rel[noun] == "nsubj"
        and t.lemma[verb] != "be"
        and not any(t.tag[c] == "MD" for c in t.children[verb])
    ):
        return Subject(
            f"{text} {relative(ctx, t.lemma[noun] in people(), noun, verb)}", noun, verb, core=text
        )
    return Subject(text, noun, verb)


def _is_whole(ctx: Context, place: Place) -> bool:
    """Recognise the second number of "12 of 50 states", which counts all of them."""
    t, of = ctx.t, place.first - 1
    return of > 0 and t.lower[of] == "of" and t.pos[of - 1] == "NUM"


def said_by(ctx: Context, noun: int, drop: Collection[int], verb: int, memory: Memory) -> str | None:
    """Return what the subject of the verb does to the things that are its object: "that Labour won"; None where nobody is named."""
    t = ctx.t
    who = syntax.subject(t, verb)
    if (
        who is None
        or who == noun
        or (t.rel[verb] in ("acl", "advcl") and syntax.has_to(t, verb))  # "plans to hire 300 people"
        or (t.tag[verb] == "VBG" and not syntax.auxiliaries(t, verb))  # "stations using 300 machines"
        or t.lower[who] in PARTICIPANTS
    ):
        return None
    actor = finish(ctx, who, drop, verb, memory)
    return f"that {actor.text} {_predicate_words(ctx, who, verb)}" if actor.text else None


def _holder(ctx: Context, noun: int, verb: int | None) -> int | None:
    """Return who has the counted things of "with": "a company with 14 trains", "the Greens came second with 12 seats"."""
    t = ctx.t
    if syntax.case_word(t, noun) != "with":
        return None
    if t.rel[noun] == "nmod" and t.pos[t.head[noun]] in NAMES and t.head[noun] < noun:
        return t.head[noun]
    if t.rel[noun] != "obl" or verb is None or syntax.child(t, verb, "obj") is not None:
        return None
    who = syntax.subject(t, verb)
    return who if who is not None and t.lower[who] not in PARTICIPANTS else None


def restricted(ctx: Context, place: Place) -> str | None:
    """Return those that a share takes together by what they do: "those who chose the other one" of "21 percent who chose … paid"."""
    t = ctx.t
    clause = next((c for c in t.children[place.head] if t.dep[c] == "acl:relcl"), None)
    if clause is None or t.lower[place.end] not in ("who", "that"):
        return None
    verb = t.head[place.head]
    end = verb if t.rel[place.head] == "nsubj" and verb > place.end else t.subtree(clause)[-1] + 1
    inside = list(range(place.end, end))[:MAX_TOKENS]
    comma = next((k for k, i in enumerate(inside) if t.text[i] == ","), len(inside))
    inside = inside[:comma]
    while inside and t.pos[inside[-1]] in ("AUX", "ADV", "PUNCT", "PART"):
        inside.pop()
    told = syntax.text_of(t, ctx.text, inside, determiner=True)
    return f"those {told}" if len(inside) > 1 else None


def respondents(ctx: Context, place: Place, verb: int) -> Subject:
    """Return those that a share is of by what they do, where nothing names them: "those who said that it made no difference"."""
    t = ctx.t
    apart = {
        i
        for c in t.children[verb]
        if t.rel[c] in ("conj", "parataxis", "advcl", "cc") and c > verb
        for i in t.subtree(c)
    }
    inside = [i for i in t.subtree(verb) if i >= place.end and i not in apart and t.text[i] not in _QUOTES]
    comma = next((k for k, i in enumerate(inside) if t.text[i] == ","), len(inside))
    inside = inside[: comma if comma > 1 else len(inside)]
    while inside and t.pos[inside[-1]] == "PUNCT":
        inside.pop()
    told = syntax.text_of(t, ctx.text, inside[:MAX_TOKENS], determiner=True)
    return Subject(f"those who {told}", None, verb, resolved=False, told=True)


def _restricting(ctx: Context, noun: int, last: int) -> list[int]:
    """Return the tokens of the relative clause right behind a counted noun: "people who suffered heart attacks"."""
    t = ctx.t
    clause = next((c for c in t.children[noun] if t.dep[c] == "acl:relcl"), None)
    if clause is None:
        return []
    out: list[int] = []
    for i in t.subtree(clause):
        if i <= last or t.pos[i] == "PUNCT" or (ctx.is_time(i) and out):
            break
        if i != last + 1 + len(out):
            break
        out.append(i)
    while out and t.pos[out[-1]] in ("ADP", "DET", "CCONJ", "ADJ"):
        out.pop()
    return out if len(out) > 1 and len(out) <= MAX_CLAUSE else []


def relative(ctx: Context, of_people: bool, subject: int, verb: int) -> str:
    """Return what is said of something as a relative clause: "who have signed a petition"; of a passive its participle.

    Args:
        ctx: the document.
        of_people: whether it is people, which asks for "who".
        subject: the subject of the verb: the noun, or the part that is taken from it.
        verb: what is said.
    """
    t = ctx.t
    if t.dep[subject] == "nsubj:pass":
        return said_of(ctx, verb)
    before = [
        c
        for c in t.children[verb]
        if subject < c < verb and (t.rel[c] == "aux" or t.lower[c] in ("not", "n't", "n’t", "never"))
    ]
    return " ".join(
        part
        for part in (
            "who" if of_people else "that",
            syntax.text_of(t, ctx.text, before, determiner=True),
            said_of(ctx, verb),
        )
        if part
    )


def _predicate_words(ctx: Context, who: int, verb: int) -> str:
    """Return a verb with its auxiliaries and its particle, an infinitive with its governor: "has turned up", "plans to buy"."""
    t = ctx.t
    words: list[int] = []
    link = verb
    while True:
        particles = [c for c in t.children[link] if t.dep[c] == "compound:prt" and c == link + 1]
        before = [
            c
            for c in t.children[link]
            if who < c < link
            and (t.rel[c] in ("aux", "compound") or (t.rel[c] == "mark" and t.lower[c] == "to"))
        ]
        words = [*before, link, *particles, *words]
        if t.rel[link] != "xcomp" or not syntax.has_to(t, link) or not who < t.head[link] < link:
            return syntax.text_of(t, ctx.text, words, determiner=True)
        link = t.head[link]


def _is_level(ctx: Context, place: Place, verb: int) -> bool:
    """Return how high something is, "stocks stood at 900 bags", "fell to 40 visitors", from things of their own."""
    t = ctx.t
    q = place.quantity
    return _stands_at_level(ctx, place) and (
        t.lemma[verb] in ctx.nouns.stand | ctx.nouns.change or q.change is not None or q.direction is not None
    )


def _stands_at_level(ctx: Context, place: Place) -> bool:
    """Return whether the counted noun stands behind a preposition of levels.

    In "fell 12 percent to 4.1 million passengers" parsers take the passengers for an object, or hang them on the percent.
    """
    t = ctx.t
    noun, before = place.head, place.first - 1
    if t.rel[noun] == "obl":
        return (syntax.case_word(t, noun) or t.lower[before]) in LEVEL_CASES
    loose = t.rel[noun] == "obj" or (t.rel[noun] == "nmod" and t.head[noun] in ctx.measured)
    return loose and t.rel[before] == "case" and t.lower[before] in TARGET_CASES


def said_of(ctx: Context, verb: int) -> str:
    """Return a verb with its first complement that is no time: "died of measles"."""
    t = ctx.t
    first = next(
        (
            c
            for c in t.children[verb]
            if t.rel[c] in ("obj", "obl", "xcomp")
            and c > verb
            and t.lower[c] not in _FREE_RELATIVES
            and t.pos[c] != "NUM"
            and not any(t.dep[g] in syntax.SUBJECTS for g in t.children[c])
            and not ctx.is_time(c)
            and not any(t.pos[i] == "NUM" and ctx.is_base(i) for i in t.subtree(c))
        ),
        None,
    )
    tail = [] if first is None else t.subtree(first)
    # "have an occupation, causing …", "leave their homes, with 40 in camps": what a comma cuts off is not said of the thing any more
    cut = next((i for i in tail if i > verb and t.text[i] == "," and t.rel[t.head[i]] not in _MEMBERS), None)
    if cut is not None:
        tail = tail[: tail.index(cut)]
    return syntax.text_of(t, ctx.text, [verb, *tail][:MAX_TOKENS], determiner=True)
