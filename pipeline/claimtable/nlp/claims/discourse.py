"""The time that a text goes on with: what dates the discourse that a figure without a time of its own stands in.

Lists, pages and the document are frames, which their heads date ("In 2024 the division handled the following:", "For week
ending July 22, 2012", a report's opening "In October 2025, …"). Who is asked, and in which order, is in
`rules/data/frame_lenders.tsv`. The time of a comparison and of the act of reporting go on with nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.times import Timed, is_as_of, is_compared
from claimtable.nlp.frames import Frame, Frames
from claimtable.schema import Prediction, TimeExpression

OPENING_PARAGRAPHS = 3
"""Paragraphs that a time that opened one dates after it, at most, where none of them names another (set by hand)."""

LONG_PAST_DAYS = 62
"""A time that ended so long before publication does not date what the text says in the present (set by hand)."""

OPENING_TOKENS = 6
"""Tokens of a sentence before a time that opens it, at most: "In the euro area in June 2026, …"."""

HEAD_WORDS = 30
"""Words of a line that introduces a list, at most."""

TAIL_WORDS = 8
"""Words behind the closing date in the head of a report, at most."""

REPORT_HEAD = 400
"""Code points at the beginning of a report among which it names its period (set by hand)."""

REPORT_FIGURES, FIGURES_PER_SENTENCE = 8, 0.7
"""Figures that a report has at least, and to each sentence (set by hand)."""

_WRAP_WIDTH = 150
"""Longest line, in code points, of a text whose lines are broken to a width."""


@functools.cache
def _heads() -> dict[str, re.Pattern[str]]:
    rows = rules.table("dated_heads", "pattern", "source")
    return {row["id"]: re.compile(row["pattern"], re.IGNORECASE) for row in rows}


@functools.cache
def _lenders() -> tuple[tuple[str, str], ...]:
    """Return line and lender of a time, in the order in which they are asked."""
    rows = rules.table("frame_lenders", "cell", "lender", "source")
    return tuple((row["id"], row["lender"]) for row in rows if row["cell"] == "time")


class Discourse:
    """What earlier sentences, lists and heads date. `time` is asked for a sentence before `follow` goes past it."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._frames = Frames([*_below_heads(ctx), *_report(ctx)])
        self._named: dict[str, TimeExpression | None] = {}
        """By lender what sentences named; `to date` is the last "as of", whatever followed."""
        self._paragraphs = 0
        """Those entered since the opening time was named."""
        self._wrapped = _is_wrapped(ctx.text)

    def enter_section(self) -> None:
        """Forget what an earlier section dated."""
        self._named = {}

    def enter_line(self, sentence: Sentence) -> None:
        """Go on to a new line, which is a new paragraph where lines are not broken to a width."""
        if self._wrapped and not _begins_paragraph(self.ctx.text, self.ctx.t.start[sentence.start]):
            return
        self._named["running"] = None
        self._paragraphs += 1
        if self._paragraphs > OPENING_PARAGRAPHS:
            self._named["opening"] = None

    def time(self, sentence: Sentence) -> Timed | None:
        """Return what dates a figure of the sentence that has no time of its own, None where nothing plainly does."""
        at = self.ctx.t.start[sentence.start]
        if self._is_to_date(sentence):
            found = self._named.get("to date")
            return Timed(found, "as-of") if found is not None else None
        for line, lender in _lenders():
            found = self._named[lender] if lender in self._named else self._of_frame(at, lender)
            if found is not None and (lender == "list" or not self._is_over(sentence, found)):
                return Timed(found, line)
        return None

    def time_of_cell(self, at: int) -> Timed | None:
        """Return what dates a cell whose table says nothing of it: what its list, its page or the report declares."""
        for line, lender in _lenders():
            found = self._of_frame(at, lender) if lender in ("list", "page", "document") else None
            if found is not None:
                return Timed(found, line)
        return None

    def _of_frame(self, at: int, kind: str) -> TimeExpression | None:
        return next((f.time for f in self._frames.around(at) if f.kind == kind and f.time is not None), None)

    def _is_to_date(self, sentence: Sentence) -> bool:
        """Return whether a sentence counts up to now: "to date, 21 have been confirmed"."""
        t = self.ctx.t
        times = self.ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1])
        return any(x.value == "PRESENT_REF" and (x.rule or "").endswith("before_now") for x in times)

    def follow(self, sentence: Sentence, predictions: Sequence[Prediction]) -> None:
        """Take up what the sentence says of the time of the next ones."""
        t = self.ctx.t
        named = self.ctx.times_in(t.start[sentence.start], t.end[sentence.end - 1])
        going = {x.start for x in named if _goes_on(self.ctx, x, predictions)}
        # "down from 4.6 % in the 12 months to March": neither end of it goes on
        barred = {(x.range_start, x.range_end) for x in named if x.range_start and self._is_of_base(x)}
        times = [x for x in named if x.start in going and (x.range_start, x.range_end) not in barred]
        if not times or t.text[sentence.end - 1] == "?":
            return
        main = [x for x in times if self._is_main(sentence, x)]
        x = _whole(self.ctx, (main or times)[-1])
        self._named["running"] = x
        self._named["as-of"] = x if is_as_of(self.ctx, t.at(x.start)) else None
        if self._named["as-of"] is not None:
            self._named["to date"] = x
        early = t.at(x.start) - sentence.start <= OPENING_TOKENS
        opens = early and x.type == "DATE" and x.preposition in ("in", "during")
        self._named["opening"], self._paragraphs = (x if opens else None), 0

    def _is_of_base(self, x: TimeExpression) -> bool:
        return self.ctx.base_before(self.ctx.t.at(x.start)) is not None

    def _is_over(self, sentence: Sentence, x: TimeExpression) -> bool:
        """Return whether a time is long past, and the sentence speaks of what is: "In 2008 it began. Its value is $30 billion"."""
        published = self.ctx.document.published
        if published is None or x.time_end is None or (published - x.time_end).days <= LONG_PAST_DAYS:
            return False
        t = self.ctx.t
        root = syntax.span_root(t, sentence.start, sentence.end)
        tags = {t.tag[root], *(t.tag[c] for c in t.children[root] if t.rel[c] in ("aux", "cop"))}
        return bool(tags & {"VBZ", "VBP"})

    def _is_main(self, sentence: Sentence, x: TimeExpression) -> bool:
        """Return whether a time hangs on the main clause: "rose 1.7 % in May after increasing 1.8 % in April"."""
        t = self.ctx.t
        clause = syntax.clause_head(t, syntax.span_root(t, *t.range(x.start, x.end)))
        return t.head[clause] == clause


def _goes_on(ctx: Context, x: TimeExpression, predictions: Sequence[Prediction]) -> bool:
    """Return whether the sentences after a time go on with it: a past date, not one of a comparison or of who reports."""
    if x.time_start is None or not _says_when(x):
        return False
    published = ctx.document.published
    if published is None:
        # Where it is not known when the article appeared, a date that something is foretold for does not count as past.
        past = not any(p.start <= x.start < p.end for p in predictions)
    else:
        past = x.time_start <= published
    at = ctx.t.at(x.start)
    if at and ctx.t.text[at - 1] in ("(", "["):
        return False  # "the five-year (2007-2011) average"
    return past and ctx.base_before(at) is None and not is_compared(ctx, x) and not _dates_report(ctx, x)


def _says_when(x: TimeExpression) -> bool:
    """Return whether a time is a date, a time of a day that it names, or a length of time up to now."""
    if x.type == "DURATION":
        return (x.rule or "").startswith("time.duration_past") and x.preposition in ("in", "during", "over")
    dated = len(x.value) >= 4 and x.value[:4].isdigit()
    return dated and (
        x.type == "DATE" or (x.type == "TIME" and "on" in (x.rule or "").partition(".")[2].split("_"))
    )


def _dates_report(ctx: Context, x: TimeExpression) -> bool:
    """Return whether a time says when something was said: "he said on Tuesday"."""
    if is_as_of(ctx, ctx.t.at(x.start)):
        return False
    root = syntax.span_root(ctx.t, *ctx.t.range(x.start, x.end))
    return x.range_start is None and ctx.reports(ctx.t.head[root])


def _whole(ctx: Context, x: TimeExpression) -> TimeExpression:
    """Return "since October 1" up to publication, an end of a range as the whole of it, any other time as it is."""
    published = ctx.document.published
    if x.range_start is not None and x.preposition not in ("to", "until"):
        return replace(x, time_start=x.range_start, time_end=x.range_end)
    if (
        x.preposition == "since"
        and published is not None
        and x.time_start is not None
        and published > x.time_start
    ):
        return replace(x, time_end=published)
    return x


# ------------------------------------------------------------------ heads


def _below_heads(ctx: Context) -> list[Frame]:
    """Return the lists, and the pages or sections, that a head dates."""
    lists: list[Frame] = []
    pages: list[Frame] = []
    lines = list(re.finditer(r"[^\n]+", ctx.text))
    for k, line in enumerate(lines):
        page = _page_time(ctx, line)
        if page is not None:
            if pages:
                pages[-1] = replace(pages[-1], end=line.start())
            pages.append(Frame("page", line.start(), len(ctx.text), "head", time=page))
        elif (titled := _title_time(ctx, line)) is not None:
            lists.append(Frame("list", line.end(), _list_end(lines, k), "list-head", time=titled))
        elif _introduces(ctx.text, line, lines[k + 1] if k + 1 < len(lines) else None):
            time = _past_time(ctx, line.start(), line.end())
            end = _list_end(lines, k)
            if time is not None and end > line.end():
                lists.append(Frame("list", line.end(), end, "list-head", time=time))
    return [*pages, *(f for f in lists if f.start < f.end)]


def _report(ctx: Context) -> Iterator[Frame]:
    """Yield the frame of a report on a week, month or quarter that its opening names."""
    if len(ctx.quantities) < max(REPORT_FIGURES, FIGURES_PER_SENTENCE * len(ctx.sentences)):
        return
    for x in ctx.times_in(0, REPORT_HEAD):
        if _is_report_period(ctx, x):
            yield Frame("document", 0, len(ctx.text), "report", time=x)
            return


def _is_report_period(ctx: Context, x: TimeExpression) -> bool:
    """Return whether a time is a week, month or quarter lately over that a figure of the text is in."""
    if x.time_start is None or x.time_end is None or x.preposition not in ("in", "for", "during"):
        return False
    days = (x.time_end - x.time_start).days
    published = ctx.document.published
    recent = published is None or 0 <= (published - x.time_end).days <= 2 * LONG_PAST_DAYS
    return recent and 6 <= days <= 92 and not is_compared(ctx, x)


def _page_time(ctx: Context, line: re.Match[str]) -> TimeExpression | None:
    """Return the time that a line declares as the head of a report, None where it is none."""
    written = line[0].strip()
    if len(written.split()) > HEAD_WORDS // 2 or written.endswith((".", "?", "!", ",")):
        return None
    begin = line.start() + line[0].index(written[:1] or "")
    if any(pattern.match(written) for pattern in _heads().values()):
        return _past_time(ctx, begin, line.end())
    closing = _heads()["time.head.closing"].search(
        written
    )  # "Released September 10 | Week ending September 9, 2012 | No. 36"
    if closing is None or not written[0].isupper():
        return None
    found = _past_time(ctx, begin + closing.start(), line.end())
    tail = ctx.text[found.end : line.end()] if found is not None else ""
    return found if len(tail.split()) <= TAIL_WORDS else None


def _title_time(ctx: Context, line: re.Match[str]) -> TimeExpression | None:
    """Return the date that ends the title of a table: "Crop Condition, North Dakota: July 22, 2012"; None for any other line."""
    written = line[0].strip()
    end = line.start() + len(line[0].rstrip())
    times = ctx.times_in(line.start(), end)
    if not times or len(written.split()) > HEAD_WORDS // 2:
        return None
    last = times[-1]
    before = ctx.text[line.start() : last.start].strip()
    if last.end != end or last.time_start is None or before[-1:] not in (":", ",", "–", "—"):
        return None
    return last if len(before.split()) > 1 else None


def _past_time(ctx: Context, start: int, end: int) -> TimeExpression | None:
    """Return the first time of a line that may date what stands below it."""
    for x in ctx.times_in(start, end):
        if x.time_start is not None and x.type in ("DATE", "DURATION") and not is_compared(ctx, x):
            return _whole(ctx, x)
    return None


def _introduces(text: str, line: re.Match[str], following: re.Match[str] | None) -> bool:
    """Return whether a line leads to the list below it: it ends with a colon, or stops before lines that carry its sentence on."""
    words = line[0].split()
    if following is None or not words or len(words) > HEAD_WORDS:
        return False
    last = words[-1][-1]
    if last == ":":
        return True
    blank = "\n" in text[line.end() + 1 : following.start()]
    return last.isalpha() and blank and following[0].lstrip("•-–—* ")[:1].islower()


def _list_end(lines: Sequence[re.Match[str]], head: int) -> int:
    """Return where the list below a line ends: before the next line that leads to something, or prose of several sentences."""
    end = lines[head].end()
    for line in lines[head + 1 :]:
        written = line[0].strip()
        if written.endswith(":") or len(re.findall(r"[.!?] +[A-Z]", written)) > 1:
            break
        end = line.end()
    return end


# ------------------------------------------------------------------ paragraphs


def _is_wrapped(text: str) -> bool:
    """Return whether the lines of a text are broken to a width: most of them are long, none is as long as a paragraph."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    if len(lengths) < 3:
        return False
    return lengths[len(lengths) // 2] >= 45 and lengths[-1] <= _WRAP_WIDTH


def _begins_paragraph(text: str, at: int) -> bool:
    """Return whether a sentence of a text broken to a width begins a paragraph: behind a blank or a short line."""
    start = text.rfind("\n", 0, at)
    before = text[max(0, text.rfind("\n", 0, max(0, start)) + 1) : max(0, start)].strip()
    return len(before) < 45
