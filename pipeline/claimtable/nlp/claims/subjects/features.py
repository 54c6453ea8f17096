"""What speaks for a proposed subject, whichever line proposes it: where it stands to the figure, and how it is worded."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp import syntax
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene

LONG = 10
"""Words from which on a subject is long."""
NAMES = (
    "distance",
    "behind",
    "same clause",
    "grammatical subject",
    "name",
    "pronoun",
    "verb",
    "plural of a count",
    "measure word",
    "who says it",
    "change",
    "a number in it",
    "one word",
    "long",
    "unresolved",
    "empty",
    "lines that agree",
)
"""The features, as `rules/data/subject_features.tsv` weighs them. `distance` and `lines that agree` are log(1 + n), the others 1 or 0."""
AGREE = "lines that agree"


@functools.cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature.

    Raises:
        RuleError: the table lacks one, or has an unknown one.
    """
    found = {
        row["feature"]: float(row["weight"]) for row in rules.table("subject_features", "feature", "weight")
    }
    if set(found) != set(NAMES):
        raise RuleError(f"rules/data/subject_features.tsv: features must be {', '.join(NAMES)}")
    return found


def values(scene: Scene, subject: Subject) -> dict[str, float]:
    """Return the features of one proposal that are not 0, without `lines that agree`, which takes all of them."""
    return {name: value for name, value in (*_of_wording(subject), *_of_place(scene, subject)) if value}


def _of_wording(subject: Subject) -> Iterator[tuple[str, float]]:
    words = len((subject.text or "").split())
    yield "empty", float(words == 0)
    yield "a number in it", float(any(c.isdigit() for c in subject.text or ""))
    yield "one word", float(words == 1)
    yield "long", float(words > LONG)
    yield "unresolved", float(not subject.resolved)


def _of_place(scene: Scene, subject: Subject) -> Iterator[tuple[str, float]]:
    t, head, place = scene.ctx.t, subject.head, scene.place
    if head is None:
        return
    yield "distance", math.log1p(place.first - head if head < place.first else abs(head - place.end + 1))
    yield "behind", float(head >= place.end)
    yield "same clause", float(syntax.clause_head(t, head) == scene.clause)
    yield "grammatical subject", float(t.rel[head] == "nsubj")
    yield "name", float(t.pos[head] == "PROPN")
    yield "pronoun", float(t.pos[head] == "PRON")
    yield "verb", float(t.pos[head] == "VERB")
    yield "plural of a count", float(t.tag[head] == "NNS" and scene.kind in ("counted", "bare"))
    yield "measure word", float(t.lemma[head] in scene.ctx.nouns.anaphor)
    yield "change", float(t.lemma[head] in scene.ctx.nouns.change and t.pos[head] == "NOUN")
    yield "who says it", float(scene.is_source(head))
