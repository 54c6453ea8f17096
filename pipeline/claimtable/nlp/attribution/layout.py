"""How a text is laid out for attribution: parse columns, subtree edges, paragraphs and quoted passages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.attribution.quotes import Quote, find_quotes
from claimtable.nlp.tokens import Tokens

Range = tuple[int, int]
"""A half-open range of token indices."""


class Layout:
    """Columns over the tokens of a parsed `Doc` beside those of `Tokens`; index = token index."""

    __slots__ = (
        "left",
        "paragraph",
        "paragraphs",
        "quote",
        "quotes",
        "ranges",
        "right",
        "section",
        "t",
        "text",
        "word",
    )

    def __init__(self, doc: Doc) -> None:
        document = extensions.document_of(doc)
        t = Tokens.of(doc)
        self.t = t
        self.text: str = document.text
        holds = {w: any(c.isalnum() for c in w) for w in set(t.text)}
        self.word: list[bool] = [holds[w] for w in t.text]
        """True for tokens that hold a letter or a digit."""
        self.section: list[int] = _sections(t, [(s.start, s.end) for s in document.sections])
        """Index of the section of each token, -1 for text in none."""
        self.paragraph, self.paragraphs = _paragraphs(t, self.text, self.section)
        """Index of the paragraph (line) of each token; the token ranges of the paragraphs."""
        self.left, self.right = _edges(t)
        """First token of each token's subtree, and the one after its last."""
        quotes: list[Quote] = []
        for section in document.sections:
            quotes.extend(find_quotes(self.text, section.start, section.end))
        self.quotes: list[Quote] = [q for q in quotes if q.depth == 0]
        """The outermost quoted passages, in text order."""
        self.ranges: list[Range] = [t.range(q.start, q.end) for q in self.quotes]
        """Their token ranges, marks included."""
        self.quote: list[int] = [-1] * t.n
        """Index of the quoted passage of each token, -1 outside."""
        for k, (a, b) in enumerate(self.ranges):
            b = min(b, t.n)
            self.quote[a:b] = [k] * (b - a)

    def words(self, a: int, b: int) -> int:
        """Return the number of word tokens in `a`..`b`."""
        return sum(self.word[a:b])

    def trim(self, a: int, b: int) -> Range:
        """Return `a`..`b` without white space and punctuation at its edges; quotation marks stay where they pair."""
        while a < b and not self.word[a] and not self._opens(a, b):
            a += 1
        while b > a and not self.word[b - 1] and not self._closes(a, b):
            b -= 1
        return a, b

    def _opens(self, a: int, b: int) -> bool:
        k = self.quote[a]
        return (k >= 0 and self.ranges[k][0] == a) or self.t.text[a] in "($€£#@"

    def _closes(self, a: int, b: int) -> bool:
        k = self.quote[b - 1]
        if k >= 0 and self.ranges[k][1] == b and self.ranges[k][0] >= a:
            return True
        return self.t.text[b - 1] in ")%" and (self.t.text[b - 1] == "%" or "(" in self.t.text[a:b])

    def offsets(self, ranges: Iterable[Range]) -> tuple[tuple[int, int], ...]:
        """Return the code-point offsets of token ranges: trimmed, in order, without empty ones."""
        out: list[tuple[int, int]] = []
        for a, b in sorted(ranges):
            a, b = self.trim(a, b)
            if a < b:
                out.append((self.t.start[a], self.t.end[b - 1]))
        return tuple(out)


def _edges(t: Tokens) -> tuple[list[int], list[int]]:
    left = list(range(t.n))
    right = [i + 1 for i in range(t.n)]
    order: list[int] = []
    stack = [i for i in range(t.n) if t.head[i] == i]
    while stack:
        i = stack.pop()
        order.append(i)
        stack.extend(t.children[i])
    for i in reversed(order):
        h = t.head[i]
        # Roots are their own heads. Comparisons, as `min` and `max` would take half of the time of the layout.
        if left[i] < left[h]:
            left[h] = left[i]
        if right[i] > right[h]:
            right[h] = right[i]
    return left, right


def _sections(t: Tokens, sections: list[tuple[int, int]]) -> list[int]:
    out = [-1] * t.n
    end = 0
    for k, (start, stop) in enumerate(sections):
        first = max(bisect_left(t.start, start), end)
        end = max(bisect_left(t.start, stop), first)
        out[first:end] = [k] * (end - first)
    return out


def _paragraphs(t: Tokens, text: str, section: list[int]) -> tuple[list[int], list[Range]]:
    """Return the paragraph of each token, and their ranges: borders are line breaks and the borders of sections."""
    borders = [i for i in range(1, t.n) if section[i] != section[i - 1]]
    at = text.find("\n")
    while at >= 0:
        # The first token that starts behind the break.
        border = bisect_right(t.start, at)
        borders.append(border)
        at = text.find("\n", t.start[border]) if border < t.n else -1
    starts = sorted({0, *(b for b in borders if b < t.n)}) if t.n else []
    ranges = list(zip(starts, [*starts[1:], t.n], strict=False))
    return [p for p, (a, b) in enumerate(ranges) for _ in range(a, b)], ranges
