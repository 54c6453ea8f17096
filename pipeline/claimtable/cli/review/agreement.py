"""`claimtable review agreement`: how far reviewers agree, and the extractor with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running

if TYPE_CHECKING:
    from claimtable.review.agreement import AgreementReport
    from claimtable.review.coefficients import Agreement
    from claimtable.review.extractor_scores import PeriodScores, Score
    from claimtable.review.pace import Pace
    from claimtable.review.span_agreement import SpanCounts
    from claimtable.store import Store


class ReportFormat(StrEnum):
    """How the figures are printed."""

    text = "text"
    json = "json"


class Period(StrEnum):
    """What the extractor's scores are listed by."""

    month = "month"
    version = "version"


def agreement_command(
    db: Database = DEFAULT_DB,
    by: Annotated[
        Period, typer.Option(help="List the extractor's scores by month or by its version.")
    ] = Period.month,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.text,
    debug: Debug = False,
) -> None:
    """Show how far reviewers agree, per field and per label, and how right the extractor was over time."""
    from claimtable.store import Store

    with running(debug=debug), Store.open(db, read_only=True) as store:
        report, periods = agreement(store, by=by)
        paces = pace(store)
        if report_format is ReportFormat.json:
            scores = {period: one.to_dict() for period, one in periods.items()}
            data = {
                "reviewers": report.to_dict(),
                "pace": {name: one.to_dict() for name, one in paces.items()},
                "extractor": {"by": by.value, "periods": scores},
            }
            typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
            return
        for line in (*_report_lines(report), "", *_pace_lines(paces), "", *_period_lines(periods)):
            typer.echo(line)


def agreement(store: Store, *, by: Period) -> tuple[AgreementReport, dict[str, PeriodScores]]:
    """Measure agreement among reviewers, and of the extractor with them, over everything in a store.

    Raises:
        ReviewError: NLTK is not installed.
        StoreError: the store cannot be read.
    """
    from claimtable.review.agreement import measure
    from claimtable.review.extractor_scores import score
    from claimtable.review.work import read_work

    return measure(read_work(store)), score(read_work(store), by=by.value)


def pace(store: Store) -> dict[str, Pace]:
    """Return how long each reviewer took, by name.

    Raises:
        StoreError: the store cannot be read.
    """
    from claimtable.review.pace import measure_pace
    from claimtable.review.work import read_work

    return measure_pace(read_work(store))


def _pace_lines(paces: Mapping[str, Pace]) -> Iterator[str]:
    for name, one in paces.items():
        seconds = "-" if one.seconds_per_claim is None else f"{one.seconds_per_claim:.1f} s a claim"
        yield f"{name}: {one.submissions:,} submissions, {one.claims:,} claims, {seconds}"
        if one.hasty:
            yield (
                f"  warning: {one.hasty:,} were submitted untouched in less time than reading takes: "
                "their agreement says nothing"
            )


def _report_lines(report: AgreementReport) -> Iterator[str]:
    if not report.reviewers:
        yield "No text was reviewed by two people."
        return
    yield f"Reviewers with work in common: {', '.join(report.reviewers)}"
    yield ""
    yield f"{'field':<14}{'claims':>8}{'equal':>8}{'alpha':>8}{'kappa':>8}"
    for name, one in report.fields.items():
        yield f"{name:<14}{_agreement(one)}"
    yield ""
    yield f"{'label':<14}{'words':>8}{'equal':>8}{'alpha':>8}{'kappa':>8}{'spans':>8}{'exact':>8}{'near':>8}{'overlap':>9}"
    for label, one in report.labels.items():
        counts = report.spans.labels[label]
        yield f"{label:<14}{_agreement(one)}{_spans(counts)}"
    yield f"{'by position':<14}{'':>32}{_spans(report.spans.position)}"
    yield ""
    yield from _table(report.spans.mixed)


def _spans(counts: SpanCounts) -> str:
    near, overlapping = _percent(counts.near_f1), _percent(counts.overlapping_f1)
    return f"{counts.spans:>8}{_percent(counts.exact_f1):>8}{near:>8}{overlapping:>9}"


def _agreement(one: Agreement) -> str:
    return f"{one.units:>8}{_percent(one.observed):>8}{_figure(one.alpha):>8}{_figure(one.kappa):>8}"


def _table(mixed: Mapping[tuple[str, str], int]) -> Iterator[str]:
    names = sorted({name for pair in mixed for name in pair})
    width = max(map(len, names), default=0) + 2
    yield f"{'both ways':<14}" + "".join(f"{name:>{width}}" for name in names)
    for one in names:
        yield f"{one:<14}" + "".join(f"{mixed.get((one, other), 0) or '.':>{width}}" for other in names)


def _period_lines(periods: Mapping[str, PeriodScores]) -> Iterator[str]:
    if not periods:
        yield "Nothing was reviewed yet."
        return
    yield "Extractor against people: precision / recall (claims or values that people want)"
    groups: tuple[tuple[str, Any], ...] = (
        ("kind", lambda period: period.kinds),
        ("field", lambda period: period.fields),
    )
    columns = "".join(f"{name:>22}" for name in periods)
    for title, of in groups:
        yield f"{title:<14}{columns}"
        for name in of(next(iter(periods.values()))):
            yield f"{name:<14}" + "".join(f"{_score(of(period)[name]):>22}" for period in periods.values())


def _score(score: Score) -> str:
    return f"{_percent(score.precision)} / {_percent(score.recall)} ({score.wanted})"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
