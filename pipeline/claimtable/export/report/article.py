"""An article cut into stretches of text that have the same claims and the same actor."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claimtable.export.rows import Row
from claimtable.export.wording import amount_text, when_text
from claimtable.schema import Actor, Document, Offsets


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A row as the page shows it."""

    anchor: str
    """Unique in the page; `c-` before it names the words, `r-` the row."""
    row: Row
    amount: str
    when: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some characters of a paragraph."""

    text: str
    claims: tuple[ShownClaim, ...] = ()
    """Those that cover it, the shortest first."""
    begins: tuple[ShownClaim, ...] = ()
    """Those of them that begin here."""
    actor: str | None = None
    """Canonical name of the actor that is named here."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text."""

    stretches: tuple[Stretch, ...]
    role: str | None
    """Role of its section; None for furniture and headings."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document as the page shows it."""

    anchor: str
    document: Document
    claims: tuple[ShownClaim, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def heading(self) -> str:
        """Returns its title, or its id."""
        return self.document.title or self.document.id

    @property
    def ranked(self) -> list[ShownClaim]:
        """Returns its claims, the most check-worthy first."""
        return sorted(self.claims, key=lambda c: -(c.row["check_worthiness"] or 0.0))

    @property
    def top_score(self) -> float | None:
        """Returns the check-worthiness of its most check-worthy claim."""
        return max((c.row["check_worthiness"] or 0.0 for c in self.claims), default=None)

    @property
    def reviewed(self) -> bool:
        """Returns whether anybody reviewed one of its claims."""
        return any(c.row["status"] != "extracted" or c.row["verdict"] for c in self.claims)

    def count(self, column: str, *values: str) -> int:
        """Returns how many of its claims have one of the values in a column; without values: any value."""
        return sum(
            1 for c in self.claims if (c.row[column] in values if values else c.row[column] is not None)
        )


def make_article(number: int, document: Document, claims: Sequence[Row], actors: Sequence[Actor]) -> Article:
    """Returns an article; `number` makes its anchors unique in the page."""
    shown = tuple(
        ShownClaim(f"{number}-{index}", row, amount_text(row), when_text(row))
        for index, row in enumerate(claims, 1)
    )
    mentions = _apart([(span, actor.name) for actor in actors for span in actor.mentions])
    return Article(f"a-{number}", document, shown, tuple(_paragraphs(document, shown, mentions)))


def _apart(mentions: list[tuple[Offsets, str]]) -> list[tuple[Offsets, str]]:
    """Returns the mentions in text order, of overlapping ones the first and longest."""
    out: list[tuple[Offsets, str]] = []
    for span, name in sorted(mentions, key=lambda item: (item[0][0], -item[0][1])):
        if not out or span[0] >= out[-1][0][1]:
            out.append((span, name))
    return out


def _paragraphs(
    document: Document, claims: Sequence[ShownClaim], mentions: Sequence[tuple[Offsets, str]]
) -> Iterator[Paragraph]:
    text = document.text
    borders = sorted(
        {b for c in claims for b in (c.row["start"], c.row["end"])}
        | {b for span, _ in mentions for b in span}
    )
    by_start = sorted(claims, key=lambda c: c.row["start"])
    mention_starts = [span[0] for span, _ in mentions]
    open_claims: list[ShownClaim] = []
    opened = 0
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip())
        cuts = [
            start,
            *borders[bisect_right(borders, start) : bisect_right(borders, max(start, end - 1))],
            end,
        ]
        stretches = []
        for a, b in pairwise(cuts):
            while opened < len(by_start) and by_start[opened].row["start"] < b:
                open_claims.append(by_start[opened])
                opened += 1
            open_claims = [c for c in open_claims if c.row["end"] > a]
            if a == b:
                continue
            covering = sorted(
                (c for c in open_claims if c.row["start"] < b),
                key=lambda c: (c.row["end"] - c.row["start"], c.row["start"]),
            )
            k = bisect_right(mention_starts, a) - 1
            actor = mentions[k][1] if k >= 0 and mentions[k][0][1] > a else None
            begins = tuple(c for c in covering if c.row["start"] == a)
            stretches.append(Stretch(text[a:b], tuple(covering), begins, actor))
        section = document.section_at(start) if start < end else None
        if stretches:
            yield Paragraph(tuple(stretches), section.role if section else None)
        start += len(line)
