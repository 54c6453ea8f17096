"""What is always true: records come back as they went in, and a quote is found where it stands alone."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtable.errors import RecordError
from claimtable.schema import CONTEXT_CHARS, Claim, Document, Section
from claimtable.store import Extraction, Store
from claimtable.store.anchoring import find_quote

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
maybe = st.none() | words
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
dates = st.none() | st.dates(min_value=date(1, 1, 1))
quietly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def documents(draw):
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
    cut = draw(st.integers(0, len(text)))
    return Document(
        id=draw(words.filter(bool)),
        text=text,
        title=draw(maybe),
        author=draw(maybe),
        published=draw(dates),
        url=draw(maybe),
        sections=(
            Section(0, cut, "standfirst", draw(maybe)),
            Section(cut, len(text), "body", None, draw(maybe)),
        ),
        source=draw(maybe),
        language=draw(maybe),
    )


@st.composite
def extractions(draw):
    document = draw(documents())
    claims = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(document.text)))
        end = draw(st.integers(start, len(document.text)))
        claims.append(
            Claim(
                claim_id=f"{number} {draw(words)}",
                kind=draw(st.sampled_from(["quantitative", "prediction"])),
                text=document.text[start:end],
                subject=draw(maybe),
                bound=draw(st.sampled_from([None, "=", "~", "<="])),
                value=draw(numbers),
                value_low=draw(numbers),
                unit=draw(maybe),
                time_start=draw(dates),
                deadline=draw(dates),
                speaker=draw(maybe),
                polarity=draw(st.sampled_from(["affirmed", "negated"])),
                check_worthiness=draw(numbers),
                doc_id=document.id,
                title=document.title,
                url=document.url,
                author=document.author,
                published=document.published,
                section=draw(st.sampled_from([None, "body", "comment"])),
                start=start,
                end=end,
                prefix=document.text[max(0, start - CONTEXT_CHARS) : start],
                suffix=document.text[end : end + CONTEXT_CHARS],
                rule=draw(maybe),
            )
        )
    return document, tuple(sorted(claims, key=lambda c: (c.start, c.end, c.claim_id)))


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("store") / "claims.db") as store:
        yield store


def own_id(made):
    """Returns the same under an id that no other example has."""
    document, claims = made
    doc_id = f"{document.id} {next(ids)}"
    return replace(document, id=doc_id), tuple(replace(claim, doc_id=doc_id) for claim in claims)


ids = count()


@quietly
@given(extractions())
def test_documents_and_claims_come_back_unchanged(shared_store, made):
    document, claims = own_id(made)
    shared_store.add_document(document)
    shared_store.save_extraction(document, Extraction(claims), pipeline="test@1")
    assert shared_store.document(document.id) == document
    # SQLite orders text by its bytes in UTF-8, which is the order of code points, as Python's.
    assert tuple(shared_store.extracted_claims(document.id)) == claims
    assert tuple(shared_store.claims(doc_ids=[document.id])) == claims


@quietly
@given(st.data())
def test_reviews_come_back_unchanged_and_show_what_was_said(shared_store, submission, data):
    document, claims = own_id(data.draw(extractions().filter(lambda made: made[1])))
    shared_store.add_document(document)
    shared_store.save_extraction(document, Extraction(claims), pipeline="test@1")
    claim = data.draw(st.sampled_from(claims))
    said = {
        "claim": claim,
        "decision": "corrected",
        "fields": data.draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "subject": maybe,
                    "value": numbers,
                    "deadline": dates.map(lambda day: day and day.isoformat()),
                },
            )
        ),
        "verdict": data.draw(st.sampled_from([None, "supported", "refuted"])),
        "note": data.draw(maybe),
    }
    sent = submission(
        document, dict(said), reviewer=data.draw(words.filter(bool)), annotation_id=f"{claim}{said}"
    )
    shared_store.add_annotations([sent])
    shared_store.add_annotations([sent])
    assert sent.reviews[0] in tuple(shared_store.reviews(document.id))
    (shown,) = [c for c in shared_store.claims(doc_ids=[document.id]) if c.claim_id == claim.claim_id]
    latest = [r for r in shared_store.reviews(document.id) if r.claim_id == claim.claim_id]
    if len(latest) == 1:
        expected = Claim.from_dict(claim.to_dict() | said["fields"])
        assert (shown.subject, shown.value, shown.deadline) == (
            expected.subject,
            expected.value,
            expected.deadline,
        )
        assert (shown.status, shown.verdict, shown.note) == ("corrected", said["verdict"], said["note"])
    shared_store.withdraw_annotations([sent.annotation.annotation_id])
    assert tuple(shared_store.claims(doc_ids=[document.id])) == claims


@pytest.mark.parametrize("field", ["text", "title", "id"])
def test_half_a_surrogate_pair_is_refused_in_words(store, document, field):
    with pytest.raises(RecordError, match="surrogate"):
        store.add_document(replace(document, **{field: "x\ud83ey"}))
    assert list(store.documents()) == []


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused(store, document, claims, number):
    with pytest.raises(RecordError, match="finite"):
        store.save_extraction(document, Extraction((replace(claims[0], value=number),)), pipeline="t")
    assert tuple(store.claims()) == claims


@given(st.text("ab ", max_size=40), st.text("xyz", min_size=3, max_size=10), st.text("ab ", max_size=40))
def test_a_quote_that_stands_alone_is_found(before, quote, after):
    assert find_quote(before + quote + after, quote, "anything", "") == (
        len(before),
        len(before) + len(quote),
    )


QUOTES = {
    "nothing there": ("some text", "other", "", "", None),
    "two places, told apart before": ("He paid 5. She paid 5.", "paid 5", "She ", ".", (15, 21)),
    "two places, told apart after": ("paid 5 now, paid 5 then", "paid 5", "", " then", (12, 18)),
    "two places, alike": ("paid 5. paid 5. ", "paid 5", "", ".", None),
    "overlapping places": ("aaa", "aa", "", "", None),
    "at the ends": ("all of it", "all of it", "before", "after", (0, 9)),
    "emoji before it": ("🤷🤷 paid 5", "paid 5", "🤷 ", "", (3, 9)),
    "empty": ("text", "", "te", "xt", None),
}


@pytest.mark.parametrize("case", QUOTES)
def test_quotes(case):
    text, exact, prefix, suffix, expected = QUOTES[case]
    assert find_quote(text, exact, prefix, suffix) == expected
