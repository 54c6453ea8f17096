"""Spans that parse and quotation marks offer to a cue: noun phrases, clauses, quoted passages.

All ranges are half-open token ranges.
"""

from __future__ import annotations

from claimtable.nlp.attribution.drafts import merge
from claimtable.nlp.attribution.layout import Layout, Range

REACH = 40
"""Tokens between a cue and the quotation beside it; longer reporting clauses are rare."""
MAX_SPEECH = 60
"""Quoted passages that one cue may govern; interviews go on for long, books for longer."""
_LEADING = frozenset({"case", "mark", "cc", "punct", "cop", "nsubj", "aux", "discourse", "expl"})
_BEHIND_COMMA = frozenset({"appos", "acl:relcl", "conj", "cc", "punct", "flat", "list", "nmod"})
"""Relations of what a comma does not part from its noun."""
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


def phrase(layout: Layout, head: int, cue: int) -> Range:
    """Return the noun phrase of `head` with all that hangs on it, without its preposition and without the cue's branch."""
    t = layout.t
    a, b = _without_leading(layout, head), layout.right[head]
    if a <= cue < b:
        branch = next((c for c in t.children[head] if layout.left[c] <= cue < layout.right[c]), None)
        if branch is None:
            return head, head + 1
        if cue > head:
            b = layout.left[branch]
        else:
            a = layout.right[branch]
    if layout.quote[head] < 0:
        b = next((i for i in range(head + 1, b) if layout.quote[i] >= 0 and t.text[i - 1] == ","), b)
    b = _before_comma(layout, head, b)
    if b - 1 > head and t.text[b - 1] in _POSSESSIVE:
        b -= 1
    return layout.trim(min(a, head), max(b, head + 1))


def _without_leading(layout: Layout, head: int) -> int:
    """Return where the phrase of `head` begins behind its preposition, conjunction and adverb."""
    t = layout.t
    a = layout.left[head]
    for c in t.children[head]:
        if c > head or layout.left[c] != a:
            break
        if t.rel[c] in _LEADING or (t.rel[c] == "advmod" and t.lower[c] not in ("even", "many", "most")):
            a = layout.right[c]
    return a


def _before_comma(layout: Layout, head: int, b: int) -> int:
    """Return where the phrase ends; after a comma only names and relative clauses go on ("X, head of Y", "X, who …")."""
    t = layout.t
    for c in t.children[head]:
        start = layout.left[c]
        if (
            head < c
            and head < start < b
            and t.dep[c] not in _BEHIND_COMMA
            and "," in (t.text[start], t.text[start - 1])
        ):
            b = start
    return b


def snap(layout: Layout, ranges: tuple[Range, ...], cue: int) -> tuple[Range, ...]:
    """Grow ranges to the whole of the quoted passages that they cut, and to those that go on from them."""
    t = layout.t
    grown: list[Range] = []
    own = layout.quote[cue]
    for a, b in ranges:
        x, y = a, b
        k = layout.quote[a]
        if k >= 0 and k != own:
            x = min(x, layout.ranges[k][0])
        k = layout.quote[b - 1]
        if k < 0 and t.text[b - 1] in (":", ",") and b < t.n:
            k = layout.quote[b]
        if k >= 0 and k != own:
            y = max(y, layout.ranges[k][1])
            grown.extend(layout.ranges[q] for q in speech(layout, k)[1:])
        if x <= cue < y:
            x, y = (a, y) if a > cue else (x, b)
        if not x <= cue < y:
            grown.append((x, y))
    return merge(grown)


def quotes_beside(layout: Layout, cue: int) -> tuple[int | None, int | None]:
    """Return the nearest quoted passages before and after `cue` in its paragraph.

    The one after it may open the next paragraph where the cue's ends with a colon.
    """
    t = layout.t
    a, b = layout.paragraphs[layout.paragraph[cue]]
    own = layout.quote[cue]
    left = right = None
    for i in range(cue - 1, max(a, cue - REACH) - 1, -1):
        if layout.quote[i] >= 0 and layout.quote[i] != own:
            left = layout.quote[i]
            break
    for i in range(cue + 1, min(b, cue + REACH)):
        if layout.quote[i] >= 0 and layout.quote[i] != own:
            right = layout.quote[i]
            break
    if right is None and b < t.n and b - cue < REACH and layout.quote[b] >= 0:
        last = b - 1
        while last > cue and t.pos[last] == "SPACE":
            last -= 1
        if t.text[last] == ":" and layout.section[b] == layout.section[cue]:
            right = layout.quote[b]
    return left, right


def speech(layout: Layout, quote: int) -> list[int]:
    """Return the quoted passages that go on from `quote` with nothing between them, `quote` first.

    In one paragraph only punctuation stands between two of them; over a paragraph border the first has no
    closing mark and the second opens its paragraph.
    """
    out = [quote]
    while len(out) < MAX_SPEECH and quote + 1 < len(layout.quotes):
        this, following = layout.quotes[quote], layout.quotes[quote + 1]
        if following.start - this.end > 8:
            break
        gap = layout.text[this.end : following.start]
        if gap.strip(" .,;…\n\t\r\xa0"):
            break
        if "\n" in gap and not (following.continued and not this.closed):
            break
        if layout.section[layout.ranges[quote][0]] != layout.section[layout.ranges[quote + 1][0]]:
            break
        quote += 1
        out.append(quote)
    return out


def between(layout: Layout, a: int, b: int) -> list[int]:
    """Return the word tokens of `a`..`b`."""
    return [i for i in range(a, b) if layout.word[i]]
