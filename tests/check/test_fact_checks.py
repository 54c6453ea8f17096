import io
import json

import pytest

from claimtable.check.fact_checks import FactCheck, fact_checked, read_fact_checks
from claimtable.errors import CheckError
from claimtable.export.claimreview import Publisher, write_claimreview
from claimtable.schema import Claim

WORDS = "Trade between Russia and North Korea was worth $34 million in 2018"
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": WORDS,
    "url": "https://checkers.example/1",
    "datePublished": "2019-07-01",
    "author": {"@type": "Organization", "name": "The Checkers"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Marta Olsen"}},
    "reviewRating": {"@type": "Rating", "alternateName": "Refuted"},
}
EXPECTED = FactCheck(
    WORDS, "Refuted", "The Checkers", "https://checkers.example/1", "2019-07-01", "Marta Olsen"
)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REVIEW),
        json.dumps(REVIEW, indent=2),
        "\ufeff" + json.dumps([REVIEW]),
        json.dumps({"@graph": [{"@type": "Claim", "text": "x"}, REVIEW]}),
        "\n" + json.dumps(REVIEW | {"@type": ["Review", "ClaimReview"]}) + "\r\n\n",
        json.dumps(REVIEW | {"author": [{"name": "The Checkers"}], "itemReviewed": [REVIEW["itemReviewed"]]}),
    ],
    ids=["line", "document", "list", "graph", "lines", "lists inside"],
)
def test_shapes_of_the_file(tmp_path, text):
    path = tmp_path / "published.json"
    path.write_text(text, encoding="utf-8")
    assert list(read_fact_checks(path, pytest.fail)) == [EXPECTED]


def test_what_is_none_costs_one_line(tmp_path):
    path = tmp_path / "published.jsonl"
    lines = [
        '{"@type": "ClaimReview"}',
        "no JSON",
        "[1]",
        "{}",
        '{"@type": "ClaimReview", "claimReviewed": "x"}',
    ]
    path.write_text("\n".join(lines))
    errors = []
    assert list(read_fact_checks(path, errors.append)) == [FactCheck("x")]
    messages = [str(error) for error in errors]
    for message, words in zip(
        messages,
        ["line 1: a ClaimReview without", "line 2: no JSON", "line 3: no", "line 4: no"],
        strict=True,
    ):
        assert words in message


def test_no_file(tmp_path):
    with pytest.raises(CheckError, match=r"nothing\.json: cannot be read"):
        list(read_fact_checks(tmp_path / "nothing.json", pytest.fail))


def test_our_own_export_is_such_a_file(tmp_path):
    claim = Claim(claim_id="c", doc_id="d", text=WORDS, verdict="refuted", status="accepted")
    file = io.BytesIO()
    write_claimreview(
        [claim.to_dict()], file, Publisher("The Checkers", "https://checkers.example/{claim_id}")
    )
    path = tmp_path / "reviews.json"
    path.write_bytes(file.getvalue())
    (found,) = fact_checked([claim], list(read_fact_checks(path, pytest.fail)))
    assert found.link == "https://checkers.example/c"
    assert "The Checkers checked" in found.reason and "Refuted" in found.reason
