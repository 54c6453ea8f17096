"""An hour of a fact-checker and one of an analyst, on the sample corpus, as they would spend it: command by command."""

import copy
import json
import re
import sqlite3
from datetime import date

import lxml.html
import matplotlib as mpl
import msgspec_schemaorg.models as vocabulary
import polars
import pytest
from tests.review.people import changed, without
from typer.testing import CliRunner

from claimtable import read_table
from claimtable.cli import app

pytestmark = [pytest.mark.pipeline, pytest.mark.slow]

ARTICLE = "What actually crosses the Tumen: coal, debt and construction crews"
EVIDENCE = "https://stats.example/trade/2018"
PAGE = "https://checkers.example/reviews/{claim_id}"


def claimtable(*arguments, code=0):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def ingested(root, tmp_path_factory):
    """The sample corpus in a database."""
    db = tmp_path_factory.mktemp("hours") / "claims.db"
    claimtable("ingest", root / "corpus", "--db", db)
    return db


@pytest.fixture
def db(ingested, tmp_path):
    """A copy to work on."""
    path = tmp_path / "claims.db"
    with sqlite3.connect(ingested) as source, sqlite3.connect(path) as target:
        source.backup(target)
    return path


def submitted(task, result):
    """The task as Label Studio exports it after somebody submitted it."""
    moment = "2024-05-06T12:00:00Z"
    annotation = {
        "id": 41,
        "completed_by": 1,
        "created_at": moment,
        "updated_at": moment,
        "was_cancelled": False,
        "result": result,
        "prediction": {"id": 3, **task["predictions"][0]},
    }
    return {"id": 17, "data": task["data"], "annotations": [annotation]}


def objects(node):
    """Yields every object inside a JSON value."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_a_fact_checkers_hour(db, tmp_path):
    # Where to look first: the article on the border trade, in Label Studio, on another machine.
    tasks_file = tmp_path / "tasks.json"
    claimtable("review", "export-tasks", "--db", db, "-o", tasks_file, "--query", f"title = '{ARTICLE}'")
    rows = read_table(_exported(db, tmp_path / "before.csv"))
    rows = rows[rows["title"] == ARTICLE]
    worth = rows[(rows["value"] == 34e6) & (rows["kind"] == "quantitative")].iloc[0]

    # One claim checked, with a verdict and evidence; one that is none deleted; all the others accepted.
    task = next(t for t in json.loads(tasks_file.read_text()) if worth["claim_id"] in json.dumps(t))
    shown = rows[
        [claim_id in json.dumps(task) for claim_id in rows["claim_id"]]
    ]  # an article may be several tasks
    other = shown[(shown["kind"] == "quantitative") & (shown["claim_id"] != worth["claim_id"])].iloc[-1]
    items = copy.deepcopy(task["predictions"][0]["result"])
    items = changed(items, worth["claim_id"], "verdict", "choices", {"choices": ["supported"]})
    items = changed(items, worth["claim_id"], "evidence_url", "textarea", {"text": [EVIDENCE]})
    items = changed(items, worth["claim_id"], "note", "textarea", {"text": ["As in the yearbook."]})
    items = without(items, other["claim_id"])
    export = tmp_path / "project-1.json"
    export.write_text(json.dumps([submitted(task, items)]))
    claimtable("review", "import-annotations", "--db", db, export, "--reviewer", "1=ann@example.org")

    # What is due: one outcome is recorded, and then it is due no longer.
    found = _findings(db, "--on", "2030-01-01")
    due = next(finding for finding in found if finding["check"] == "due")
    (prediction,) = (row["claim_id"] for row in due["rows"])
    claimtable(
        "resolve", prediction, "false", "--db", db, "--evidence", EVIDENCE, "--reviewer", "ann@example.org"
    )
    assert due["finding_id"] not in {f["finding_id"] for f in _findings(db, "--on", "2030-01-01")}

    # Signed off: a review for each verdict and for nothing else, in the words of schema.org.
    signed = tmp_path / "reviews.json"
    claimtable(
        *("export", "--db", db, "--to", "claimreview", "--where", "verdict IS NOT NULL", "-o", signed),
        *("--publisher", "The Checkers", "--publisher-url", "https://checkers.example", "--review-url", PAGE),
    )
    graph = json.loads(signed.read_text())["@graph"]
    for node in objects(graph):
        assert set(node) <= set(getattr(vocabulary, node["@type"]).__struct_encode_fields__)
    reviews = {node["@id"].rpartition(":")[2]: node for node in graph if node["@type"] == "ClaimReview"}
    assert set(reviews) == {worth["claim_id"], prediction}
    assert reviews[worth["claim_id"]]["reviewRating"]["alternateName"] == "Supported"
    assert reviews[worth["claim_id"]]["reviewBody"] == "As in the yearbook."
    assert reviews[prediction]["reviewRating"]["alternateName"] == "Refuted"
    for claim_id, review in reviews.items():
        assert review["url"] == PAGE.replace("{claim_id}", claim_id)
        assert review["author"]["name"] == "The Checkers"
        assert review["isBasedOn"] == EVIDENCE
        assert review["claimReviewed"] == review["itemReviewed"]["text"]

    # The next time that somebody says it, the check knows.
    checked = [f for f in _findings(db, "--fact-checks", signed) if f["check"] == "fact-checks"]
    assert {row["claim_id"] for f in checked for row in f["rows"]} >= {worth["claim_id"]}

    # And the colleagues get a page, without what was no claim among what counts.
    page = tmp_path / "report.html"
    claimtable("report", "--db", db, "-o", page)
    root = lxml.html.fromstring(page.read_text())
    assert {"supported", "refuted"} <= {e.text for e in root.find_class("verdict")}
    assert len(root.xpath("//tr[@class='rejected']")) == 1


def test_an_analysts_hour(ingested, tmp_path):
    path = _exported(ingested, tmp_path / "claims.parquet")

    # Typed, here and elsewhere.
    table = read_table(path)
    assert table.dtypes[["value", "start", "time_start"]].astype(str).tolist() == [
        *("Float64", "Int64", "datetime64[s]")
    ]
    elsewhere = polars.read_parquet(path)
    assert elsewhere.schema["value"] == polars.Float64
    assert elsewhere.schema["deadline"] == polars.Datetime("ms")
    assert len(elsewhere) == len(table) > 100

    # Trade over the years, as the notebook in docs/ selects it.
    figures = table[
        (table["kind"] == "quantitative")
        & (table["unit"] == "USD")
        & table["subject"].str.contains(r"trade|export|import", case=False)
        & table["value"].notna()
        & table["time_start"].notna()
    ].assign(year=lambda rows: rows["time_start"].dt.year)
    subject = figures.groupby("subject")["year"].nunique().idxmax()
    one = figures[figures["subject"] == subject].sort_values("year")
    assert dict(zip(one["year"], one["value"], strict=True)) == {2017: 77.8e6, 2018: 34e6}
    mpl.use("svg")
    axes = one.plot(x="year", y="value", marker="o", legend=False)
    chart = tmp_path / "trade.svg"
    axes.figure.savefig(chart)
    (line,) = axes.get_lines()
    assert line.get_ydata().tolist() == [77.8e6, 34e6]
    assert re.search(r"<path d=\"M [\d.]+ [\d.]+", chart.read_text())

    # Who foretells what, by when.
    predictions = table[table["kind"] == "prediction"]
    due = predictions[predictions["deadline"] < date(2030, 1, 1).isoformat()]
    assert 0 < len(due) < len(predictions)
    assert predictions["speaker"].notna().mean() > 0.9


def _exported(db, path):
    claimtable("export", "--db", db, "-o", path)
    return path


def _findings(db, *options):
    result = claimtable("check", "--db", db, "--format", "json", *options)
    return [json.loads(line) for line in result.stdout.splitlines()]
