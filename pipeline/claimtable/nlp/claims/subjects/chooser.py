"""Which line's subject a figure gets: all lines of `rules/data/subject_lines.tsv` propose, the highest score wins."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from claimtable.nlp.claims.subjects.proposals import GENERATORS
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.nlp.lines import Candidate, Choice, Line, choose, lines_of

CELL = "subject"


@functools.cache
def subject_lines() -> Mapping[str, Line]:
    """Return the lines by id, read once."""
    return lines_of("subject_lines", generators=frozenset(GENERATORS))


def proposed(scene: Scene) -> list[Candidate[Subject]]:
    """Return what each line that speaks for the figure proposes."""
    out = []
    for line in subject_lines().values():
        if line.speaks_for(scene.kind):
            subject = GENERATORS[line.generator](scene)
            if subject is not None:
                out.append(Candidate(line.id, line.weight, subject, key=subject.text))
    return out


def chosen(scene: Scene) -> Choice[Subject] | None:
    """Return the choice among what the lines propose, None where none of them does."""
    return choose(proposed(scene), cell=CELL, at=scene.q.start)
