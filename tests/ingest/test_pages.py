"""Sample pages in the manner of many sites: each part in its role, with its speaker, furniture in none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claimtable.ingest import Metadata, read, read_text

CASES = Path(__file__).parent.parent / "cases" / "pages"
GOLD = Path(__file__).parents[3] / "shared" / "gold"


def gold_folders() -> list[Path]:
    folders = sorted(path for path in GOLD.iterdir() if path.is_dir())
    assert folders, f"no article in {GOLD}"
    return folders


def cases() -> list[tuple[Path, dict[str, Any]]]:
    found: list[tuple[Path, dict[str, Any]]] = []
    for expected in sorted(CASES.glob("*.json")):
        (page,) = (p for p in CASES.glob(expected.stem + ".*") if p != expected)
        found.append((page, json.loads(expected.read_text(encoding="utf-8"))))
    return found


@pytest.mark.parametrize(("page", "expected"), cases(), ids=[page.name for page, _ in cases()])
def test_page(page, expected):
    (document,) = read([page])
    assert document.title == expected["title"]
    assert document.author == expected["author"]
    assert (document.published.isoformat() if document.published else None) == expected["published"]
    assert document.url == expected.get("url")
    found = []
    for section, wanted in zip(document.sections, expected["sections"], strict=False):
        text = document.text[section.start : section.end]
        found.append(
            {
                "role": section.role,
                "speaker": section.speaker,
                "heading": section.heading,
                "starts": text[: len(wanted["starts"])],
                "ends": text[-len(wanted["ends"]) :],
            }
        )
    assert found == expected["sections"]
    assert len(document.sections) == len(expected["sections"])


@pytest.mark.parametrize("given", [False, True], ids=["alone", "title given"])
def test_text_is_kept_character_for_character(given):
    pages = list(CASES.glob("*.txt"))
    assert pages
    for page in pages:
        data = page.read_bytes()
        metadata = Metadata(title="Another title") if given else None
        assert read_text(data, metadata=metadata).text == data.decode()


def test_there_are_pages():
    assert len(cases()) >= 10


def test_given_facts_win():
    page = CASES / "blogspot.txt"
    document = read_text(page.read_bytes(), metadata=Metadata(author="The Editor", title="A levy"))
    assert (document.title, document.author) == ("A levy", "The Editor")
    assert {s.speaker for s in document.sections if s.role == "body"} == {"The Editor"}


@pytest.mark.shared
@pytest.mark.skipif(not GOLD.is_dir(), reason="no shared gold beside the checkout")
@pytest.mark.parametrize("given", [False, True], ids=["alone", "title given"])
def test_gold_claims_lie_in_their_section(given):
    for folder in gold_folders():
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        document = read_text(
            (folder / "document.txt").read_bytes(), metadata=Metadata(title=meta["title"]) if given else None
        )
        lines = (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines()
        assert lines, f"{folder.name} has no claims"
        for line in lines:
            claim = json.loads(line)
            places = []
            start = document.text.find(claim["quote"])
            while start >= 0:
                section = document.section_at(start)
                if section and start + len(claim["quote"]) <= section.end:
                    places.append(section.role)
                start = document.text.find(claim["quote"], start + 1)
            wanted = claim.get("section")
            assert places, f"{folder.name}: {claim['quote']!r} is in no section"
            assert wanted is None or wanted in places, f"{folder.name}: {claim['quote']!r}"


@pytest.mark.shared
@pytest.mark.skipif(not GOLD.is_dir(), reason="no shared gold beside the checkout")
def test_analysis_with_comments():
    document = read_text((GOLD / "dprk-russia" / "document.txt").read_bytes())
    roles = [(s.role, s.speaker, s.heading) for s in document.sections]
    clare = "Gerard Clare"
    assert document.title == "Slow and Steady Wins the Race: pulse of the current DPRK-Russia relationship"
    assert roles == [
        ("title", clare, None),
        ("standfirst", "Yong Kwon", None),
        ("body", clare, None),
        ("body", clare, "Political Engagement"),
        ("body", clare, "Reaching for one billion – Economic Statecraft"),
        ("body", clare, "Human Capital"),
        ("author_bio", clare, None),
        ("comment", "Sarah", None),
    ]


@pytest.mark.shared
@pytest.mark.skipif(not GOLD.is_dir(), reason="no shared gold beside the checkout")
def test_plain_articles_are_body_alone():
    for folder in gold_folders():
        if folder.name != "dprk-russia":
            document = read_text((folder / "document.txt").read_bytes())
            assert {s.role for s in document.sections} == {"body"}, folder.name
