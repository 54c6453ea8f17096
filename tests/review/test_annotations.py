import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review import strategies
from tests.review.simulate import listed, read

from claimtable.review.annotations import QuestionError
from claimtable.review.fields import (
    CHOICES,
    CLAIM_CONTROLS,
    TEXT_COLUMNS,
    VERDICT_COLUMNS,
    control_value,
    plain,
)
from claimtable.review.parts import PartReader
from claimtable.review.tasks import claim_region, make_tasks
from claimtable.schema import CONTEXT_CHARS, Actor, Claim, Document, Quantity, Submission

TEXT = "👍🏽 Moscow said trade was $34 million in 2018.\r\nIt may well fall  below <b>7 %</b>."


def at(words):
    return TEXT.index(words), TEXT.index(words) + len(words)


def claim(claim_id, words, **fields):
    start, end = at(words)
    return Claim(claim_id=claim_id, text=words, start=start, end=end, doc_id="d", **fields)


DOCUMENT = Document("d", TEXT)
CLAIMS = [
    claim(
        "c1",
        "trade was $34 million in 2018",
        value=34e6,
        unit="USD",
        bound="=",
        speaker_text="Moscow",
        cue="said",
    ),
    claim(
        "c2",
        "It may well fall  below <b>7 %</b>",
        kind="prediction",
        value=7.0,
        bound="<",
        modality="may well",
    ),
]


@pytest.fixture
def task():
    return make_tasks(DOCUMENT, CLAIMS, extractor="v1")[0]


def submit(task, change):
    """Returns what comes of the task when somebody changes its items so and submits."""
    items = copy.deepcopy(list(task.result))
    ((submission,), problems) = read(listed(task, results=[change(items)]), DOCUMENT)
    assert not problems
    return submission


def by_claim(submission):
    return {review.claim_id: review for review in submission.reviews}


def region(claim_id, **item):
    start, end = at(item.pop("words", "trade was $34 million in 2018"))
    name = item.pop("name")
    value = {"start": start, "end": end, "text": "nonsense\\n", **control_value(name, item.pop("value"))}
    return {
        "id": claim_id,
        "from_name": name,
        "to_name": "text",
        "type": CLAIM_CONTROLS[name],
        "value": value,
    }


def without(items, claim_id):
    return [i for i in items if claim_region(claim_id) not in (i.get("id"), i.get("from_id"))]


def new_region(region_id, label, words):
    start, end = at(words)
    value = {"start": start, "end": end, "text": "", "labels": [label]}
    return {
        "id": region_id,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": value,
        "origin": "manual",
    }


def test_submitted_unchanged_is_accepted(task):
    submission = submit(task, lambda items: items)
    assert [review.decision for review in submission.reviews] == ["accepted", "accepted"]
    assert all(not review.fields for review in submission.reviews)
    assert submission.annotation.reviewer == "ann@example.org"
    assert submission.annotation.extractor == "v1"
    assert submission.annotation.created_at == "2024-05-01T12:00:00.000001+00:00"
    assert {span.origin for span in submission.spans} == {"prediction"}
    first = by_claim(submission)["c1"]
    assert first.exact == "trade was $34 million in 2018"
    assert first.prefix == TEXT[: first.start][-CONTEXT_CHARS:]


def test_a_deleted_region_is_rejected(task):
    reviews = by_claim(submit(task, lambda items: without(items, "c1")))
    assert {key: review.decision for key, review in reviews.items()} == {"c1": "rejected", "c2": "accepted"}


def test_a_claim_that_became_another_label_is_no_judgement_and_is_said(task):
    items = copy.deepcopy(list(task.result))
    next(i for i in items if i.get("id") == claim_region("c1"))["value"]["labels"] = ["Subject"]
    ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT)
    assert [review.claim_id for review in submission.reviews] == ["c2"]
    assert "c1 now has the label Subject" in str(problems[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "prediction"),
        ("bound", ">="),
        ("value", 35.5),
        ("value_low", 0.1),
        ("unit", "EUR"),
        ("change", "up"),
        ("polarity", "negated"),
        ("modality", "surely"),
        ("time_start", "2018-01-01"),
        ("time_end", "2018-12-31"),
        ("deadline", "2020-12-31"),
        ("subject", "trade with 🇰🇵"),
        ("speaker", "Russia"),
    ],
)
def test_a_changed_field_is_that_correction(task, name, value):
    def change(items):
        items = [i for i in items if (i.get("id"), i.get("from_name")) != (claim_region("c1"), name)]
        return [*items, region(claim_region("c1"), name=name, value=value)]

    reviews = by_claim(submit(task, change))
    assert (reviews["c1"].decision, reviews["c1"].fields) == ("corrected", {name: value})
    assert (reviews["c2"].decision, reviews["c2"].fields) == ("accepted", {})


def test_an_emptied_field_is_none(task):
    def change(items):
        return [i for i in items if (i.get("id"), i.get("from_name")) != (claim_region("c1"), "unit")]

    assert by_claim(submit(task, change))["c1"].fields == {"unit": None}


def test_a_verdict_corrects_nothing(task):
    def change(items):
        found = {"verdict": "refuted", "evidence_url": "https://example.org", "note": "see table 3"}
        return [
            *items,
            *(region(claim_region("c1"), name=name, value=value) for name, value in found.items()),
        ]

    review = by_claim(submit(task, change))["c1"]
    assert (review.decision, review.fields) == ("accepted", {})
    assert (review.verdict, review.evidence_url, review.note) == (
        "refuted",
        "https://example.org",
        "see table 3",
    )


def test_a_claim_added_by_hand(task):
    def change(items):
        words = "Moscow said trade"
        return [
            *items,
            new_region("x", "Claim", words),
            region("x", name="kind", value="quantitative", words=words),
            region("x", name="value", value=5.0, words=words),
            new_region("y", "Speaker", "Moscow"),
            {"type": "relation", "from_id": "y", "to_id": "x", "direction": "right"},
        ]

    submission = submit(task, change)
    (added,) = [review for review in submission.reviews if review.decision == "added"]
    assert added.fields == {
        "kind": "quantitative",
        "value": 5.0,
        "speaker": "Moscow",
        "speaker_text": "Moscow",
    }
    assert added.exact == "Moscow said trade"
    assert added.claim_id not in ("c1", "c2") and len(added.claim_id) == 17
    assert submit(task, change).reviews == submission.reviews


def test_a_part_that_is_tied_or_deleted_changes_its_column(task):
    def change(items):
        cue = next(i["id"] for i in items if i.get("value", {}).get("labels") == ["Cue"])
        items = [i for i in items if cue not in (i.get("id"), i.get("to_id"))]
        tie = {"type": "relation", "from_id": claim_region("c1"), "to_id": "t", "direction": "right"}
        return [*items, new_region("t", "Time", "in 2018"), tie]

    assert by_claim(submit(task, change))["c1"].fields == {"cue": None, "time_text": "in 2018"}


def test_a_moved_claim_is_corrected_and_its_words_come_from_the_document(task):
    def change(items):
        start, end = at("fall  below <b>7 %</b>")
        for item in items:
            if item.get("id") == claim_region("c2"):
                item["value"] |= {"start": start, "end": end}
                if isinstance(item["value"].get("text"), str):
                    item["value"]["text"] = "fall below 7 %"
        return items

    review = by_claim(submit(task, change))["c2"]
    assert (review.decision, review.fields, review.exact) == ("corrected", {}, "fall  below <b>7 %</b>")


def test_skipped_empty_and_not_reviewed_are_three_things(task):
    ((skipped,), _) = read(listed(task, results=[[]], was_cancelled=True), DOCUMENT)
    assert (skipped.annotation.outcome, skipped.reviews) == ("skipped", ())
    empty = submit(task, lambda items: [])
    assert empty.annotation.outcome == "submitted"
    assert {review.decision for review in empty.reviews} == {"rejected"}
    assert read(listed(task, results=[]), DOCUMENT) == ([], [])


def test_drafts_and_predictions_are_no_reviews(task):
    raw = listed(task, results=[])
    raw["drafts"] = [{"id": 1, "result": list(task.result), "annotation": None}]
    assert read(raw, DOCUMENT) == ([], [])


def test_two_reviewers_stay_two(task):
    raw = listed(task, results=[None, []])
    raw["annotations"][1]["completed_by"] = {"id": 2, "email": "ben@example.org"}
    submissions, _ = read(raw, DOCUMENT)
    assert [s.annotation.reviewer for s in submissions] == ["ann@example.org", "ben@example.org"]
    assert len({s.annotation.annotation_id for s in submissions}) == 2


def test_the_id_does_not_depend_on_where_the_annotation_is_read(task):
    raw = listed(task)
    exported = copy.deepcopy(raw)
    exported["annotations"][0]["prediction"] = exported.pop("predictions")[0]
    assert read(raw, DOCUMENT)[0] == read(exported, DOCUMENT)[0]


def test_silence_where_nobody_knows_what_was_shown_judges_nothing(task):
    ((submission,), _) = read(listed(task, results=[[]], prediction=False), DOCUMENT)
    assert submission.reviews == ()
    raw = listed(task, results=[[]])
    raw["annotations"][0]["parent_prediction"] = None
    ((submission,), _) = read(raw, DOCUMENT)
    assert (submission.reviews, submission.annotation.shown) == ((), None)


class Remembered:
    """A store that has an annotation from before."""

    def __init__(self, shown):
        self._shown = shown

    def shown_to(self, _):
        return "v1", self._shown

    def reviewer_of(self, _):
        return "cyd@example.org"

    def result_of(self, _):
        return None


def test_what_was_known_to_be_shown_is_known_when_the_server_has_lost_it(task):
    raw = listed(task, results=[without(list(task.result), "c1")], prediction=False)
    memory = Remembered(("c1", "c2"))
    ((submission,), _) = read(raw, DOCUMENT, memory=memory, claims=task.claims)
    assert {key: r.decision for key, r in by_claim(submission).items()} == {
        "c1": "rejected",
        "c2": "accepted",
    }


def test_a_prediction_that_was_written_while_the_page_was_open_is_not_what_was_shown(task):
    raw = listed(task, results=[[]], lead_time=60.0)
    raw["predictions"][0]["updated_at"] = "2024-05-01T11:59:30Z"
    ((submission,), _) = read(raw, DOCUMENT)
    assert submission.reviews == ()
    raw["predictions"][0]["updated_at"] = "2024-05-01T11:58:00Z"
    ((submission,), _) = read(raw, DOCUMENT)
    assert {review.decision for review in submission.reviews} == {"rejected"}


@pytest.mark.parametrize(
    ("word", "decision"), [("right", "accepted"), ("wrong", "rejected"), ("unsure", "unsure")]
)
def test_a_word_of_its_own(task, word, decision):
    def change(items):
        place = dict(zip(("start", "end"), at("trade was $34 million in 2018"), strict=True))
        value = place | {"choices": [word]}
        return [
            *items,
            {"id": claim_region("c1"), "from_name": "decision", "type": "choices", "value": value},
        ]

    reviews = by_claim(submit(task, change))
    assert (reviews["c1"].decision, reviews["c1"].fields) == (decision, {})
    assert reviews["c2"].decision == "accepted"


def test_a_copied_claim_is_another_one(task):
    def change(items):
        (mark,) = [i for i in items if i.get("id") == claim_region("c1") and i["type"] == "labels"]
        twin = copy.deepcopy(mark)
        start, end = at("<b>7 %</b>")
        twin |= {"id": "twin", "value": twin["value"] | {"start": start, "end": end}}
        return [twin, *items, region("twin", name="value", value=7.0, words="<b>7 %</b>")]

    submission = submit(task, change)
    reviews = by_claim(submission)
    assert (reviews["c1"].decision, reviews["c1"].exact) == ("accepted", "trade was $34 million in 2018")
    (added,) = [review for review in submission.reviews if review.decision == "added"]
    assert (added.exact, added.fields) == ("<b>7 %</b>", {"value": 7.0})


def moved(items, label, words):
    start, end = at(words)
    mark = next(i for i in items if i.get("type") == "labels" and i["value"]["labels"] == [label])
    mark["value"] |= {"start": start, "end": end}
    return items


class Mentions:
    """A store that knows what was extracted."""

    def document(self, *_, **__):
        return DOCUMENT

    def actors(self, _):
        return [Actor("a", "Government of Russia", "ORG", mentions=(at("It"),))]

    def mentions(self, *_, **__):
        start, end = at("7 %")
        return [Quantity(start, end, "7 %", value=7.0, unit="%", bound="<")]


def test_a_part_that_was_moved_corrects_its_cells():
    subject = claim("c1", "trade was $34 million in 2018", subject="trade", value=34e6, unit="USD", bound="=")
    subject = replace(subject, speaker="Moscow", speaker_text="Moscow")
    start, end = at("$34 million")
    figures = [Quantity(start, end, "$34 million", value=34e6, unit="USD")]
    (task,) = make_tasks(DOCUMENT, [subject], quantities=figures, extractor="v1")
    parts = PartReader(Mentions())

    def fields(label, words):
        items = moved(copy.deepcopy(list(task.result)), label, words)
        ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT, parts=parts)
        assert not problems
        return submission.reviews[0].decision, submission.reviews[0].fields

    assert fields("Subject", "fall") == ("corrected", {"subject": "fall"})
    assert fields("Quantity", "7 %") == ("corrected", {"bound": "<", "unit": "%", "value": 7.0})
    assert fields("Speaker", "It") == (
        "corrected",
        {"speaker": "Government of Russia", "speaker_text": "It"},
    )


def test_words_at_other_places_than_in_the_document_are_not_taken(task):
    raw = listed(task)
    raw["data"]["text"] = "XX" + raw["data"]["text"]
    ((submission,), problems) = read(raw, DOCUMENT)
    assert not submission.reviews
    assert "other words there" in str(problems[0])


def test_strings_and_numbers_as_other_tools_write_them(task):
    items = json.loads(json.dumps(list(task.result)))
    for item in items:
        value = item.get("value") or {}
        for name in ("labels", "choices", "text"):
            if isinstance(value.get(name), list):
                (value[name],) = value[name]
        if "number" in value:
            value["number"] = str(value["number"])
    ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT)
    assert not problems
    assert [(r.decision, r.fields) for r in submission.reviews] == [("accepted", {}), ("accepted", {})]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("value", {"number": "a dozen"}, "value cannot be 'a dozen'"),
        ("verdict", {"choices": ["pants on fire"]}, "verdict cannot be 'pants on fire'"),
        ("kind", {"choices": ["opinion"]}, "kind cannot be 'opinion'"),
        ("unit", {"text": [1, 2]}, "no list of texts"),
        ("deadline", {"datetime": "soon"}, "no day"),
    ],
)
def test_a_value_that_is_none_is_said_and_changes_nothing(task, name, value, words):
    items = [
        i
        for i in copy.deepcopy(list(task.result))
        if (i.get("id"), i.get("from_name")) != (claim_region("c1"), name)
    ]
    place = dict(zip(("start", "end"), at("trade was $34 million in 2018"), strict=True))
    items.append(
        {"id": claim_region("c1"), "from_name": name, "type": CLAIM_CONTROLS[name], "value": place | value}
    )
    ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT)
    assert words in str(problems[0])
    review = by_claim(submission)["c1"]
    assert (review.decision, review.fields, review.verdict) == ("accepted", {}, None)


def test_what_a_colleague_changed_is_the_colleagues(task):
    raw = listed(task, results=[without(list(task.result), "c1")], updated_by=2)
    ((submission,), _) = read(raw, DOCUMENT)
    assert submission.annotation.reviewer == "user 2"
    mine, _ = read(listed(task, updated_by=1), DOCUMENT)
    assert mine[0].annotation.reviewer == "ann@example.org"
    assert mine[0].annotation.annotation_id != submission.annotation.annotation_id


def test_a_claim_is_shown_and_comes_back_as_people_left_it():
    before = CLAIMS[0]
    row = replace(before, value=35e6, status="corrected", verdict="refuted", note="see table")
    twin = replace(CLAIMS[1], status="rejected")
    (task,) = make_tasks(DOCUMENT, [row, twin], before={"c1": before, "c2": CLAIMS[1]}, extractor="v1")
    assert task.claims == (before, CLAIMS[1])
    reviews = by_claim(submit(task, lambda items: items))
    one, other = reviews["c1"], reviews["c2"]
    assert (one.decision, one.fields, one.verdict, one.note) == (
        "corrected",
        {"value": 35e6},
        "refuted",
        "see table",
    )
    assert other.decision == "rejected"


def test_what_is_unlikely_to_be_meant_is_questioned_and_kept(task):
    def change(items):
        more = {"value_low": 9.0, "value_high": 3.0, "time_start": "2019-01-01", "time_end": "2018-01-01"}
        return [*items, *(region(claim_region("c1"), name=n, value=v) for n, v in more.items())]

    ((submission,), problems) = read(
        listed(task, results=[change(copy.deepcopy(list(task.result)))]), DOCUMENT
    )
    assert by_claim(submission)["c1"].fields["value_low"] == 9.0
    assert [type(problem) for problem in problems] == [QuestionError, QuestionError]
    assert "turn it round" in str(problems[0])


def test_claims_that_were_extracted_after_the_page_was_opened_are_not_rejected(task):
    later = make_tasks(DOCUMENT, [CLAIMS[0], claim("c3", "below", value=1.0)], extractor="v2")[0]
    raw = listed(later, results=[list(task.result)])
    ((submission,), _) = read(raw, DOCUMENT)
    assert {r.claim_id: (r.decision, r.fields) for r in submission.reviews} == {
        "c1": ("accepted", {}),
        "c2": ("accepted", {}),
    }


@pytest.mark.parametrize(
    "broken", [{"start": 0, "end": 10_000}, {"start": 5, "end": 5}, {"start": "x", "end": 3}, {"labels": []}]
)
def test_a_region_that_is_none_costs_itself(task, broken):
    items = copy.deepcopy(list(task.result))
    next(i for i in items if i.get("id") == claim_region("c1"))["value"] |= broken
    ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT)
    assert {r.claim_id: r.decision for r in submission.reviews} == {"c2": "accepted"}
    assert "annotation 40 of task 1" in str(problems[0])


def test_unknown_labels_and_controls_do_no_harm(task):
    items = [
        *task.result,
        new_region("z", "Irony", "may well"),
        {"id": "z", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["dry"]}},
        {
            "id": "w",
            "from_name": "topic",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": ["economy"]},
        },
    ]
    ((submission,), problems) = read(listed(task, results=[items]), DOCUMENT)
    # A label that we have not is said; what it marks stays in what came, and nowhere else.
    assert ["Irony" in str(problem) for problem in problems] == [True]
    assert "Irony" in str(submission.annotation.result)
    assert "Irony" not in {span.label for span in submission.spans}
    assert [r.decision for r in submission.reviews] == ["accepted", "accepted"]


@given(strategies.cases(strategies.any_pieces))
@settings(max_examples=150)
def test_nothing_is_lost_on_the_way(case):
    document, claims, actors, quantities = case
    accepted = {}
    for task in make_tasks(document, claims, actors, quantities, extractor="v1"):
        submissions, problems = read(listed(task), document)
        assert not problems
        (submission,) = submissions
        assert Submission.from_dict(json.loads(json.dumps(submission.to_dict()))) == submission
        for review in submission.reviews:
            assert (review.decision, review.fields, review.verdict) == ("accepted", {}, None)
            assert document.text[review.start : review.end] == review.exact
            accepted[review.claim_id] = (review.start, review.end)
        for span in submission.spans:
            assert document.text[span.start : span.end] == span.text
    assert accepted == {c.claim_id: (c.start, c.end) for c in claims}


VALUES = {
    "kind": ["quantitative", "prediction"],
    "bound": [*CHOICES["bound"]],
    "change": ["up", "down", "flat"],
    "polarity": ["affirmed", "negated"],
    "verdict": ["supported", "refuted", "mixed", "unverifiable"],
    "number": [123456.75, 0.0, -1e-9],
    "datetime": ["1999-12-31", "2024-02-29"],
    "textarea": ["as somebody wrote it", "مرحبا 👍🏽 <b>", "two\nlines"],
}
"""Control, or else its type → what a person may put there."""


@given(strategies.cases(), st.data())
@settings(max_examples=100)
def test_each_edit_comes_back_as_exactly_that_edit(case, data):
    document, claims, actors, quantities = case
    (task,) = make_tasks(document, claims, actors, quantities, extractor="v1")
    if not claims:
        return
    items = copy.deepcopy(list(task.result))
    expected = {}
    for target in data.draw(st.lists(st.sampled_from(claims), unique_by=lambda c: c.claim_id)):
        edit = data.draw(st.sampled_from(["reject", *CLAIM_CONTROLS]))
        region_id = claim_region(target.claim_id)
        if edit == "reject":
            items = [i for i in items if region_id not in (i.get("id"), i.get("from_id"))]
            expected[target.claim_id] = ("rejected", {})
            continue
        kind = CLAIM_CONTROLS[edit]
        value = data.draw(st.sampled_from(VALUES[edit] if edit in VALUES else VALUES[kind]))
        items = [i for i in items if (i.get("id"), i.get("from_name")) != (region_id, edit)]
        place = {"start": target.start, "end": target.end}
        items.append(
            {
                "id": region_id,
                "from_name": edit,
                "type": kind,
                "value": place | control_value(edit, value),
            }
        )
        same = edit in VERDICT_COLUMNS or plain(edit, getattr(target, edit)) == value
        expected[target.claim_id] = ("accepted", {}) if same else ("corrected", {edit: value})
    ((submission,), problems) = read(listed(task, results=[items]), document)
    assert not problems
    assert {r.claim_id: (r.decision, r.fields) for r in submission.reviews} == {
        c.claim_id: expected.get(c.claim_id, ("accepted", {})) for c in claims
    }


def test_every_text_column_is_a_column():
    assert set(TEXT_COLUMNS.values()) <= set(Claim().to_dict())
    assert set(CLAIM_CONTROLS) <= set(Claim().to_dict())
