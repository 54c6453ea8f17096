"""The time that a claim is about: the one its own clause names, else its sentence's.

What the paragraph goes on with is the caller's last resort; a time is never made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.nouns import is_set_off
from claimtable.schema import TimeExpression

_BREAKS = frozenset([",", ";", ":", "(", ".", "?", "!"])
_COMPARING = frozenset(["than", "versus", "compared"])
_RECORDS = frozenset(["first", "record", "last"])
MAX_COMPARED = 8
"""Tokens before a time among which the word of comparison stands (set by hand: it bounds the search)."""


def claim_time(
    ctx: Context, sentence: Sentence, first: int, end: int, head: int, figures: Sequence[tuple[int, int]]
) -> TimeExpression | None:
    """Returns the time expression of a figure, or None when its sentence names none.

    Args:
        ctx: the document.
        sentence: the sentence of the figure.
        first: token range of the figure, start.
        end: token range of the figure, end.
        head: the token that connects the figure to the sentence.
        figures: token ranges of all figures of the sentence.
    """
    t = ctx.t
    low, high = t.start[sentence.start], t.end[sentence.end - 1]
    candidates = []
    attribution = ctx.attribution_at(t.start[first])
    for x in ctx.times_in(low, high):
        if x.time_start is None or x.type == "SET":
            continue
        a, b = t.range(x.start, x.end)
        if a < end and first < b:
            continue
        if x.type == "DURATION" and x.preposition not in ("in", "during", "over", "for", "within"):
            continue
        inside = attribution is None or any(
            s <= x.start < e for part in (attribution.content, attribution.source) for s, e in part
        )
        if inside:
            candidates.append((x, a, b))
    candidates = [c for c in candidates if not _is_compared(ctx, c[1], first, end)]
    if is_set_off(ctx, first, end):
        # "the subsidy, currently $22 million a year, before the vote in 2027": what stands between the commas alone
        candidates = [c for c in candidates if first - 2 <= c[1] <= end]
    candidates = [
        c
        for c in candidates
        if not _of_another_clause(ctx, c[0], syntax.span_root(t, *c[1:]), head)
        and not _opens_next_clause(ctx, c[1], syntax.span_root(t, *c[1:]), head)
        and ctx.base_before(c[1]) in (None, first)
    ]
    if not candidates:
        return None
    later = sorted((f for f in figures if f[0] >= end), key=lambda f: f[0])
    earlier = [f for f in figures if f[1] <= first]
    until = later[0][0] if later else sentence.end
    clause = syntax.clause_head(t, head)

    def rank(item: tuple[TimeExpression, int, int]) -> tuple[int, int]:
        _, a, b = item
        root = syntax.span_root(t, a, b)
        distance = a - end if a >= end else first - b
        path = syntax.path_to(t, root, head)
        if path is not None and not any(
            s <= i < e for i in path[:-1] for s, e in figures if (s, e) != (first, end)
        ):
            return (0, distance)
        if end <= a < until and len(figures) > 1 and a - end <= 3:
            return (1, distance)
        same = syntax.clause_head(t, root) == clause
        if len(figures) > 1 and earlier and a < earlier[-1][0] and not same:
            return (4, distance)
        if same:
            # with several figures, a time between two others belongs to one of them
            owned = any(e <= a and a - e <= 2 for s, e in figures if (s, e) != (first, end))
            return (3 if owned else 2, distance)
        return (5, distance)

    best = min(candidates, key=rank)[0]
    if best.range_start is None:
        return _up_to_now(ctx, best)
    ends = [x for x, _, _ in candidates if (x.range_start, x.range_end) == (best.range_start, best.range_end)]
    before = t.lower[first - 1] if first > sentence.start else ""
    if before not in ("from", "to") or ends[0].type == "DURATION":  # "the year to Dec. 31" has no two ends
        return _whole_range(ctx, ends)
    if before == "from":
        # "doubled between 2019 and 2023, from $6 million to $13 million": where it comes from is the beginning
        return next((x for x in ends if x.time_start == x.range_start), best)
    return best


def _up_to_now(ctx: Context, time: TimeExpression) -> TimeExpression:
    """Returns "since January" as the time from then until the article appeared; any other time, or one without that day, as it is."""
    published = ctx.document.published
    if time.preposition != "since" or published is None or time.time_start is None or time.type == "DURATION":
        return time
    return replace(time, time_end=published) if published > time.time_start else time


def _whole_range(ctx: Context, ends: Sequence[TimeExpression]) -> TimeExpression:
    """Returns "from 2009 to 2011" for its ends."""
    one, other = ends[0], ends[-1]
    return replace(
        one, end=other.end, text=ctx.text[one.start : other.end],
        time_start=one.range_start, time_end=one.range_end,
    )  # fmt: skip


def _is_compared(ctx: Context, time: int, first: int, end: int) -> bool:
    """Tells whether the time at the token `time` belongs to what a figure outside is compared with: "2 percent less than in 2022".

    Args:
        ctx: the document.
        time: the first token of the time expression.
        first: token range of the figure, start.
        end: token range of the figure, end.
    """
    t = ctx.t
    for i in range(time - 1, max(-1, time - 1 - MAX_COMPARED), -1):
        if first <= i < end or t.pos[i] == "SPACE" or t.text[i] in _BREAKS:
            return False
        if t.lower[i] in _COMPARING or (t.lower[i] == "as" and t.pos[i + 1] == "ADP"):
            return i >= end or time < first
        if t.lower[i] in _RECORDS or t.tag[i] in ("JJS", "RBS"):
            return t.lower[time - 1] == "since"  # "the lowest take since 1988"
    return False


def _opens_next_clause(ctx: Context, time: int, root: int, head: int) -> bool:
    """Tells a time at the head of the clause after the figure's: "… to 58 kg, and by 2030 we want …".

    Args:
        ctx: the document.
        time: the first token of the time expression.
        root: its root token.
        head: the token that connects the figure to the sentence.
    """
    t = ctx.t
    clause = syntax.clause_head(t, root)
    who = syntax.subject(t, clause)
    return (
        t.rel[clause] in ("conj", "parataxis")
        and clause != syntax.clause_head(t, head)
        and who is not None
        and head < time < who
        and syntax.path_to(t, head, clause) is None
    )


def _of_another_clause(ctx: Context, time: TimeExpression, root: int, head: int) -> bool:
    """Tells whether a time says when something else was: when it was said, or what a relative clause adds.

    Args:
        ctx: the document.
        time: the time expression.
        root: its root token.
        head: the token that connects the figure to the sentence.
    """
    t = ctx.t
    clause = syntax.clause_head(t, root)
    above = {head, *t.ancestors(head)}
    node = root
    while node not in above and t.head[node] != node:
        if syntax.has_to(t, node):
            # "it has cut 450 jobs and aims to save 30 million by 2027", "$640 million, enough to fund it into 2024"
            return True
        node = t.head[node]
    if syntax.path_to(t, head, clause) is None:
        own = syntax.clause_head(t, head)
        if t.dep[own] == "acl:relcl" and syntax.path_to(t, root, own) is None:
            return True  # "the firm, which employs 500, aims to grow by 2027"
        return t.dep[clause] == "acl:relcl"
    return t.head[root] == clause != syntax.clause_head(t, head) and ctx.reports(clause)
