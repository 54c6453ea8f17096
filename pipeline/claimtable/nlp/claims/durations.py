"""Which lengths of time are asserted: "valid for 30 days", "a three-day meeting"; not "over five years".

A length of time that only dates something ("in the past ten years", "two years ago") is no claim.
"""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.levels import LEVEL_CASES, moves
from claimtable.nlp.claims.subjects.place import mean_of
from claimtable.schema import Quantity

_COUNTED_FROM = frozenset(["after", "before"])
_ARTICLES = frozenset(["a", "an", "another", "each", "every"])


def interval_case(ctx: Context, q: Quantity) -> int | None:
    """Return the token that ties a length of time to what it is counted from: "73 seconds after liftoff", "4 days behind last year".

    None where nothing is named behind it ("two days after", "three years ago").
    """
    t = ctx.t
    case = t.range(q.start, q.end)[1]
    if q.dimension != "time" or case + 1 >= t.n or t.sent[case] != t.sent[case - 1]:
        return None
    word, after = t.lower[case], case + 1
    if word == "ahead":
        return case if t.lower[after] == "of" else None
    if word == "behind":
        return case if t.pos[after] not in ("PUNCT", "CCONJ") else None
    if word not in _COUNTED_FROM or t.pos[after] in ("PUNCT", "CCONJ", "ADP", "AUX") or ctx.is_time(after):
        return None
    return case if _is_exact(ctx, q, case) else None


def _is_exact(ctx: Context, q: Quantity, case: int) -> bool:
    """Return whether no day follows from it: "nine months after she had begun", not "two days after 4 May"."""
    around = ctx.times_over(q.start, ctx.t.end[case + 1])
    return q.value is not None and all(x.time_start is None for x in around)


def is_measured_duration(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether a length of time is asserted, and does not only say when or how long ago.

    Args:
        ctx: the document.
        q: the length of time.
        head: the token that connects it to its sentence.
    """
    if interval_case(ctx, q) is not None:
        return True
    around = ctx.times_over(q.start, q.end)
    if _is_stretch(ctx, q, head):
        return False
    is_object = ctx.t.rel[head] == "obj"
    if any(x.type != "DURATION" or (x.time_end is not None and not is_object) for x in around):
        return False
    return (
        _is_level(ctx, q, head)
        or _is_of_noun(ctx, head)
        or _is_before_noun(ctx, q, head)
        or _is_beside_name(ctx, q, head)
        or _lasts(ctx, q, head)
        or _is_further(ctx, q, head)
    )


def _is_stretch(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether it is the stretch that something moved over: "fell over one year", "the 12 months to May"."""
    t = ctx.t
    end = t.range(q.start, q.end)[1]
    closing = end + 1 < t.n and t.lower[end] in ("to", "ending", "ended") and ctx.is_time(end + 1)
    closed = closing and end + 1 not in ctx.measured  # not "from 32 weeks to 26 weeks"
    return closed or (q.text.lower().startswith("over ") and moves(ctx, t.head[head]))


def _is_level(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether it is what its subject amounts to: "averaged 31 weeks", "Average delay: 4.2 days"."""
    t = ctx.t
    first, rel, governor = t.at(q.start), t.rel[head], t.head[head]
    if first and t.text[first - 1] == ":":
        return True
    if t.pos[head] == "VERB":
        return True  # "averaged 31 weeks": the verb is part of the figure
    if rel in ("obj", "nsubj", "root") or syntax.child(t, head, "cop") is not None:
        return True
    if t.dep[head] == "obl:unmarked" and t.lemma[governor] in ctx.nouns.amount:
        return True  # "which averaged 31 weeks"
    case = syntax.case_word(t, head)
    if q.value is None and rel == "obl" and t.lower[first - 1 if first else 0] == "from":
        return True  # "sentences run from 2 to 10 years"
    if rel not in ("obl", "nmod") or case not in LEVEL_CASES:
        return False
    return bool(q.direction or q.change) or moves(ctx, governor)  # "waits went from 4 hours to 6 hours"


def _is_of_noun(ctx: Context, head: int) -> bool:
    """Return whether a noun or comparative has it: "a delay of two hours", "two years older"."""
    t = ctx.t
    rel, governor = t.rel[head], t.head[head]
    if mean_of(ctx, head) is not None or (rel == "nmod" and t.lemma[governor] in ctx.nouns.mean):
        return True
    if rel == "nmod" and t.lemma[governor] in ctx.nouns.lasting and syntax.case_word(t, head) == "of":
        return True
    return rel in ("obl", "advmod", "nmod") and t.tag[governor] in ("JJR", "RBR")


def _is_before_noun(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether a thing is so long: "a 5-year drought", "another two-year run"."""
    t = ctx.t
    noun = t.head[head]
    if t.rel[head] not in ("compound", "amod", "nmod", "nummod") or noun < head or t.pos[noun] != "NOUN":
        return False
    if t.lemma[noun] in ctx.nouns.lasting:
        return True  # "a sentence of ten years imprisonment"
    if t.lemma[noun] in ctx.nouns.statistic or t.rel[head] not in ("compound", "amod"):
        return False
    before = t.at(q.start) - 1
    article = next((c for c in t.children[noun] if t.rel[c] == "det"), before)
    return t.lower[article] in _ARTICLES


def _is_beside_name(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether it stands alone in brackets behind a name: "Malta (28 days), Cyprus (60 days)"."""
    t = ctx.t
    first, end = t.range(q.start, q.end)
    if not 1 < first < end < t.n or t.text[first - 1] != "(" or t.text[end] != ")":
        return False
    return t.pos[first - 2] in ("PROPN", "NOUN")


def _lasts(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether it says how long its verb goes on: "valid for 30 days", "wait six months"."""
    t = ctx.t
    rel, governor, case = t.rel[head], t.head[head], syntax.case_word(t, head)
    if rel not in ("obl", "nmod") or q.role != "quantity":
        return False
    if case == "for" and any(t.lemma[c] == "have" for c in syntax.auxiliaries(t, governor)):
        return True  # "the talks have been going on for 14 months": how long, up to now
    if t.lemma[governor] in ctx.nouns.lasting and case in ("to", "by", "for"):
        return True  # "sentenced to 18 months", "delayed by two hours"
    if _is_of_people_unnamed(ctx, governor):
        return False
    if t.lemma[governor] in ctx.nouns.lasting and t.pos[governor] == "VERB":
        return True  # "lasting up to ten years"
    if case == "for" or (case == "after" and rel == "obl"):
        return t.lemma[governor] not in ctx.nouns.statistic
    unmarked = not case and rel == "obl" and t.pos[governor] == "VERB" and governor < head
    return unmarked and not _is_counted_from(ctx, head)


def _is_of_people_unnamed(ctx: Context, verb: int) -> bool:
    """Return whether a pronoun for people is a verb's subject: "they stayed two weeks" measures nothing."""
    who = syntax.subject(ctx.t, verb) if ctx.t.pos[verb] == "VERB" else None
    return who is not None and ctx.t.tag[who] == "PRP" and ctx.t.lower[who] != "it"


def _is_counted_from(ctx: Context, head: int) -> bool:
    """Return whether it is counted from somewhere: "two days earlier", "three years before the war"."""
    t = ctx.t
    behind = next((i for i in range(head + 1, min(t.n, head + 3)) if t.pos[i] != "SPACE"), None)
    return behind is not None and t.lower[behind] in ctx.nouns.counted_from


def _is_further(ctx: Context, q: Quantity, head: int) -> bool:
    """Return whether it is one more of a series: "for the third successive year", "by two further years"."""
    t = ctx.t
    rel, case = t.rel[head], syntax.case_word(t, head)
    in_series = any(t.lower[c] in ctx.nouns.sequence for c in t.children[head])
    return rel in ("obl", "nmod") and case in ("for", "by", "to", "at") and in_series
