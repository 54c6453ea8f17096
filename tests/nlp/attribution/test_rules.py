from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.tokens import Doc

from claimtable import rules as tables
from claimtable.errors import RuleError
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


@pytest.mark.parametrize(("frames", "kind"), [("clause,dance", "say"), ("clause", "dance")])
def test_an_unknown_frame_or_kind_is_an_error(
    frames: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": "rv.waltz", "lemma": "waltz", "frames": frames, "kind": kind, "source": "made"}
    monkeypatch.setattr(tables, "table", lambda *_: (row,))
    with pytest.raises(RuleError, match=r"rv\.waltz has an unknown frame or kind"):
        lexicon.verbs.__wrapped__()
