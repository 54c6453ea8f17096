"""A database with a document and its claims, and reviews to put on them."""

import uuid
from dataclasses import replace

import pytest

from claimtable.schema import (
    CONTEXT_CHARS,
    Annotation,
    Claim,
    Document,
    Review,
    Section,
    Submission,
    new_claim_id,
)
from claimtable.store import Extraction, Store

TEXT = (
    "Trade rises\n\nExports rose to 14 million dollars in 2008, the ministry said. "
    "Imports will fall to 5 million dollars by 2030.\n\nNobody knows 🤷 why."
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "claims.db"


@pytest.fixture
def store(path):
    with Store.open(path) as store:
        yield store


@pytest.fixture
def document():
    return Document(id="d", text=TEXT, title="Trade rises", sections=(Section(13, len(TEXT), "body"),))


@pytest.fixture(scope="session")
def claim_of():
    return make_claim


@pytest.fixture(scope="session")
def claims_of():
    return make_claims


@pytest.fixture(scope="session")
def submission():
    return make_submission


def make_claim(document, words, **fields):
    """Returns a claim on these words, as the extraction would make it."""
    start = document.text.index(words)
    end = start + len(words)
    key = f"{document.sha256} {start} {sorted(fields.items())}"
    return Claim(
        claim_id=fields.pop("claim_id", new_claim_id(key)),
        text=words,
        start=start,
        end=end,
        prefix=document.text[max(0, start - CONTEXT_CHARS) : start],
        suffix=document.text[end : end + CONTEXT_CHARS],
        doc_id=document.id,
        title=document.title,
        url=document.url,
        author=document.author,
        published=document.published,
        section="body",
        **fields,
    )


def make_claims(document):
    """Returns the claims of the text above, in whatever version still makes them."""
    made = {
        "Exports rose to 14 million dollars in 2008": {"value": 14e6, "unit": "USD"},
        "Imports will fall to 5 million dollars by 2030": {"kind": "prediction", "value": 5e6, "unit": "USD"},
    }
    return tuple(
        make_claim(document, words, **fields) for words, fields in made.items() if words in document.text
    )


@pytest.fixture
def claims(store, document):
    """The claims of the document, both stored."""
    store.add_document(document)
    made = make_claims(document)
    store.save_extraction(document, Extraction(made), pipeline="test@1")
    return made


def make_submission(document, *reviews, reviewer="ann@example.org", at="2024-05-01T12:00:00Z", **fields):
    """Returns what one person says: dicts of `Review` fields, with the claim under `claim`."""
    annotation_id = fields.pop(
        "annotation_id", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{document.id} {reviewer}"))
    )
    origin = "file:test"
    annotation = Annotation(
        annotation_id=annotation_id,
        doc_id=document.id,
        doc_sha256=document.sha256,
        reviewer=reviewer,
        created_at=at,
        updated_at=at,
        origin=origin,
        **{"result": ({"id": "r"},) if reviews else ()} | fields,
    )
    made = []
    for data in reviews:
        claim = data.pop("claim")
        made.append(
            replace(
                Review(
                    review_id=str(uuid.uuid5(uuid.NAMESPACE_URL, annotation_id + claim.claim_id)),
                    annotation_id=annotation_id,
                    doc_id=document.id,
                    doc_sha256=document.sha256,
                    claim_id=claim.claim_id,
                    decision="accepted",
                    start=claim.start,
                    end=claim.end,
                    exact=claim.text,
                    prefix=claim.prefix,
                    suffix=claim.suffix,
                    reviewer=reviewer,
                    reviewed_at=at,
                    origin=origin,
                ),
                **data,
            )
        )
    return Submission(annotation, tuple(made))
