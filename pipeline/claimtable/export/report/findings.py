"""What the checks found, with links to the rows on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from claimtable.export.report.article import Article
from claimtable.schema import Finding, FoundRow

TITLES = {
    "arithmetic": "Figures that do not compute",
    "conflicts": "Rows that cannot all be right",
    "repeats": "Said in several documents",
    "fact-checks": "Checked before",
}
"""Heading of each check on the page, in their order. Due predictions are marked on the timeline."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as the page shows it."""

    finding: Finding
    rows: tuple[tuple[FoundRow, str | None], ...]
    """Its rows, each with its anchor in the page; None: it is not on it. Rows of one sentence are one."""


def group_findings(
    findings: Iterable[Finding], articles: Sequence[Article]
) -> list[tuple[str, list[ShownFinding]]]:
    """Return the findings of which a row is on the page, by the heading that they stand below."""
    anchors = {
        (article.document.id, claim.row["claim_id"]): claim.anchor
        for article in articles
        for claim in article.claims
    }
    groups: dict[str, list[ShownFinding]] = {check: [] for check in TITLES}
    for finding in findings:
        rows = tuple(_rows(finding, anchors))
        if finding.check in groups and any(anchor for _, anchor in rows):
            groups[finding.check].append(ShownFinding(finding, rows))
    return [(TITLES[check], shown) for check, shown in groups.items() if shown]


def _rows(finding: Finding, anchors: dict[tuple[str, str], str]) -> Iterator[tuple[FoundRow, str | None]]:
    seen = set()
    for row in finding.rows:
        if (row.doc_id, row.text) not in seen:
            seen.add((row.doc_id, row.text))
            yield row, anchors.get((row.doc_id, row.claim_id))
