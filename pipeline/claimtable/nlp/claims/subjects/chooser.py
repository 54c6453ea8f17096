"""Which line's subject a figure gets: all lines of `rules/data/subject_lines.tsv` propose, the highest score wins."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields

from claimtable.nlp.claims.lexicon import nouns
from claimtable.nlp.claims.subjects import features
from claimtable.nlp.claims.subjects.proposals import GENERATORS
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.nlp.lines import Candidate, Choice, Line, choose, lines_of

CELL = "subject"
TESTS = frozenset(["measured", "time"])
"""What paths may ask of a token: whether it belongs to a figure, or to a time."""


@functools.cache
def subject_lines() -> Mapping[str, Line]:
    """Return the lines by id, read once."""
    words = nouns()
    return lines_of(
        "subject_lines",
        classes={field.name: getattr(words, field.name) for field in dataclass_fields(words)},
        tests=TESTS,
        generators=frozenset(GENERATORS),
    )


def proposed(scene: Scene) -> list[Candidate[Subject]]:
    """Return what each line that speaks for the figure proposes, with what speaks for it."""
    found = [
        (line, subject)
        for line in subject_lines().values()
        if line.speaks_for(scene.kind)
        for subject in _subjects(scene, line)
    ]
    proposing: dict[str | None, set[str]] = {}
    for line, subject in found:
        proposing.setdefault(subject.text, set()).add(line.id)
    return [_candidate(scene, line, subject, len(proposing[subject.text])) for line, subject in found]


def _candidate(scene: Scene, line: Line, subject: Subject, lines: int) -> Candidate[Subject]:
    values = features.values(scene, subject)
    if lines > 1:
        values[features.AGREE] = math.log(lines)
    weights, learned = features.weights(), scene.ctx.weights
    return Candidate(
        line.id,
        line.weight + learned.subject_lines.get(line.id, 0.0),
        subject,
        features=tuple(
            (name, value * (weights[name] + learned.subject_features.get(name, 0.0)))
            for name, value in values.items()
        ),
        values=tuple(values.items()),
        key=subject.text,
    )


def _subjects(scene: Scene, line: Line) -> Iterator[Subject]:
    if line.path is None:
        subject = GENERATORS[line.generator](scene)
        if subject is not None:
            yield subject
        return
    ctx = scene.ctx
    tests = {"measured": ctx.measured.__contains__, "time": ctx.is_time}
    for head in line.path.find(ctx.t, scene.base, tests):
        if not scene.place.holds(head):
            yield scene.phrase(head)


def chosen(scene: Scene) -> Choice[Subject] | None:
    """Return the choice among what the lines propose, None where none of them does."""
    return choose(proposed(scene), cell=CELL, at=scene.q.start)
