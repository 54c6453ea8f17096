"""Figures that are set against another one of their sentence: "up from 42", "£12 million more than planned"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.wording import phrase_of

Found = Sequence[tuple[Place, Subject]]
"""The figures of a sentence so far, in text order, with their subjects."""

_RELATIVE = frozenset(["share", "ratio", "factor"])
"""Dimensions that compare with a figure of any kind."""
_PLAIN = frozenset([None, "count"])
_OF_WHOLE = frozenset(["of"])
_LEVELS = frozenset(["from", "to"])
MAX_BACK = 24
"""Figures of the sentence that are looked at for the one that another is set against (set by hand: it bounds the search)."""
MAX_RESTATED = 7
"""Tokens before a figure among which it is said to restate the one before (set by hand: it bounds the search)."""
_HEDGES = frozenset(
    ["an", "a", "the", "about", "around", "roughly", "nearly", "almost", "some", "estimated", "approximately"]
)
"""Words between "equivalent to" and its figure."""
_RANKING = frozenset(["behind", "below", "above", "over", "under"])
_POINTING = frozenset(["those", "them", "these", "the"])
_PLACES = frozenset(["nmod", "obl", "orphan"])
"""Relations in which the second number says where it holds; without its noun the parser has no better one."""


def compared_with(ctx: Context, place: Place, sentence: Sentence, here: Found) -> Subject | None:
    """Return the subject of the earlier figure of the sentence that this one is set against, or None."""
    if here and _is_converted(ctx, place, here[-1][0]):
        return here[-1][1]
    if here and _is_restated(ctx, place, here[-1][0], sentence):
        return here[-1][1]
    if not (
        _is_other_level(ctx, place, sentence)
        or _is_difference(ctx, place, sentence)
        or _is_apposed_change(ctx, place)
        or _is_of_then(ctx, place, here)
    ):
        return None
    one, reached = place.quantity.dimension, place.first
    for other, subject in reversed(here[-MAX_BACK:]):
        two = other.quantity.dimension
        if any(ctx.t.dep[i] in syntax.SUBJECTS for i in range(other.end, reached)):
            return None  # "half of it is gas, and oil costs twice as much as coal": a clause of its own
        reached = min(reached, other.end)
        bare = one in _PLAIN and place.quantity.unit is None
        points = two == "share" and place.quantity.unit == "point"
        if subject.text and (one == two or one in _RELATIVE or bare or points):
            unit = (other.quantity.unit if bare else None) or subject.unit
            return replace(subject, unit=unit, dimension=two or subject.dimension)
    return None


def figure_of(ctx: Context, head: int, here: Found) -> Subject | None:
    """Return the subject of the earlier figure that the token `head` belongs to; the things that one counts are no part of it."""
    if head not in ctx.measured and ctx.t.lemma[head] not in ctx.nouns.measure:
        return None
    for other, subject in reversed(here):
        if other.holds(head) and (not other.counted or ctx.t.lemma[head] in ctx.nouns.measure):
            return subject
    return None


def counted_before(here: Found) -> Subject | None:
    """Return the last thing that the sentence has counted and named, None where there is none."""
    for other, subject in reversed(here):
        q = other.quantity
        if q.dimension in _PLAIN and subject.text and subject.head is not None:
            return subject if subject.unit else replace(subject, unit=q.unit)
    return None


def coordinated_with(ctx: Context, place: Place, here: Found) -> Subject | None:
    """Return what a bare number counts that is joined to a counted noun: "3.5 million drivers in America and 600,000 in Britain".

    Also the whole that a count is taken from, "76 votes of 141", some of it, "15,000 jobs, including 5,000 in Leeds", and what it is
    set against, "84 votes to 60".
    """
    t = ctx.t
    if here and _is_outcome(ctx, place, here[-1][0]):
        return replace(here[-1][1], unit=here[-1][0].quantity.unit)
    whole = (
        t.rel[place.head] == "nmod" and syntax.case_word(t, place.head) in _OF_WHOLE | ctx.nouns.example_case
    )
    if place.counted or not (whole or t.rel[place.head] == "conj"):
        return None
    first = t.head[place.head]
    for other, subject in reversed(here):
        same = other.quantity.dimension == place.quantity.dimension
        if same and t.head[other.head] == first and t.lemma[first] in ctx.nouns.change:
            return subject  # "growth of 2 percent this year and 1.9 percent next year"
        if same and t.head[other.head] == first and t.rel[other.head] == "obj" and _is_amount(ctx, place):
            return subject  # "costs $1.50 in Europe but $90 in America"
    counted = next((other for other, _ in reversed(here) if other.head == first and other.counted), None)
    if counted is None or place.quantity.unit is not None:
        return None
    own = [c for c in t.children[place.head] if c > place.head and t.rel[c] in _PLACES and not ctx.is_time(c)]
    behind = place.end if place.end < t.n and t.lower[place.end] in ctx.nouns.place_case else None
    if not own and behind is not None and t.rel[behind] == "case" and not ctx.is_time(t.head[behind]):
        own = [t.head[behind]]  # "5,000 in Leeds": right behind the figure, whatever the tree says
    theirs = frozenset(c for c in t.children[first] if t.rel[c] == "nmod") if own else frozenset()
    noun = phrase_of(ctx, first, [*counted.number_tokens(t), *theirs, place.head])
    words = [syntax.text_of(t, ctx.text, noun)]
    words += [syntax.text_of(t, ctx.text, t.subtree(c), determiner=True) for c in own]
    return Subject(" ".join(words), first, None, unit=counted.quantity.unit or t.lemma[first])


def _is_outcome(ctx: Context, place: Place, before: Place) -> bool:
    """Recognise the second number of "by 84 votes to 60"."""
    bare = not place.counted and place.quantity.unit is None and place.quantity.dimension in _PLAIN
    return bare and before.counted and before.end == place.first - 1 and ctx.t.lower[before.end] == "to"


def _is_amount(ctx: Context, place: Place) -> bool:
    """Recognise an amount that names nothing itself, so that it measures what the one before it does."""
    return not place.counted and ctx.t.pos[place.head] in ("SYM", "NUM") and place.quantity.unit is not None


def object_like(ctx: Context, place: Place, here: Found, found: Subject) -> Subject | None:
    """Give a bare number that is an object what the object before it counts: "hospitals cut 6,100 jobs, schools added 2,800"."""
    t = ctx.t
    if t.rel[place.head] != "obj" or found.text is None:
        return None
    before = ((other, subject) for other, subject in reversed(here) if t.rel[other.head] == "obj")
    other, subject = next(before, here[-1])
    unit = other.quantity.unit
    things = subject.core or subject.text
    if not other.counted or unit is None or not things or t.rel[other.head] != "obj":
        return None
    return replace(found, text=f"{things} that {found.text} {t.text[t.head[place.head]]}", unit=unit)


def level_with(ctx: Context, place: Place, here: Found, found: Subject) -> Subject:
    """Give a bare number the unit of the other level that its verb has: "lowered it to 11 million bags, from 13 million"."""
    t = ctx.t
    if t.rel[place.head] != "obl" or syntax.case_word(t, place.head) not in _LEVELS:
        return found
    for other, subject in reversed(here):
        q = other.quantity
        if q.unit and t.head[other.head] == t.head[place.head] and syntax.case_word(t, other.head) in _LEVELS:
            return replace(found, text=subject.text, unit=q.unit, dimension=q.dimension or "count")
    return found


def _is_converted(ctx: Context, place: Place, before: Place) -> bool:
    """Recognise the same amount in another unit, in brackets: "seven miles (11 km)"; not what makes it up, "30 jets (24 old ones)"."""
    if place.counted and before.counted:
        return False
    return before.end == place.first - 1 and ctx.t.text[before.end] in ("(", "[", "/")


def _is_restated(ctx: Context, place: Place, before: Place, sentence: Sentence) -> bool:
    """Return what the figure before amounts to in other terms: "2,336 children fell ill, or 16 percent", "equivalent to 2.4 % of GDP"."""
    t = ctx.t
    if before.quantity.dimension == place.quantity.dimension or before.end > place.first:
        return False
    words = t.lower[max(before.end, place.first - MAX_RESTATED) : place.first]
    while words and words[-1] in _HEDGES:
        words.pop()
    for size in (1, 2, 3):
        if (
            len(words) > size
            and words[-size - 1] in (",", "(")
            and " ".join(words[-size:]) in ctx.nouns.restated
        ):
            return (
                words[-1] != "or"
                or place.end >= sentence.end - 1
                or t.pos[place.end] == "PUNCT"
                or (t.lower[place.end] == "of" and t.lower[place.end + 1] in _POINTING)
            )
    return False


def _is_other_level(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Tell a level that another is compared with: "up from X", "compared with X", "against X"."""
    before = ctx.t.lower[max(sentence.start, place.first - 2) : place.first]
    return any(" ".join(before[k:]) in ctx.nouns.level for k in range(len(before)))


def _is_of_then(ctx: Context, place: Place, here: Found) -> bool:
    """Recognise the level of another time: "behind last year at 37 percent and 59 for the average"."""
    t, i = ctx.t, place.first - 1
    if i > 0 and t.lower[i] == "and" and here and place.end < t.n and t.lower[place.end] in ("for", "from"):
        return here[-1][0].end == i and _is_of_then(ctx, here[-1][0], ())
    if i < 2 or t.lower[i] != "at" or not ctx.is_time(i - 1):
        return False
    i -= 1
    while i > 0 and (ctx.is_time(i) or t.lower[i] in ("both", "the")):
        i -= 1
    return t.lower[i] in _RANKING or t.lower[i - 1 : i + 1] == ["ahead", "of"]


def _is_apposed_change(ctx: Context, place: Place) -> bool:
    """Recognise the movement that a figure amounts to: "a further $2 billion, an increase of 20 percent"."""
    t = ctx.t
    noun = t.head[place.head]
    return (
        t.lemma[noun] in ctx.nouns.change
        and t.rel[noun] in ("appos", "parataxis", "dep")
        and noun > t.head[noun]
        and not any(t.rel[c] == "nmod" and c != place.head for c in t.children[noun])
    )


def _is_difference(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Tell a difference, "12 percent more than …", "twice as many as …", from a figure with a noun of its own."""
    t = ctx.t
    tags, after = t.tag[place.end : sentence.end][:2], t.lower[place.end : sentence.end][:3]
    if tags[:1] in (["JJR"], ["RBR"]):
        return after[1:2] == ["than"]
    if t.text[place.first - 1] == "," and any(" ".join(after[:k]) in ctx.nouns.distance for k in (1, 2)):
        return True  # "it held 412,000 tonnes, 88,000 tonnes short of the minimum"
    return len(after) == 3 and after[0] == after[2] == "as"
