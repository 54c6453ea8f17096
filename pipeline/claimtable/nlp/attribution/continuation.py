"""Speech that goes on without a cue of its own: quotations after quotations, lists under "figures from the report"."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from claimtable.nlp import syntax
from claimtable.nlp.attribution import lexicon
from claimtable.nlp.attribution.drafts import Draft, merge
from claimtable.nlp.attribution.layout import Layout, Range

NEXT_RULE = "rq.next"
"""A sentence or paragraph that is wholly quoted, after one with a speaker."""
LIST_RULE = "rq.list"
"""An item of a list whose heading names the report that the items come from."""
REPORT_RULE = "rq.report"
"""A sentence without a source of its own, in one paragraph after a sentence of a report."""
MAX_CARRIED = 3
"""Sentences through which a report goes on."""
MIN_SENTENCE = 6
"""Word tokens of a sentence that goes on with a report."""
MIN_WORDS = 3
"""Shorter quotations with no cue are titles and scare quotes."""
MAX_LIST = 30
"""Lines between a heading and the items under it, further headings included."""
_BULLET = re.compile(r"\s*(?:[*•◦▪‣·–—-]|\d{1,2}[.)])\s*(?=\S)")
_SAYS = frozenset({"say", "finding"})


def extend(layout: Layout, drafts: Sequence[Draft]) -> list[Draft]:
    """Return `drafts` with those quotations added that go on from them, in text order."""
    out = list(drafts)
    covered = _covering(layout, out)
    by_paragraph = {
        layout.paragraph[draft.cue[0][0]]: d
        for d, draft in enumerate(out)
        if draft.sense in _SAYS and draft.source and draft.cue
    }
    for k, (a, b) in enumerate(layout.ranges):
        if covered[k] >= 0 or b <= a or layout.words(a, b) < MIN_WORDS:
            continue
        if k and covered[k - 1] >= 0 and _continues(layout, k):
            covered[k] = covered[k - 1]
            out[covered[k]] = _append(out[covered[k]], (a, b))
            continue
        speaker = _speaker_before(layout, k, by_paragraph, covered, out)
        if speaker is not None and is_whole(layout, a, b):
            covered[k] = len(out)
            out.append(Draft(out[speaker].source, (), ((a, b),), NEXT_RULE))
    out.extend(_lists(layout))
    out.extend(_reports(layout, out))
    out.sort(key=lambda d: d.key)
    return out


def _covering(layout: Layout, drafts: Sequence[Draft]) -> list[int]:
    """Return for each quotation the index of the shortest draft whose content holds most of it; -1 for none."""
    covered = [-1] * len(layout.quotes)
    for d, draft in enumerate(drafts):
        for k in _quotes_in(layout, draft):
            if covered[k] < 0 or _length(drafts[covered[k]]) > _length(draft):
                covered[k] = d
    return covered


def _continues(layout: Layout, k: int) -> bool:
    """Return whether quotation `k` opens a paragraph again after one that was not closed, in the same section."""
    return (
        layout.quotes[k].continued
        and not layout.quotes[k - 1].closed
        and layout.section[layout.ranges[k - 1][0]] == layout.section[layout.ranges[k][0]]
    )


def _quotes_in(layout: Layout, draft: Draft) -> list[int]:
    found: list[int] = []
    for a, b in draft.content:
        i = a
        while i < b:
            k = layout.quote[i]
            if k < 0:
                i += 1
                continue
            x, y = layout.ranges[k]
            if min(b, y) - max(a, x) > (y - x) // 2:
                found.append(k)
            i = max(y, i + 1)
    return found


def _length(draft: Draft) -> int:
    return sum(b - a for a, b in draft.content)


def _append(draft: Draft, part: Range) -> Draft:
    return Draft(draft.source, draft.cue, merge([*draft.content, part]), draft.rule, draft.sense)


def is_whole(layout: Layout, a: int, b: int) -> bool:
    """Return whether a quotation is one or more whole sentences with nothing else beside it."""
    t = layout.t
    start, end = layout.paragraphs[layout.paragraph[a]]
    before = [i for i in range(max(start, a - 2), a) if layout.word[i]]
    opens = not before or any(
        t.text[i] in ".!?" or t.text[i][-1:] in '.!?”"' for i in range(max(start, a - 2), a)
    )
    after = [i for i in range(b, min(end, b + 2)) if layout.word[i]]
    closes = any(t.text[i][-1:] in ".!?…" for i in range(max(a, b - 2), b)) or b == end or t.text[b] in ".!?"
    first = next((i for i in range(a, b) if layout.word[i]), a)
    return opens and closes and t.text[first][:1].isupper() and (not after or t.text[after[0]][:1].isupper())


def _speaker_before(
    layout: Layout, k: int, by_paragraph: dict[int, int], covered: list[int], drafts: list[Draft]
) -> int | None:
    """Return the draft whose speaker goes on in quotation `k`: the last of its paragraph, else that of the one before."""
    a = layout.ranges[k][0]
    p = layout.paragraph[a]
    here = by_paragraph.get(p)
    if here is not None:
        return here if drafts[here].cue[0][0] < a else None
    start, end = layout.paragraphs[p]
    alone = not any(layout.word[i] and layout.quote[i] < 0 for i in range(start, end))
    if not alone or layout.section[start] != layout.section[a]:
        return None
    q = k - 1
    while q >= 0 and layout.paragraph[layout.ranges[q][0]] == p:
        q -= 1
    if q < 0 or covered[q] < 0:
        return None
    # Only if the paragraph before ends in quoted speech or in its reporting clause.
    x = layout.ranges[q][0]
    gap = p - layout.paragraph[x]
    if layout.section[x] != layout.section[a] or not drafts[covered[q]].source:
        return None
    blank = all(not layout.words(*layout.paragraphs[r]) for r in range(layout.paragraph[x] + 1, p))
    tail = sum(
        1 for i in range(layout.ranges[q][1], layout.paragraphs[layout.paragraph[x]][1]) if layout.word[i]
    )
    return covered[q] if (gap == 1 or blank) and tail <= 12 else None


def _lists(layout: Layout) -> list[Draft]:
    """Return an attribution for each list item under a line that says which report its items come from."""
    works = lexicon.phrases("work")
    out: list[Draft] = []
    source: tuple[Range, ...] = ()
    since = MAX_LIST + 1
    entry = ""
    t = layout.t
    for a, b in layout.paragraphs:
        while a < b and t.pos[a] == "SPACE":
            a += 1
        if a >= b:
            continue
        line = layout.text[t.start[a] : t.end[b - 1]].strip()
        if not line:
            continue
        since += 1
        if _BULLET.match(line) and not line[:1].isdigit():
            if source and since <= MAX_LIST and layout.section[a] >= 0 and layout.words(a, b) >= MIN_WORDS:
                out.append(Draft(source, (), ((a, b),), entry))
            continue
        if line[-1:] in '.!?”"' or layout.words(a, b) > 14:
            source = ()
            continue
        head = next(
            (i for i in range(b - 1, a, -1) if t.lemma[i] in works and t.lower[i - 1] in ("the", "this")),
            None,
        )
        if head is not None:
            source, since, entry = ((head - 1, head + 1),), 0, LIST_RULE
    return out


def _reports(layout: Layout, drafts: Sequence[Draft]) -> list[Draft]:
    """Return an attribution for each sentence that goes on with what a report was said to find."""
    t = layout.t
    works = lexicon.phrases("work")
    by_sentence: dict[int, list[Draft]] = {}
    covered: set[int] = set()
    for draft in drafts:
        if draft.source:
            by_sentence.setdefault(t.sent[draft.key], []).append(draft)
            covered.update(t.sent[i] for a, b in draft.content for i in (a, b - 1))
    out: list[Draft] = []
    carried: tuple[Range, ...] = ()
    steps = 0
    for k, (a, b) in enumerate(t.sents):
        if _breaks(layout, k):
            carried = ()
        own = by_sentence.get(k, [])
        if own:
            carried = next((d.source for d in own if d.sense in _SAYS and _is_work(layout, d, works)), ())
            steps = 0
        elif carried and k not in covered:
            steps += 1
            if steps > MAX_CARRIED or not _goes_on(layout, a, b, works):
                carried = ()
            else:
                out.append(Draft(carried, (), ((a, b),), REPORT_RULE, "finding"))
    return out


def _breaks(layout: Layout, k: int) -> bool:
    """Return whether what was reported ends before sentence `k`: another paragraph, or no text of the article."""
    a, b = layout.t.sents[k]
    if a >= b or layout.section[a] < 0:
        return True
    return k > 0 and layout.paragraph[a] != layout.paragraph[layout.t.sents[k - 1][0]]


def _goes_on(layout: Layout, a: int, b: int, works: Container[str]) -> bool:
    """Return whether a sentence may be one of a report: long enough, no question, and naming no report itself."""
    t = layout.t
    names = any(t.lemma[i] in works for i in range(a, b))
    return not names and t.text[b - 1] != "?" and layout.words(a, b) >= MIN_SENTENCE


def _is_work(layout: Layout, draft: Draft, works: Container[str]) -> bool:
    a, b = draft.source[0]
    return layout.t.lemma[syntax.span_root(layout.t, a, b)] in works
