"""A server and an annotator in a few lines: what a task becomes when somebody submits it."""

from __future__ import annotations

import copy
import json

from claimtable.errors import ReviewError
from claimtable.review.annotations import Context, read_task

CREATED = "2024-05-01T12:00:00.000001Z"


def listed(task, *, results=(None,), number=1, prediction=True, **fields):
    """Returns the task as a server lists it, with one annotation for each result; None: the pre-annotations unchanged."""
    sent = json.loads(json.dumps(task.to_import()))
    predictions = [{"id": 7, **sent["predictions"][0]}] if prediction else []
    annotations = [
        {
            "id": 40 + index,
            "completed_by": 1,
            "created_at": CREATED,
            "updated_at": CREATED,
            "was_cancelled": False,
            "parent_prediction": 7 if prediction else None,
            "result": copy.deepcopy(sent["predictions"][0]["result"]) if result is None else result,
            **fields,
        }
        for index, result in enumerate(results)
    ]
    return {"id": number, "data": sent["data"], "predictions": predictions, "annotations": annotations}


def read(raw, document, **options):
    """Returns submissions and problems of a listed task."""
    problems: list[ReviewError] = []
    context = Context(
        "label-studio:http://localhost/project/3",
        {1: "ann@example.org"},
        on_problem=problems.append,
        **options,
    )
    submissions = list(read_task(raw, document, context))
    return submissions, problems


def exported(task, result, number=1, **fields):
    """Returns the task as Label Studio exports it after one person submitted it."""
    moment = f"2024-05-0{number}T12:00:00Z"
    annotation = {"id": 40 + number, "completed_by": number, "created_at": moment, "updated_at": moment}
    annotation |= {
        "was_cancelled": False,
        "result": result,
        "prediction": {"id": 3, **task["predictions"][0]},
    }
    return {"id": 17, "data": task["data"], "annotations": [annotation | fields], "drafts": []}
