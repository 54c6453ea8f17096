"""The sample corpus: every file has its origin and licence on record and is read as it should be."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from claimtable.ingest import read

CORPUS = Path(__file__).parents[2] / "corpus"


def sources() -> list[dict[str, str]]:
    lines = (CORPUS / "SOURCES.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def test_every_file_is_on_record():
    files = {path.name for path in CORPUS.iterdir()} - {"SOURCES.tsv"}
    assert {row["file"] for row in sources()} == files


@pytest.mark.parametrize("row", sources(), ids=[row["file"] for row in sources()])
def test_record(row):
    assert row["title"]
    assert row["origin"]
    assert row["licence"] in ("CC0-1.0", "CC-BY-4.0")
    assert row["sha256"] == hashlib.sha256((CORPUS / row["file"]).read_bytes()).hexdigest()


EXPECTED = {
    "after-the-steering-wheel.txt": ("Fergus Adeyinka", "2018-02-04", ["title", "body", "author_bio"], []),
    "budget-speech.txt": ("Catherine Ravenhill", "2019-03-20", ["body"], []),
    "heat-pumps-explained.md": ("Sunniva Falk", "2023-10-02", ["title", "body"], []),
    "norrvik-third-quarter.txt": (None, "2021-10-28", ["title", "body"], []),
    "offshore-wind-auction.html": (
        "Priscilla Okafor",
        "2022-07-08",
        ["title", "standfirst", "body", "author_bio", "comment"],
        ["Dougal M", "saltmarsh"],
    ),
    "port-albrecht-election.txt": ("Oluwaseun Grant", "2015-11-09", ["title", "standfirst", "body"], []),
    "rhine-low-water.txt": ("Anneke Vos", "2018-10-16", ["title", "body"], []),
    "seagrass-carbon.txt": ("Leonor Vidal", "2020-05-12", ["title", "body"], []),
    "tumen-crossing.txt": (
        "Marta Olsen",
        "2019-06-18",
        ["title", "standfirst", "body", "author_bio", "comment"],
        ["Hannes", "pyongtaek_dad", "Marta Olsen"],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_parts(name):
    author, published, roles, commenters = EXPECTED[name]
    (document,) = read([CORPUS / name])
    assert document.author == author
    assert str(document.published) == published
    assert list(dict.fromkeys(section.role for section in document.sections)) == roles
    assert [s.speaker for s in document.sections if s.role == "comment"] == commenters


def test_whole_folder_without_an_error():
    documents = list(read([CORPUS]))
    assert len(documents) == 11
    assert all(350 <= len(d.text.split()) <= 950 for d in documents if "briefs" not in (d.source or ""))


def test_signed_letter_has_its_own_speaker():
    (document,) = read([CORPUS / "norrvik-third-quarter.txt"])
    speakers = {s.heading: s.speaker for s in document.sections if s.role == "body"}
    assert speakers["CEO comment"] == "Ingrid Sahlström"
    assert speakers["Financial position"] is None
