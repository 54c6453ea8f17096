"""The report: one HTML page with articles, their claims marked in place, the table beside, charts, and an index.

The page loads nothing, forbids by its own Content-Security-Policy to load or run anything but what it came with,
and works from disk, without JavaScript too (links between table and text), and on paper.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from claimtable.export.report.article import Article, make_article
from claimtable.export.report.charts import (
    Series,
    Speaker,
    Timeline,
    make_series,
    make_speakers,
    make_timeline,
)
from claimtable.export.report.findings import ShownFinding, group_findings
from claimtable.export.rows import Row
from claimtable.schema import Actor, Document, Finding


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """What the report shows of a document."""

    document: Document
    claims: tuple[Row, ...] = ()
    """In text order."""
    actors: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    articles: list[Article]
    findings: list[tuple[str, list[ShownFinding]]]
    """By heading."""
    series: list[Series]
    timeline: Timeline
    speakers: list[Speaker]
    today: date


def write_report(
    documents: Iterable[ReportDocument],
    file: BinaryIO,
    *,
    title: str = "Claims",
    findings: Iterable[Finding] = (),
    is_due: Callable[[Row], bool] = lambda _: False,
    today: date | None = None,
) -> int:
    """Write the page and return the number of claims in it. All documents are held in memory.

    Args:
        documents: in the order of the index.
        file: an open binary stream.
        title: heading of the page.
        findings: what checks found; those of which no row is on the page are left out.
        is_due: which predictions are due on that day.
        today: the day on which predictions are due; None: the present one.
    """
    today = today or date.today()
    shown = list(documents)
    rows = [row for item in shown for row in item.claims]
    articles = [
        make_article(number, item.document, item.claims, item.actors) for number, item in enumerate(shown, 1)
    ]
    page = _Page(
        title=title,
        articles=articles,
        findings=group_findings(findings, articles),
        series=make_series(rows),
        timeline=make_timeline(rows, today, is_due),
        speakers=make_speakers(rows),
        today=today,
    )
    # A lone surrogate has no bytes in UTF-8.
    file.writelines(text.encode("utf-8", "replace") for text in _template().generate(page=page, **_assets()))
    return len(rows)


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("claimtable.export.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


def _assets() -> dict[str, Markup]:
    """Return the style and the script with the hashes by which the page allows them."""
    folder = resources.files(__package__)
    out = {}
    for kind in ("css", "js"):
        text = folder.joinpath(f"page.{kind}").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        out[kind], out[f"{kind}_hash"] = Markup(text), Markup(f"sha256-{digest}")
    return out
