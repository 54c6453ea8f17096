from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from tests.timing import assert_growth

from claimtable.nlp.attribution.component import find_attributions
from claimtable.nlp.attribution.tagger import Tagger
from claimtable.schema import Attribution, Document, Section

CASES = {
    c["id"]: c
    for c in map(
        json.loads,
        (Path(__file__).parents[2] / "cases/attribution_rules.jsonl")
        .read_text(encoding="utf-8")
        .splitlines(),
    )
}
TEXTS = st.text(alphabet="abcd “”\"'‘’:,.\n", max_size=120) | st.text(max_size=60)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.shipped()


def _check(text: str, found: list[Attribution]) -> None:
    for k, a in enumerate(found):
        assert a.content
        for start, end in (*a.source, *a.cue, *a.content):
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip() == text[start:end]
        assert a.parent is None or (0 <= a.parent < len(found) and a.parent != k)
        assert a.rule
        assert Attribution.from_dict(a.to_dict()) == a
    for k in range(len(found)):
        seen: set[int] = set()
        while (parent := found[k].parent) is not None:
            assert parent not in seen, "parents go round in a circle"
            seen.add(parent)
            k = parent


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=TEXTS, seed=st.integers(0, 1000))
def test_any_text_and_tree_goes_through(
    text: str, seed: int, random_tree: Callable[..., Doc], tagger: Tagger
) -> None:
    doc = random_tree(text, seed=seed)
    _check(text, find_attributions(doc))
    _check(text, find_attributions(random_tree(text, seed=seed), tagger))


@pytest.mark.parametrize("shape", ["deep", "flat", "mixed"])
@pytest.mark.parametrize("kind", ["sentence", "marks"])
def test_long_input_takes_linear_time(
    shape: str, kind: str, random_tree: Callable[..., Doc], tagger: Tagger
) -> None:
    def doc(n: int) -> Doc:
        text = "word " * n if kind == "sentence" else "“word " * (n // 6) + "word” " * (n // 6)
        return random_tree(text, lemma="say" if kind == "sentence" else None, shape=shape, sentence=n)

    assert_growth(25, doc, lambda doc: find_attributions(doc, tagger), 300, 3_000)


def test_nested_reports_have_a_parent(parsed: Callable[[dict], Doc]) -> None:
    outer, inner = find_attributions(parsed(CASES["nested"]))
    assert outer.parent is None and inner.parent == 0
    assert inner.kind == "belief" and outer.kind == "indirect"
    assert inner.speaker == "bank"


def test_a_wish_asserts_nothing(parsed: Callable[[dict], Doc]) -> None:
    (wish,) = find_attributions(parsed(CASES["want"]))
    (plan,) = find_attributions(parsed(CASES["intention"]))
    assert not wish.asserting
    assert plan.asserting and plan.kind == "belief"


def test_direct_and_indirect(parsed: Callable[[dict], Doc]) -> None:
    kinds = [find_attributions(parsed(CASES[k]))[0].kind for k in ("inverted", "clause-that", "hearsay")]
    assert kinds == ["direct", "indirect", "indirect"]


def test_a_relative_pronoun_is_its_noun(parsed: Callable[[dict], Doc]) -> None:
    (a,) = find_attributions(parsed(CASES["relative"]))
    assert a.speaker == "Maria Keller"


def test_text_in_no_section_is_skipped_and_borders_hold(parsed: Callable[[dict], Doc]) -> None:
    case = CASES["next-paragraph"]
    doc = parsed(case)
    text = case["text"]
    border = text.index("\n")
    doc._.claimtable_document = Document(
        id="d", text=text, sections=(Section(0, border, "body"), Section(border + 1, len(text), "comment"))
    )
    first, second = find_attributions(doc)
    assert text[slice(*first.content[0])] == "“Prices will fall,”"
    assert second.source == () and second.speaker is None
    doc = parsed(case)
    doc._.claimtable_document = Document(id="d", text=text, sections=())
    assert find_attributions(doc) == []


def test_serialised_and_back(parsed: Callable[[dict], Doc], vocab: object) -> None:
    doc = parsed(CASES["broken"])
    found = tuple(find_attributions(doc))
    doc._.claimtable_attributions = found
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert tuple(again._.claimtable_attributions) == found


@pytest.mark.pipeline
def test_in_the_pipeline(nlp: Language, make_document: Callable[..., Document]) -> None:
    from claimtable.nlp import pipeline

    text = "“We will cut taxes,” said Maria Keller, the finance minister. She expects prices to fall by 3 percent."
    (doc,) = pipeline.annotate([make_document(text)], nlp)
    found = doc._.claimtable_attributions
    assert [a.speaker for a in found][:1] == ["Maria Keller"]
    assert found[0].kind == "direct"
    assert len(doc.spans["claimtable_attributions"]) == len(found)
