import json
from dataclasses import replace
from datetime import date
from io import BytesIO

import msgspec_schemaorg.models as vocabulary
import pytest
from hostile import hostile

from claimtable.errors import ExportError
from claimtable.export.claimreview import RATINGS, Publisher, write_claimreview
from claimtable.schema import FoundRow

PUBLISHER = Publisher(
    "The Checkers", "https://checkers.example/{doc_id}#{claim_id}", "https://checkers.example"
)


def graph(rows, publisher=PUBLISHER):
    file = BytesIO()
    assert write_claimreview((r.to_dict() for r in rows), file, publisher) == len(rows)
    document = json.loads(file.getvalue())
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


@pytest.fixture
def reviewed(claim):
    return replace(
        claim,
        status="accepted",
        verdict="refuted",
        note="It was 0.6 billion.",
        evidence_url="https://stats.example/t1",
        reviewer="ann@example.org",
        reviewed_at="2024-05-06T07:08:09Z",
    )


def objects(node):
    """Yields every object inside a JSON value."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_every_property_is_in_the_published_vocabulary(reviewed):
    seen = set()
    for node in objects(graph([reviewed])):
        known = set(getattr(vocabulary, node["@type"]).__struct_encode_fields__)
        assert set(node) <= known
        seen.add(node["@type"])
    assert {"Claim", "ClaimReview", "Rating", "Organization", "CreativeWork"} <= seen


def test_it_may_stand_in_a_page(reviewed):
    words = "</script><script>alert(1)</script> & \u2028"
    file = BytesIO()
    write_claimreview([replace(reviewed, text=words, note=words).to_dict()], file, PUBLISHER)
    assert not set("<>&\u2028") & set(file.getvalue().decode())
    assert json.loads(file.getvalue())["@graph"][0]["text"] == words


def test_only_addresses_of_the_web_leave(reviewed):
    bad = replace(reviewed, url="javascript:alert(1)", evidence_url="data:text/html,x")
    _, review = graph([bad])
    assert "url" not in review["itemReviewed"]["appearance"] and "isBasedOn" not in review
    _, review = graph([reviewed])
    assert review["isBasedOn"] == reviewed.evidence_url


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Jane Doe", ["Jane Doe"]),
        ("Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe and Ann van Lee", ["Jane Doe", "John Roe", "Ann van Lee"]),
        ("Smith and Sons", ["Smith and Sons"]),
        ("Ministry of Trade, Oslo", ["Ministry of Trade, Oslo"]),
    ],
)
def test_several_authors_are_several(claim, byline, names):
    (node,) = graph([replace(claim, author=byline)])
    author = node["appearance"]["author"]
    assert [a["name"] for a in (author if isinstance(author, list) else [author])] == names


def test_only_a_verdict_makes_a_review(claim, reviewed):
    assert [n["@type"] for n in graph([claim, reviewed])] == ["Claim", "Claim", "ClaimReview"]
    accepted = replace(claim, status="accepted", reviewer="ann@example.org")
    assert [n["@type"] for n in graph([accepted], None)] == ["Claim"]


def test_what_consumers_require(reviewed):
    review = graph([reviewed])[-1]
    assert review["claimReviewed"] == reviewed.text
    assert review["url"] == f"https://checkers.example/{reviewed.doc_id}#{reviewed.claim_id}"
    assert review["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Refuted",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert review["author"] == {
        "@type": "Organization",
        "name": "The Checkers",
        "url": "https://checkers.example",
    }
    assert review["datePublished"] == "2024-05-06"
    assert review["itemReviewed"]["author"]["name"] == "Russia"
    assert review["itemReviewed"]["appearance"]["headline"] == reviewed.title


def test_every_verdict_has_words(reviewed):
    for verdict in RATINGS:
        assert graph([replace(reviewed, verdict=verdict)])[-1]["reviewRating"]["alternateName"]
    assert "ratingValue" not in graph([replace(reviewed, verdict="unverifiable")])[-1]["reviewRating"]


def test_a_review_without_an_address_is_refused(reviewed):
    with pytest.raises(ExportError, match=r"--review-url"):
        graph([reviewed], None)


def test_hostile_rows_are_valid_json(claim):
    assert len(graph(hostile(claim))) == len(hostile(claim))


def test_where_else_it_is_said_and_where_first(reviewed):
    rows = (
        FoundRow("c0", "x", "first", "Trade", date(2013, 1, 1), "https://a.example"),
        FoundRow(reviewed.claim_id, "x", reviewed.doc_id, published=date(2014, 1, 1)),
        FoundRow("c9", "x", "last", published=date(2015, 1, 1), url="javascript:alert(1)"),
    )
    same = {(reviewed.doc_id, reviewed.claim_id): rows}
    file = BytesIO()
    write_claimreview([reviewed.to_dict()], file, PUBLISHER, same)
    claim = next(node for node in json.loads(file.getvalue())["@graph"] if node["@type"] == "Claim")
    assert [place["identifier"] for place in claim["appearance"]] == [reviewed.doc_id, "first", "last"]
    assert claim["firstAppearance"] == {
        "@type": "CreativeWork",
        "identifier": "first",
        "headline": "Trade",
        "url": "https://a.example",
        "datePublished": "2013-01-01",
    }
    assert "url" not in claim["appearance"][2]
    for node in objects(claim):
        assert set(node) <= set(getattr(vocabulary, node["@type"]).__struct_encode_fields__)


def test_without_all_days_nobody_is_first(reviewed):
    rows = (FoundRow("c0", "x", "other"), FoundRow(reviewed.claim_id, "x", reviewed.doc_id))
    file = BytesIO()
    write_claimreview([reviewed.to_dict()], file, PUBLISHER, {(reviewed.doc_id, reviewed.claim_id): rows})
    claim = next(node for node in json.loads(file.getvalue())["@graph"] if node["@type"] == "Claim")
    assert len(claim["appearance"]) == 2 and "firstAppearance" not in claim
