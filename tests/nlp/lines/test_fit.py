"""Weights from data: what is consistent is learned, chance is not, and confidence comes to hold."""

from __future__ import annotations

import random

from claimtable.learning import learn_subjects, parts_of
from claimtable.nlp.lines import Candidate
from claimtable.nlp.lines.calibration import BIAS, Judged, error, fitted, probability, surprise
from claimtable.nlp.lines.fit import Example, accuracy
from claimtable.nlp.lines.fit import fitted as weights_of

DOCUMENTS = [f"d{k}" for k in range(20)]


def examples(wanted):
    """Five choices in each document between a line that the tables like and one that people may like."""
    out = []
    for k, document in enumerate(DOCUMENTS * 5):
        liked = Candidate("liked", 1.0, "a", values=(("near", 1.0),))
        other = Candidate("other", 0.5, "b", values=(("far", 1.0),))
        right = wanted(k)
        out.append(Example(document, (liked, other), (not right, right)))
    return out


def test_a_custom_of_the_house_is_learned_and_holds_on_documents_kept_apart():
    found = learn_subjects(examples(lambda k: k % 10 != 0), parts_of(DOCUMENTS))
    assert found.is_better and found.choices == 100
    assert (found.right.before, found.right.after) == (10, 90)
    assert found.weights["line other"] > 0 > found.weights["line liked"]


def test_chance_teaches_nothing():
    mixed = random.Random(4)
    found = learn_subjects(examples(lambda _: mixed.random() < 0.3), parts_of(DOCUMENTS))
    assert found.weights == {} or found.right.after >= found.right.before


def test_a_choice_without_a_wrong_or_a_right_candidate_says_nothing():
    one = Candidate("liked", 1.0, "a")
    assert weights_of([Example("d", (one, one), (True, True)), Example("d", (one,), (False,))] * 9) == {}
    assert accuracy([Example("d", (one,), (True,))], {}) == 1


def test_parts_are_the_same_whatever_the_order():
    assert parts_of(DOCUMENTS) == parts_of(DOCUMENTS[::-1])
    assert set(parts_of(["a", "b", "c"]).values()) == {0, 1, 2}


def test_confidence_moves_to_what_was_found():
    start = {BIAS: 3.0}
    rows = [Judged("d", {BIAS: 1.0, "odd": float(k % 2)}, k % 2 == 0) for k in range(60)]
    added = fitted(rows, start, bias_penalty=1.0)
    total = {name: start.get(name, 0.0) + added.get(name, 0.0) for name in (BIAS, "odd")}

    def scored(weights):
        return [(probability(row.features, weights), row.right) for row in rows]

    assert error(scored(total)) < error(scored(start)) and surprise(scored(total)) < surprise(scored(start))
    assert probability({BIAS: 1.0, "odd": 1.0}, total) < 0.5 < probability({BIAS: 1.0}, total)


def test_a_feature_of_few_rows_stays_as_it_is():
    assert fitted([Judged("d", {"rare": 1.0}, True)] * 3) == {}
