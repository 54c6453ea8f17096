"""An article cut into stretches of text that have the same claims and the same actor."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from claimtable.export.groups import by_sentence
from claimtable.export.rows import Row
from claimtable.export.wording import amount_text, is_unsure, when_text
from claimtable.schema import Actor, Document, Offsets


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A row as the page shows it."""

    anchor: str
    """Unique in the page; `c-` before it names the words, `r-` the row."""
    row: Row
    amount: str
    when: str

    @property
    def unsure(self) -> bool:
        """Return whether some cell of it is more likely wrong than all are right."""
        return is_unsure(self.row)


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """The claims of one sentence, in text order."""

    text: str
    claims: tuple[ShownClaim, ...]
    score: float | None
    """Check-worthiness of its most check-worthy claim."""


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

    @property
    def text(self) -> str:
        """Return its words."""
        return "".join(stretch.text for stretch in self.stretches)

    @property
    def has_claims(self) -> bool:
        """Return whether a claim stands in it."""
        return any(stretch.claims for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Article:
    """A document as the page shows it."""

    anchor: str
    document: Document
    claims: tuple[ShownClaim, ...]
    sentences: tuple[ShownSentence, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def heading(self) -> str:
        """Return its title, or its id."""
        return self.document.title or self.document.id

    @property
    def ranked(self) -> list[ShownSentence]:
        """Return its sentences, the most check-worthy first."""
        return sorted(self.sentences, key=lambda s: -(s.score or 0.0))

    @property
    def read(self) -> list[Paragraph]:
        """Return what somebody wrote as part of it: its sections, their headings, and all that holds a claim.

        Navigation, forms and lists of links of a copied page are left out. A document without sections is read whole.
        """
        headings = {section.heading for section in self.document.sections} - {None}
        if not any(p.role for p in self.paragraphs):
            return list(self.paragraphs)
        return [p for p in self.paragraphs if p.role or p.has_claims or p.text.strip() in headings]

    def states(self, column: str) -> bool:
        """Return whether any of its claims has words for a column: `amount`, `when`, or one of the table."""
        return any(getattr(c, column) if column in ("amount", "when") else c.row[column] for c in self.claims)

    @property
    def top_score(self) -> float | None:
        """Return the check-worthiness of its most check-worthy claim."""
        return max((c.row["check_worthiness"] or 0.0 for c in self.claims), default=None)

    @property
    def reviewed(self) -> bool:
        """Return whether anybody reviewed one of its claims."""
        return any(c.row["status"] != "extracted" or c.row["verdict"] for c in self.claims)

    def count(self, column: str, *values: str) -> int:
        """Return how many of its claims have one of the values in a column; without values: any value."""
        return sum(
            1 for c in self.claims if (c.row[column] in values if values else c.row[column] is not None)
        )


def make_article(number: int, document: Document, claims: Sequence[Row], actors: Sequence[Actor]) -> Article:
    """Return an article; `number` makes its anchors unique in the page."""
    shown = tuple(
        ShownClaim(f"{number}-{index}", row, amount_text(row), when_text(row))
        for index, row in enumerate(claims, 1)
    )
    mentions = _apart([(span, actor.name) for actor in actors for span in actor.mentions])
    return Article(
        f"a-{number}",
        document,
        shown,
        tuple(_sentences(shown)),
        tuple(_paragraphs(document, shown, mentions)),
    )


def _sentences(claims: Sequence[ShownClaim]) -> Iterator[ShownSentence]:
    left = iter(claims)
    for group in by_sentence(claim.row for claim in claims):
        of_it = tuple(islice(left, len(group.rows)))
        known = any(claim.row["check_worthiness"] is not None for claim in of_it)
        yield ShownSentence(group.text, of_it, group.check_worthiness if known else None)


def _apart(mentions: list[tuple[Offsets, str]]) -> list[tuple[Offsets, str]]:
    """Return the mentions in text order, of overlapping ones the first and longest."""
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
