"""The gold of the sample articles is well formed and fits the articles as they are read now."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import claimtable

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "annotations" / "gold"
FOLDERS = sorted(path.name for path in GOLD.iterdir() if path.is_dir())
ARTICLES = sorted(
    path.parent
    for path in (ROOT / "annotations").glob("gold*/*/claims.jsonl")
    if any(path.parent.glob("document.*"))
)
STANDOFF = sorted(path.parent for path in (ROOT / "annotations" / "gold-open").glob("*/*/claims.jsonl"))
LEGAL = {
    "kind": {"quantitative", "prediction"},
    "bound": {"=", "~", "<", "<=", ">", ">="},
    "change": {"up", "down", "flat", None},
    "polarity": {"affirmed", "negated"},
    "section": {"title", "standfirst", "body", "author_bio", "comment"},
}
ACTOR_TYPES = {"PERSON", "ORG", "GPE", "LOC", "NORP"}
_DATE = r"\d{1,4}|\d{4}-(?:\d\d|Q[1-4]|H[12]|SP|SU|FA|WI|W\d\d(?:-WE)?|\d\d-\d\d)"
TIMEX3_VALUES = {
    "DATE": re.compile(rf"{_DATE}|XXXX-(?:SP|SU|FA|WI)|PAST_REF|PRESENT_REF|FUTURE_REF"),
    "TIME": re.compile(r"\d{4}-\d\d-\d\dT(?:\d\d:\d\d(?::\d\d)?|MO|AF|EV|NI)"),
    "DURATION": re.compile(r"P(?:[\dX]+[YQMWDEC])*(?:T(?:[\dX]+[HMS])+)?"),
    "SET": re.compile(r"P(?:[\dX]+[YMWDE]|T\d+H)|XXXX-(?:\d\d|WXX-[1-7]|SP|SU|FA|WI)"),
}
"""What a TIMEX3 value of gold can be, by type."""
REQUIRED = {"id", "kind", "quote", "subject", "speaker", "polarity", "section"}


@cache
def corpus():
    """The documents by the names of their gold folders."""
    named = {}
    for path in sorted((ROOT / "corpus").iterdir()):
        if path.suffix != ".tsv" and not path.name.endswith(".meta.json"):
            for document in claimtable.read([path]):
                named[document.id if document.id in FOLDERS else path.stem] = document
    return named


def lines(folder, name):
    text = (GOLD / folder / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def fold(text):
    return re.sub(r"\s+", " ", text).strip()


def test_every_document_has_gold():
    assert sorted(corpus()) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_document_is_what_is_read(folder):
    document = corpus()[folder]
    assert (GOLD / folder / "document.txt").read_bytes().decode("utf-8") == document.text
    meta = json.loads((GOLD / folder / "meta.json").read_text(encoding="utf-8"))
    published = document.published.isoformat() if document.published else None
    assert (meta["title"], meta["author"], meta["published"]) == (document.title, document.author, published)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.name)
def test_claims_are_well_formed(article):
    text = fold(next(article.glob("document.*")).read_text(encoding="utf-8"))
    claims = lines(article, "claims.jsonl")
    assert claims
    assert len({claim["id"] for claim in claims}) == len(claims)
    for claim in claims:
        assert claim.keys() >= REQUIRED, claim
        assert fold(claim["quote"]) in text, claim
        for field, legal in LEGAL.items():
            given = [claim[field]] if field in claim else []
            assert {*given, *claim.get(f"accept_{field}", [])} <= legal, claim
        for field in ("time_start", "time_end", "deadline"):
            for day in [claim.get(field), *claim.get(f"accept_{field}", [])]:
                assert day is None or date.fromisoformat(day).isoformat() == day, claim
        assert ("time_start" in claim) == ("time_end" in claim), claim
        assert claim.get("time_start", "") <= claim.get("time_end", ""), claim
        valued = "value" in claim or "value_low" in claim
        assert valued == ("unit" in claim) == ("bound" in claim), claim
        assert valued or claim["kind"] == "prediction", claim
        assert claim.get("value_low", 0) <= claim.get("value_high", 0), claim


def test_there_is_gold_of_first_sight():
    assert len(STANDOFF) >= 70


@pytest.mark.parametrize("article", STANDOFF, ids=lambda path: path.name)
def test_standoff_claims_are_well_formed_and_hold_no_text(article):
    claims = lines(article, "claims.jsonl")
    assert len({claim["id"] for claim in claims}) == len(claims)
    for claim in claims:
        assert claim.keys() >= (REQUIRED - {"quote", "polarity", "section"}) | {"start", "end"}, claim
        assert "quote" not in claim
        assert 0 <= claim["start"] < claim["end"]
        for field, legal in LEGAL.items():
            assert claim.get(field) is None or claim[field] in legal, claim
        for field in ("time_start", "time_end", "deadline"):
            day = claim.get(field)
            assert day is None or date.fromisoformat(day).isoformat() == day, claim
        assert not ("value" in claim and "value_low" in claim), claim


@pytest.mark.parametrize("folder", FOLDERS)
def test_actors_are_well_formed(folder):
    text = fold((GOLD / folder / "document.txt").read_text(encoding="utf-8"))
    actors = lines(folder, "actors.jsonl")
    assert len({actor["name"] for actor in actors}) == len(actors)
    for actor in actors:
        assert actor["type"] in ACTOR_TYPES, actor
        assert actor["aliases"], actor
        assert all(alias in text for alias in actor["aliases"]), actor


@pytest.mark.parametrize("name", ["open", "held-out"])
def test_times_are_well_formed(name):
    path = ROOT / "annotations" / "gold-times" / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        date.fromisoformat(row["published"])
        at = 0
        for time in row["times"]:
            surface = row["text"][time["start"] : time["end"]]
            assert surface and surface == surface.strip() and time["start"] >= at, (row["id"], surface)
            assert TIMEX3_VALUES[time["type"]].fullmatch(time["value"]), (row["id"], surface, time["value"])
            at = time["end"]


def test_times_of_sample_articles_are_in_their_text():
    path = ROOT / "annotations" / "gold-times" / "open.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    own = [row for row in rows if row["id"] in FOLDERS]
    assert own
    for row in own:
        assert row["text"] == corpus()[row["id"]].text
