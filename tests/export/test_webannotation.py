import json
from dataclasses import fields, replace

import pytest
from hostile import hostile

from claimtable.errors import ExportError
from claimtable.export.rows import whole
from claimtable.export.webannotation import annotation, read_webannotation, write_webannotation
from claimtable.schema import Claim


def round_trip(rows, path):
    with path.open("wb") as file:
        assert write_webannotation((r.to_dict() for r in rows), file) == len(rows)
    return [Claim.from_dict(row) for row in read_webannotation(path)]


def test_the_target_has_both_selectors(claim):
    item = annotation(replace(claim, url=None).to_dict())
    assert item["target"]["source"] == f"urn:claimtable:document:{claim.doc_id}"
    assert item["target"]["selector"] == [
        {"type": "TextPositionSelector", "start": claim.start, "end": claim.end},
        {"type": "TextQuoteSelector", "exact": claim.text, "prefix": claim.prefix, "suffix": claim.suffix},
    ]


def test_a_page_comes_back_unchanged(claim, tmp_path):
    rows = [claim, replace(claim, claim_id="c2", value=None, deadline=None, verdict="mixed", reviewer="ann")]
    assert round_trip(rows, tmp_path / "p.json") == rows


def test_hostile_rows_come_back(claim, tmp_path):
    rows = hostile(claim)
    texts = {f.name for f in fields(Claim)}
    expected = [
        replace(r, **{n: whole(getattr(r, n)) for n in texts if isinstance(getattr(r, n), str)}) for r in rows
    ]
    assert round_trip(rows, tmp_path / "p.json") == expected


def test_an_empty_page_is_a_page(tmp_path):
    assert round_trip([], tmp_path / "p.json") == []
    assert json.loads((tmp_path / "p.json").read_text())["type"] == "AnnotationPage"


@pytest.mark.parametrize(
    "content", ["", "[]", '{"items": [{}]}', '{"items": [{"target": {"selector": []}}]}']
)
def test_other_files_are_refused_by_name(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(ExportError, match=r"other\.json"):
        list(read_webannotation(path))
