"""The time that a claim is about: the one its own clause names, else its sentence's.

What the paragraph goes on with is the caller's last resort; a time is never made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.nouns import is_set_off
from claimtable.nlp.lines import Candidate, choose
from claimtable.schema import Attribution, TimeExpression

_BREAKS = frozenset([",", ";", ":", "(", ".", "?", "!"])
_COMPARING = frozenset(["than", "versus", "compared", "against", "behind", "below", "above"])
_OPENING = frozenset(["(", "[", "+", "-", "−", "'s", "’s"])
"""Tokens between a time and the figure that is its own."""
_RECORDS = frozenset(["first", "record", "last"])
MAX_COMPARED = 8
"""Tokens before a time among which the word of comparison stands (set by hand: it bounds the search)."""


LINES = {
    "governing": 5.0,
    "right-behind": 4.0,
    "clause": 3.0,
    "clause-of-two": 2.0,
    "sentence-before": 1.0,
    "sentence": 0.0,
}
"""How a time stands to its figure → its weight: the time hangs on what the figure hangs on, stands right behind one of several figures,
in the figure's clause, there but beside another figure, before an earlier figure, or anywhere in the sentence. Of two the nearer wins."""
_PER_TOKEN = 1e-4
"""Weight that each token between figure and time takes off: less than lines differ by, in the longest sentence."""
_WIDER = -0.5
"""Weight that a time loses that holds another one: less than lines differ by."""
_CLOSE_BEHIND, _CLOSE_TO_OTHER = 3, 2
"""Tokens between a figure and a time of its own, and of another one's (set by hand)."""
_DURING = frozenset(["in", "during", "over", "for", "within"])
"""Prepositions that make a duration the time of what is said."""


@dataclass(frozen=True, slots=True)
class Timed:
    """The time of a figure, with the line that chose it."""

    time: TimeExpression
    line: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A time expression that may be the figure's. Token indices, half-open."""

    time: TimeExpression
    first: int
    end: int
    root: int


def claim_time(
    ctx: Context, sentence: Sentence, first: int, end: int, head: int, figures: Sequence[tuple[int, int]]
) -> Timed | None:
    """Return the time of a figure with the line that chose it, or None when its sentence names none.

    Args:
        ctx: the document.
        sentence: the sentence of the figure.
        first: token range of the figure, start.
        end: token range of the figure, end.
        head: the token that connects the figure to the sentence.
        figures: token ranges of all figures of the sentence.
    """
    owned = _right_before(ctx, first) or _compared_behind(ctx, first, end)
    for told, line in ((_told_by_when(ctx, sentence, head), "when"), (owned, "owner")):
        if told is not None:
            return Timed(told, line)
    around = list(_around(ctx, sentence, first, end))
    barred = {_range(x.time) for x in around if ctx.base_before(x.first) not in (None, first)} - {None}
    possible = [x for x in around if _range(x.time) not in barred and _may_be_of(ctx, x, first, head)]
    proposed = [_proposed(ctx, sentence, x, (first, end), head, figures) for x in possible]
    choice = choose([_less_if_wider(c, proposed) for c in proposed], cell="time", at=ctx.t.start[first])
    if choice is None:
        base = _compared_with(ctx, sentence, first)
        return Timed(base, "compared") if base is not None else None
    best = choice.winner.value
    found = _of_range(ctx, sentence, best, figures, first)
    return Timed(found or _up_to_now(ctx, best), choice.winner.line)


def _range(x: TimeExpression) -> tuple[date | None, date | None] | None:
    """Return the range that a time is an end of: "March" and "the 12 months" of "in the 12 months to March"."""
    return (x.range_start, x.range_end) if x.range_start is not None else None


def _around(ctx: Context, sentence: Sentence, first: int, end: int) -> Iterator[_Found]:
    """Yield the times of the sentence that say when, those of what somebody else says left out."""
    t = ctx.t
    attribution = ctx.attribution_at(t.start[first])
    set_off = is_set_off(ctx, first, end) and _is_timed_aside(ctx, first, end)
    for x in ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1]):
        a, b = t.range(x.start, x.end)
        if not _says_when(x) or (a < end and first < b) or _qualifies_noun(ctx, a, b):
            continue
        if set_off and not first - 2 <= a <= end:
            continue  # "the subsidy, currently $22 million a year, before the vote in 2027": what stands between the commas alone
        heard = attribution is None or _is_part_of(attribution, x.start)
        heard = (heard or _is_counted_over(ctx, x, a)) and not _owns_figure(ctx, x)
        if heard and not _is_compared(ctx, a, first, end) and not _is_baseline(ctx, x, a):
            yield _Found(x, a, b, syntax.span_root(t, a, b))


def _says_when(x: TimeExpression) -> bool:
    """Return whether a time has days, and is neither repeated nor a length that only says how long."""
    if x.time_start is None or x.type == "SET":
        return False
    return x.type != "DURATION" or x.preposition in _DURING


def _compared_with(ctx: Context, sentence: Sentence, first: int) -> TimeExpression | None:
    """Return the one time that a sentence compares with: "faster than in May (9 % after 8 %)"."""
    if not ctx.is_base(first):
        return None
    t = ctx.t
    times = ctx.times_in(t.start[sentence.start], t.start[first])
    compared = [x for x in times if x.type == "DATE" and _is_compared(ctx, t.at(x.start), t.n, t.n)]
    return compared[0] if len(compared) == 1 and compared[0].time_start is not None else None


def _qualifies_noun(ctx: Context, time: int, end: int) -> bool:
    """Return whether a time stands in brackets before a noun: "the five-year (2021–2025) average"."""
    t = ctx.t
    if end < t.n and t.text[end].startswith("="):
        return True  # "a level of 146.2 (1982-84=100)"
    bracketed = time > 0 and end + 1 < t.n and t.text[time - 1] == "(" and t.text[end] == ")"
    return bracketed and t.pos[end + 1] == "NOUN"


def _is_part_of(attribution: Attribution, offset: int) -> bool:
    """Return whether the code point is in what is said or in who says it."""
    return any(s <= offset < e for part in (attribution.content, attribution.source) for s, e in part)


def _is_timed_aside(ctx: Context, first: int, end: int) -> bool:
    """Return whether what stands between commas or brackets has a time of its own: "the subsidy, currently $22 million a year, …"."""
    t = ctx.t
    low, high = max(0, first - 3), min(t.n, end + 4)
    return any(
        True
        for x in ctx.times_in(t.start[low], t.end[high - 1])
        if x.type == "DATE" and _beside(ctx, x, first, end)
    )


def _beside(ctx: Context, x: TimeExpression, first: int, end: int) -> bool:
    """Return whether no comma or bracket stands between a time and a figure."""
    a, b = ctx.t.range(x.start, x.end)
    between = ctx.t.text[b:first] if b <= first else ctx.t.text[end:a]
    return not any(word in _BREAKS or word in ("-", "–", "—", ")") for word in between)


def _is_counted_over(ctx: Context, x: TimeExpression, time: int) -> bool:
    """Return whether a time dates the figures, whoever reports them: "as of 3 June", "between March and June"."""
    ranged = x.range_start is not None and ctx.t.lower[time - 1] in (
        "from",
        "between",
        "to",
        "and",
        "until",
        "through",
    )
    return ranged or is_as_of(ctx, time)


def is_as_of(ctx: Context, time: int) -> bool:
    """Return whether "as of" stands before the time at a token."""
    return ctx.t.lower[max(0, time - 2) : time] in (["as", "of"], ["as", "at"])


def _when(ctx: Context, head: int) -> int | None:
    """Return the token "when" that opens the clause of a figure: "since August 2024, when it was 1.3 %"."""
    clause = syntax.clause_head(ctx.t, head)
    return next((c for c in ctx.t.children[clause] if ctx.t.lower[c] == "when" and c < head), None)


def _told_by_when(ctx: Context, sentence: Sentence, head: int) -> TimeExpression | None:
    """Return the time right before the "when" that opens the clause of a figure, None where there is none."""
    opener = _when(ctx, head)
    if opener is None:
        return None
    last = opener - 1
    while last > sentence.start and ctx.t.text[last] == ",":
        last -= 1
    found = ctx.times_over(ctx.t.start[last], ctx.t.end[last])
    return found[0] if found and found[0].time_start is not None else None


def _right_before(ctx: Context, first: int) -> TimeExpression | None:
    """Return the time that a figure belongs to as its own: "last year's 44 percent", "in April (28.6 percent)"; None for no such."""
    t = ctx.t
    last = first - 1
    while last > 0 and t.text[last] in _OPENING:
        last -= 1
    if last == first - 1 and last > 1 and t.lower[last] == "at" and ctx.is_time(last - 1):
        at = t.at(ctx.times_over(t.start[last - 1], t.end[last - 1])[0].start)
        last -= _is_compared(ctx, at, t.n, t.n)  # "behind last year at 69 percent"
    if last == first - 1 or last < 0:
        return None
    found = ctx.times_over(t.start[last], t.end[last])
    if not found or found[0].type != "DATE" or found[0].time_start is None:
        return None
    at = t.at(found[0].start)
    alike = "as" in t.lower[max(0, at - 2) : at] and not is_as_of(ctx, at)
    if (alike or _precedes_base(ctx, first)) and _is_compared(ctx, at, t.n, t.n):
        return None  # "at the same rate as in May (9 %)", "faster than in May (9 % after 8 %)"
    return found[0]


def _compared_behind(ctx: Context, first: int, end: int) -> TimeExpression | None:
    """Return the time behind a figure of comparison: "above the 55 percent from the week before"."""
    t = ctx.t
    before = first - 1
    while before > 0 and t.lower[before] in ("the", "both", "about"):
        before -= 1
    if before < 0 or not (_compares(ctx, before) or t.lower[before] == "and"):
        return None
    case = end
    while case < t.n - 1 and t.lower[case] == "percent":
        case += 1
    if case >= t.n - 1 or t.lower[case] not in ("from", "for"):
        return None
    found = ctx.times_over(t.start[case + 1], t.end[case + 1]) or ctx.times_in(
        t.start[case], t.end[min(t.n - 1, case + 2)]
    )
    if not found or found[0].type != "DATE" or found[0].time_start is None:
        return None
    compared = any(_compares(ctx, i) for i in range(max(0, first - 2 * MAX_COMPARED), first))
    return found[0] if compared else None


def _precedes_base(ctx: Context, first: int) -> bool:
    """Return whether the figure that one followed before stands right behind: "9 % after 8 %"."""
    t = ctx.t
    near = range(first + 1, min(t.n - 1, first + _CLOSE_BEHIND + 1))
    return any(t.lower[i] == "after" and ctx.is_base(i + 1) for i in near)


def _owns_figure(ctx: Context, x: TimeExpression) -> bool:
    """Return whether a time has a figure of its own behind it: "last year's 44 percent"."""
    end = x.end
    following = ctx.text[end : end + 3]
    if not following.startswith(("'s ", "’s ")):
        return False
    return any(q.start <= end + 3 <= q.end for q in ctx.quantities_in(end, end + 4))


def _may_be_of(ctx: Context, x: _Found, first: int, head: int) -> bool:
    """Return whether no other clause and no other figure has the time for itself."""
    if _is_counted_over(ctx, x.time, x.first):
        return True
    return (
        not _of_another_clause(ctx, x.time, x.root, head)
        and not _opens_next_clause(ctx, x.first, x.root, head)
        and ctx.base_before(x.first) in (None, first)
    )


def _proposed(
    ctx: Context,
    sentence: Sentence,
    x: _Found,
    figure: tuple[int, int],
    head: int,
    figures: Sequence[tuple[int, int]],
) -> Candidate[TimeExpression]:
    first, end = figure
    distance = x.first - end if x.first >= end else first - x.end
    line = _line(ctx, sentence, x, figure, head, figures)
    return Candidate(line, LINES[line], x.time, (("tokens between", -_PER_TOKEN * distance),))


def _less_if_wider(
    candidate: Candidate[TimeExpression], all_: Sequence[Candidate[TimeExpression]]
) -> Candidate[TimeExpression]:
    """Return a time with less weight where it holds another one of the same line: "In 2015 alone, 40 people died in March"."""
    wide = candidate.value
    held = any(c.line == candidate.line and c.value is not wide and _holds(wide, c.value) for c in all_)
    if not held:
        return candidate
    return replace(candidate, features=(*candidate.features, ("holds a finer time", _WIDER)))


def _holds(wide: TimeExpression, fine: TimeExpression) -> bool:
    """Return whether all days of one time, and fewer, are those of the other."""
    if wide.time_start is None or wide.time_end is None or fine.time_start is None or fine.time_end is None:
        return False
    inside = wide.time_start <= fine.time_start and fine.time_end <= wide.time_end
    return inside and (wide.time_start, wide.time_end) != (fine.time_start, fine.time_end)


def _line(
    ctx: Context,
    sentence: Sentence,
    x: _Found,
    figure: tuple[int, int],
    head: int,
    figures: Sequence[tuple[int, int]],
) -> str:
    """Return how the time stands to the figure, one of `LINES`."""
    first, end = figure
    others = [f for f in figures if f != figure]
    path = syntax.path_to(ctx.t, x.root, head)
    if path is not None and not any(s <= i < e for i in path[:-1] for s, e in others):
        return "governing"
    if len(figures) > 1 and _is_right_behind(ctx, sentence, x, end, figures):
        return "right-behind"
    if syntax.clause_head(ctx.t, x.root) == syntax.clause_head(ctx.t, head):
        return "clause-of-two" if _is_close_to(x, others) else "clause"
    earlier = [f for f in figures if f[1] <= first]
    return "sentence-before" if len(figures) > 1 and earlier and x.first < earlier[-1][0] else "sentence"


def _is_close_to(x: _Found, others: Sequence[tuple[int, int]]) -> bool:
    """Return whether a time stands right behind another figure."""
    return any(e <= x.first and x.first - e <= _CLOSE_TO_OTHER for _, e in others)


def _is_right_behind(
    ctx: Context, sentence: Sentence, x: _Found, end: int, figures: Sequence[tuple[int, int]]
) -> bool:
    """Return whether a time stands right behind a figure, before the next one, and no verb between."""
    until = min((s for s, _ in figures if s >= end), default=sentence.end)
    close = end <= x.first < until and x.first - end <= _CLOSE_BEHIND
    return close and not any(ctx.t.pos[i] in ("VERB", "AUX") for i in range(end, x.first))


def _of_range(
    ctx: Context,
    sentence: Sentence,
    best: TimeExpression,
    figures: Sequence[tuple[int, int]],
    first: int,
) -> TimeExpression | None:
    """Return the range that the time is an end of, or the end of it that the figure belongs to; None where it is no end of one."""
    if best.range_start is None:
        return None
    t = ctx.t
    ends = [
        x
        for x in ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1])
        if (x.range_start, x.range_end) == (best.range_start, best.range_end)
    ]
    moved = _moved(ctx, sentence, first, figures)
    if moved is None or ends[0].type == "DURATION":  # "the year to Dec. 31" has no two ends
        return _whole_range(ctx, ends)
    # "doubled between 2019 and 2023, from $6 million to $13 million": where it comes from is the beginning
    if moved == "from":
        return next((x for x in ends if x.time_start == x.range_start), best)
    return next((x for x in ends if x.time_end == x.range_end), best)


def _moved(ctx: Context, sentence: Sentence, first: int, figures: Sequence[tuple[int, int]]) -> str | None:
    """Return `from` or `to` where a figure moves from one value to another and this is one of them, else None."""
    t = ctx.t

    def case(at: int) -> str:
        at -= 1
        while at > sentence.start and t.pos[at] in ("ADV", "ADJ"):
            at -= 1  # "to about 58 percent"
        return t.lower[at] if at >= sentence.start else ""

    own = case(first)
    if own == "to":
        return own
    after = min((f for f in figures if f[0] > first), default=None)
    return own if own == "from" and after is not None and case(after[0]) == "to" else None


def _up_to_now(ctx: Context, time: TimeExpression) -> TimeExpression:
    """Return "since January" as the time from then until the article appeared; any other time, or one without that day, as it is."""
    published = ctx.document.published
    if time.preposition != "since" or published is None or time.time_start is None or time.type == "DURATION":
        return time
    return replace(time, time_end=published) if published > time.time_start else time


def _whole_range(ctx: Context, ends: Sequence[TimeExpression]) -> TimeExpression:
    """Return "from 2009 to 2011" for its ends."""
    one, other = ends[0], ends[-1]
    return replace(
        one, end=other.end, text=ctx.text[one.start : other.end],
        time_start=one.range_start, time_end=one.range_end,
    )  # fmt: skip


def is_compared(ctx: Context, x: TimeExpression) -> bool:
    """Return whether a time is what something is compared with, whatever figure asks."""
    at = ctx.t.at(x.start)
    return _is_compared(ctx, at, ctx.t.n, ctx.t.n) or _is_baseline(ctx, x, at) or _owns_figure(ctx, x)


def _is_baseline(ctx: Context, x: TimeExpression, at: int) -> bool:
    """Return whether a time is what a change is counted from: "decreased by 3.8 million barrels from the previous week"."""
    if x.preposition != "from" or x.range_start is not None or not at:
        return False
    t = ctx.t
    low = max(t.sents[t.sent[at]][0], at - MAX_COMPARED)
    return bool(ctx.quantities_in(t.start[low], t.start[at - 1]))


def _is_compared(ctx: Context, time: int, first: int, end: int) -> bool:
    """Return whether the time at the token `time` belongs to what a figure outside is compared with: "2 percent less than in 2022".

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
        if _compares(ctx, i):
            return i >= end or time < first
        if t.lower[i] in _RECORDS or t.tag[i] in ("JJS", "RBS"):
            return t.lower[time - 1] == "since"  # "the lowest take since 1988"
    return False


def _compares(ctx: Context, i: int) -> bool:
    """Return whether a word compares: than, "as in", "ahead of"; not "as of"."""
    t = ctx.t
    if t.lower[i] == "as":
        return t.pos[i + 1] == "ADP" and t.lower[i + 1] != "of"
    return t.lower[i] in _COMPARING or t.lower[i : i + 2] in (["ahead", "of"], ["up", "on"], ["down", "on"])


def _opens_next_clause(ctx: Context, time: int, root: int, head: int) -> bool:
    """Recognise a time at the head of the clause after the figure's: "… to 58 kg, and by 2030 we want …".

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
    """Return whether a time says when something else was: when it was said, or what a relative clause adds.

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
