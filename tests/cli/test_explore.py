"""Datasette on a database: its pages, what they say of the columns, and every ready query."""

import asyncio
import re
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from datasette.app import Datasette

import claimtable.cli.explore
from claimtable.cli.explore import SETTINGS, datasette_arguments, metadata
from claimtable.schema import COLUMNS, Document, Finding, FoundRow
from claimtable.store import Extraction, Store, queries

COMMAND = Path(claimtable.cli.explore.__file__).parent


@pytest.fixture
def db(tmp_path, claim):
    path = tmp_path / "claims.db"
    document = Document(
        id="d", text="Moscow hopes trade will reach $1 billion by 2020.", title="Slow and steady"
    )
    claims = (
        replace(claim, published=None, deadline=None, claim_id="c0"),
        replace(claim, published=None, claim_id="c2"),
    )
    with Store.open(path) as store:
        store.add_document(document)
        store.save_extraction(document, Extraction(claims), pipeline="test@1")
        rows = tuple(FoundRow.of(replace(claim, doc_id="d")) for claim in claims)
        store.save_findings([Finding("f", "repeats", "the same", rows)], checks=["repeats"])
    return path


def pages(db, *paths):
    """Returns what Datasette answers, set up as the command does it."""
    with Store.open(db, read_only=True) as store:
        described = metadata(db, store.tables())

    async def fetch():
        places = {
            "plugins_dir": COMMAND / "datasette_plugins",
            "template_dir": COMMAND / "datasette_templates",
        }
        datasette = Datasette(
            [str(db)], metadata=described, settings=SETTINGS, **{k: str(v) for k, v in places.items()}
        )
        return [await datasette.client.get(path) for path in paths]

    return asyncio.run(fetch())


def test_the_first_page_leads_to_the_views_and_hides_the_rest(db):
    (page,) = pages(db, "/claims.json")
    tables = {table["name"]: table["hidden"] for table in page.json()["tables"]}
    views = {view["name"] for view in page.json()["views"]}
    assert page.status_code == 200
    assert all(tables.values()), "tables are for the program"
    assert {
        *("claims", "claims_extracted", "reviews_history", "documents", "disagreements", "findings")
    } == views
    assert {query["name"] for query in page.json()["queries"]} == {query.name for query in queries()}


def test_the_front_page_says_in_words_what_there_is_and_what_to_review_next(db):
    (page,) = pages(db, "/")
    assert page.status_code == 200
    root = lxml.html.fromstring(page.text)
    assert "2 claims, 2 of them predictions, in 1 articles" in root.text_content()
    (table,) = root.xpath("//h2[.='To review next']/following-sibling::table[1]")
    assert [code.text for code in table.iter("code")] == ["c0", "c2"]
    links = [a.get("href") for a in root.xpath("//div[@class='front']//a")]
    assert {f"/claims/{query.name}" for query in queries()} <= set(links)
    assert all(answer.status_code == 200 for answer in pages(db, *links))
    assert [c.text for c in root.iter("caption")] == [
        "Who speaks in what was added this week",
        "What is measured in it",
    ]


def test_columns_are_described(db):
    (page,) = pages(db, "/claims/claims")
    assert page.status_code == 200
    shown = re.findall(r'data-column-description="([^"]+)"', page.text) + re.findall(
        r"<dd>([^<]+)</dd>", page.text
    )
    assert len(set(shown)) >= len({column.description for column in COLUMNS})


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.name)
def test_every_ready_query_runs(db, query):
    (page,) = pages(db, f"/claims/{query.name}.json?_shape=array&speaker=Rus&words=trade")
    assert page.status_code == 200, page.text
    expected = {
        "to_review_next": 2,
        "due_predictions": 1,
        "claims_by_speaker": 1,
        "disagreements": 0,
        "open_findings": 2,
        "search_claims": 2,
        "search_documents": 1,
    }
    assert len(page.json()) == expected[query.name]


def test_nothing_can_be_written(db):
    (page,) = pages(db, "/claims.json?sql=delete+from+documents")
    assert page.status_code == 400


def test_the_command_serves_this_machine_alone_and_stops_whole(process, db):
    running = process("explore", "--db", db, "--port", 0)
    try:
        address = None
        for line in running.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                address = found[1]
                break
        assert address is not None
        with urllib.request.urlopen(f"{address}/claims/to_review_next.json", timeout=30) as answer:
            assert answer.status == 200
        for host in ("evil.example", "evil.example:8001", "127.0.0.1.evil.example", ""):
            foreign = urllib.request.Request(f"{address}/claims.json", headers={"Host": host})
            with pytest.raises(urllib.error.HTTPError, match="421"):
                urllib.request.urlopen(foreign, timeout=30)
    finally:
        running.terminate()
        running.wait(timeout=30)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=30)


def test_without_datasette_it_says_what_to_install(db, tmp_path, monkeypatch):
    monkeypatch.setattr("claimtable.cli.explore.find_spec", lambda name: None)
    with pytest.raises(Exception, match=r"claimtable\[explore\]"):
        datasette_arguments(db, tmp_path)
