from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_studio_sdk.label_interface.interface import LabelInterface
from tests.review import strategies

from claimtable.review.checks import check_task
from claimtable.review.fields import labelling_config, on_screen
from claimtable.review.regions import read_regions
from claimtable.review.tasks import TASK_CHARS, TASK_CLAIMS, cut, make_tasks
from claimtable.schema import Actor, Claim, Document, Quantity

TEXT = "Moscow said trade was $34 million in 2018, if sanctions are lifted.\n\nAnother paragraph."


@pytest.fixture
def document():
    return Document("d1", TEXT, title="Trade", author="Ann", published=date(2019, 1, 2))


@pytest.fixture
def claim():
    start, end = TEXT.index("trade"), TEXT.index(", if")
    return Claim(
        claim_id="c1",
        text=TEXT[start:end],
        subject="trade",
        bound="<=",
        value=34e6,
        unit="USD",
        speaker="Russia",
        speaker_text="Moscow",
        cue="said",
        time_text="in 2018",
        condition="if sanctions are lifted",
        deadline=date(2020, 12, 31),
        check_worthiness=0.7,
        confidence=0.9,
        doc_id="d1",
        start=start,
        end=end,
    )


def items_of(task, name):
    return [item for item in task.result if item.get("from_name") == name]


def test_a_claim_is_shown_with_its_fields_and_parts(document, claim):
    quantity = Quantity(TEXT.index("$"), TEXT.index(" in 2018"), "$34 million", value=34e6, unit="USD")
    (task,) = make_tasks(document, [claim], quantities=[quantity], extractor="v1")
    shown = {item["value"]["labels"][0]: item["value"]["text"] for item in items_of(task, "label")}
    assert shown == {
        # What the list of regions shows of it.
        "Claim": "34,000,000 USD · trade",
        "Subject": "trade",
        "Time": "in 2018",
        "Speaker": "Moscow",
        "Cue": "said",
        "Condition": "if sanctions are lifted",
        "Quantity": "$34 million",
    }
    assert items_of(task, "bound")[0]["value"]["choices"] == ["at most"]
    assert items_of(task, "value")[0]["value"]["number"] == 34e6
    assert items_of(task, "unit")[0]["value"]["text"] == ["USD"]
    assert items_of(task, "deadline")[0]["value"]["datetime"] == "2020-12-31"
    assert not [item for item in task.result if item["type"] == "relation"]
    assert parts_of(task) == {
        claim.claim_id: {"Subject", "Time", "Speaker", "Cue", "Condition", "Quantity"},
    }
    assert task.prediction()["score"] == 0.7
    assert task.data["about"] == "Ann · 2019-01-02"


def test_claims_of_one_sentence_share_their_parts(document, claim):
    (task,) = make_tasks(document, [claim, replace(claim, claim_id="c2", value=1.0)], extractor="v1")
    assert len([item for item in items_of(task, "label") if item["value"]["labels"] == ["Cue"]]) == 1
    both = parts_of(task)
    assert [*both] == [claim.claim_id, "c2"]
    assert all(parts == {"Subject", "Time", "Speaker", "Cue", "Condition"} for parts in both.values())


def test_a_part_has_digits_in_common_with_its_claims_and_says_where_it_stands(document, claim):
    """So the style sheet of the configuration knows which parts to show."""
    (task,) = make_tasks(document, [claim, replace(claim, claim_id="c2", value=1.0)], extractor="v1")
    regions = {item["id"]: item for item in items_of(task, "label")}
    claims = {
        digit
        for region, item in regions.items()
        if item["value"]["labels"] == ["Claim"]
        for digit in (f"{region[0]}x", f"x{region.split('-')[2][1]}")
    }
    for region, item in regions.items():
        (label,) = item["value"]["labels"]
        if label != "Claim":
            _, *digits, last = region.split("_")
            assert (set(digits) - {"out"}, last) == (claims, label)
            assert ("out" in digits) == (label not in ("Subject", "Time"))


def test_twins_are_told_apart_in_the_list_of_regions(document, claim):
    twins = [
        claim,
        replace(claim, claim_id="c2", value=None, value_low=3.0, value_high=5.0, unit="%"),
        replace(claim, claim_id="c3", value=None, value_low=None, value_high=None, subject="trade " * 20),
        replace(claim, claim_id="c4", value=None, value_low=None, value_high=None, subject=None),
    ]
    (task,) = make_tasks(document, twins, extractor="v1")
    shown = [i["value"]["text"] for i in items_of(task, "label") if i["value"]["labels"] == ["Claim"]]
    assert shown == [
        "34,000,000 USD · trade",
        "3–5 % · trade",
        ("trade " * 10)[:59] + "…",
        "trade was $34 million in 2018",
    ]


def parts_of(task):
    """Claim → the labels of the parts that it is read back with."""
    regions = read_regions(
        task.result, offset=task.start, length=task.end - task.start, on_problem=pytest.fail
    )
    return {
        region.claim_id: {*regions.places(region)}
        for region in regions.by_id.values()
        if region.label == "Claim"
    }


def test_words_elsewhere_in_the_document_are_no_parts(document, claim):
    (task,) = make_tasks(document, [replace(claim, cue="Another")], extractor="v1")
    assert "Cue" not in {item["value"]["labels"][0] for item in items_of(task, "label")}


def test_an_actor_is_marked_at_its_first_mention(document):
    actor = Actor("a1", "Russia", "GPE", mentions=((70, 77), (0, 6)))
    (task,) = make_tasks(document, [], [actor], extractor="v1")
    assert items_of(task, "label")[0]["value"] == {
        "start": 0,
        "end": 6,
        "text": "Moscow",
        "labels": ["Actor"],
    }
    assert items_of(task, "actor_name")[0]["value"]["text"] == ["Russia"]


def test_the_same_document_makes_the_same_tasks(document, claim):
    first, second = (make_tasks(document, [claim], extractor="v1")[0] for _ in range(2))
    assert first == second
    assert first.content_hash == second.content_hash
    changed = make_tasks(document, [replace(claim, value=1.0)], extractor="v1")[0]
    assert changed.task_key == first.task_key
    assert changed.content_hash != first.content_hash


def test_each_annotator_has_tasks_of_their_own(document, claim):
    keys = {
        make_tasks(document, [claim], extractor="v1", annotator=name)[0].task_key for name in (None, "1", "2")
    }
    assert len(keys) == 3


@pytest.mark.parametrize("awkward", strategies.UNSENDABLE)
def test_what_cannot_be_sent_is_replaced_and_offsets_hold(awkward):
    text = f"{awkward}Trade rose{awkward} 5 %."
    claim = Claim(
        claim_id="c", text=text[1:], subject=f"a{awkward}", start=1, end=len(text), cue=f"rose{awkward}"
    )
    document = Document(f"d{awkward}", text, title=awkward)
    (task,) = make_tasks(document, [claim], extractor="v1")
    assert len(task.data["text"]) == len(text)
    assert awkward not in repr(task.to_import()).encode("utf-8", "surrogatepass").decode(
        "utf-8", "surrogatepass"
    )
    str(task.to_import()).encode("utf-8")
    assert not check_task(task, labelling_config())


def test_a_long_document_is_cut_at_paragraph_borders():
    paragraphs = [f"Paragraph {n}. " + "word " * 100 for n in range(100)]
    text = "\r\n\r\n".join(paragraphs)
    claims = [
        Claim(claim_id=f"c{n}", text="Paragraph", start=s, end=s + 12)
        for n in range(100)
        if (s := text.index(f"Paragraph {n}."))
    ]
    tasks = make_tasks(Document("d", text), claims, extractor="v1")
    assert len(tasks) > 3
    assert "".join(task.data["text"] for task in tasks) == on_screen(text)
    for task in tasks:
        assert len(task.data["text"]) <= TASK_CHARS
        assert task.data["text"].startswith("Paragraph")
        assert not check_task(task, labelling_config())
    assert sum(len(task.claims) for task in tasks) == len(claims)
    assert tasks[1].data["about"] == f"part 2 of {len(tasks)}"


@given(strategies.texts(), st.integers(5, 60), st.data())
@settings(max_examples=60)
def test_parts_cover_the_text_and_cut_no_claim(text, size, data):
    spans = data.draw(st.lists(strategies.spans(len(text)), max_size=4))
    parts = cut(text, spans, size)
    assert parts[0][0] == 0 and parts[-1][1] == len(text)
    assert all(first[1] == second[0] for first, second in pairwise(parts))
    for _, border in parts[:-1]:
        assert text[border - 1].isspace()
        assert text[border - 1 : border + 1] != "\r\n"
        assert not any(start < border < end for start, end in spans)


@given(strategies.cases(strategies.any_pieces))
@settings(max_examples=100)
def test_every_task_passes_the_checks(case):
    document, claims, actors, quantities = case
    for task in make_tasks(document, claims, actors, quantities, extractor="v1"):
        assert not check_task(task, labelling_config())
        assert not LabelInterface(labelling_config()).validate_prediction(
            task.prediction(), return_errors=True
        )
        assert task.data["text"] == on_screen(document.text[task.start : task.end])


def test_line_ends_are_shown_once_and_offsets_hold():
    assert on_screen("a\r\n\r\nb\rc\n\rd\r") == "a \n \nb\nc\n\nd\n"


def test_a_part_has_no_more_claims_than_a_page_opens_soon_with():
    sentences = [f"Farms supplied {n} percent of it in May. " for n in range(150)]
    text = "".join(sentences)
    spans = [(s := text.index(f"supplied {n} "), s + 12) for n in range(150)]
    parts = cut(text, spans)
    assert "".join(text[start:end] for start, end in parts) == text
    assert max(sum(start <= low < end for low, _ in spans) for start, end in parts) <= 1.2 * TASK_CLAIMS
    assert all(text[end - 2] == "." for _, end in parts)
