from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.tokens import Doc

from claimtable.nlp.attribution import continuation, lexicon, rules
from claimtable.nlp.attribution.layout import Layout

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases/attribution_rules.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_rule(case: dict, parsed: Callable[[dict], Doc]) -> None:
    doc = parsed(case)
    layout = Layout(doc)
    text = case["text"]

    def surface(ranges: tuple) -> list[str]:
        return [text[a:b] for a, b in layout.offsets(ranges)]

    found = [
        {"rule": d.rule, "source": surface(d.source), "cue": surface(d.cue), "content": surface(d.content)}
        for d in continuation.extend(layout, rules.find(layout))
    ]
    assert found == case["expected"], case["note"]


def test_every_rule_id_is_unique_and_sourced() -> None:
    verbs = lexicon.verbs()
    assert len({e.id for e in verbs.values()}) == len(verbs)
    assert all(lexicon.phrases(kind) for kind in lexicon.CLASSES)
