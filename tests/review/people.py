"""Documents that several people reviewed, made in a few lines."""

from __future__ import annotations

import copy
import json

from claimtable.review.annotations import Context, read_task
from claimtable.review.tasks import make_tasks
from claimtable.review.work import Work
from claimtable.schema import Claim, Document, Section

TEXT = "Trade was worth $34 million in 2018, Russia said. It will reach $1 billion by 2020. Fine."
DOCUMENT = Document("d1", TEXT, sections=(Section(0, len(TEXT), "body"),))
CLAIMS = (
    Claim(
        claim_id="c1",
        kind="quantitative",
        text=TEXT[:49],
        start=0,
        end=49,
        value=34e6,
        unit="USD",
        bound="=",
        speaker="Russia",
        speaker_text="Russia",
        doc_id="d1",
        check_worthiness=0.9,
    ),
    Claim(
        claim_id="c2",
        kind="prediction",
        text=TEXT[50:83],
        start=50,
        end=83,
        value=1e9,
        unit="USD",
        bound="=",
        doc_id="d1",
        check_worthiness=0.5,
    ),
)
NAMES = {1: "ann@example.org", 2: "bob@example.org", 3: "cyd@example.org"}


def task(document=DOCUMENT, claims=CLAIMS, actors=()):
    return make_tasks(document, claims, actors, extractor="en_claimtable@1")[0]


def shown(one):
    """A copy of the items that a task shows, to edit."""
    return copy.deepcopy(json.loads(json.dumps(list(one.result))))


def region_of(items, claim_id):
    return next(item["id"] for item in items if (item.get("meta") or {}).get("claim_id") == claim_id)


def without(items, claim_id):
    """The items after the reviewer deleted the region of a claim."""
    region = region_of(items, claim_id)
    return [i for i in items if i.get("id") != region and region not in (i.get("from_id"), i.get("to_id"))]


def changed(items, claim_id, control, kind, value):
    """The items after the reviewer set a field of a claim."""
    region = region_of(items, claim_id)
    items = [i for i in copy.deepcopy(items) if (i.get("id"), i.get("from_name")) != (region, control)]
    place = next(i["value"] for i in items if i.get("id") == region)
    content = {"start": place["start"], "end": place["end"], **value}
    return [*items, {"id": region, "from_name": control, "to_name": "text", "type": kind, "value": content}]


def marked(items, start, end, label="Claim", number=1, kind="prediction", text=TEXT):
    """The items after the reviewer marked a span by hand."""
    value = {"start": start, "end": end, "text": text[start:end]}
    region = f"by-hand-{number}"
    first = {
        "id": region,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {**value, "labels": [label]},
    }
    chosen = {
        "id": region,
        "from_name": "kind",
        "to_name": "text",
        "type": "choices",
        "value": {**value, "choices": [kind]},
    }
    return [*items, first, *([chosen] if label == "Claim" else [])]


def exported(one, *results, month="05", first=1):
    """The task as a server exports it, with one annotation by each person in turn."""
    sent = json.loads(json.dumps(one.to_import()))
    prediction = {"id": 7, **sent["predictions"][0]}
    return {
        "id": 17,
        "data": sent["data"],
        "annotations": [
            {
                "id": 40 + number,
                "completed_by": number,
                "created_at": f"2024-{month}-0{number}T12:00:00Z",
                "updated_at": f"2024-{month}-0{number}T12:00:00Z",
                "was_cancelled": False,
                "lead_time": 12.5,
                "prediction": prediction,
                "result": result,
            }
            for number, result in enumerate(results, first)
        ],
    }


def works(*results, one=None, document=DOCUMENT, claims=CLAIMS, month="05"):
    """What several people, one for each result, made of one document."""
    one = one or task(document, claims)
    problems = []
    found = read_task(
        exported(one, *results, month=month),
        document,
        Context("label-studio:http://localhost/project/3", NAMES, on_problem=problems.append),
    )
    made = [Work(submission, document, one.start, one.end, one.claims) for submission in found]
    assert not problems
    return made
