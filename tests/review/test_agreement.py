import random
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.review.people import CLAIMS, NAMES, TEXT, changed, marked, shown, task, without, works

from claimtable.errors import ReviewError
from claimtable.review.agreement import measure
from claimtable.review.coefficients import agreement
from claimtable.review.extractor_scores import score
from claimtable.review.pace import measure_pace
from claimtable.review.span_agreement import NOTHING, SpanAgreement, word_ratings
from claimtable.review.units import find_units

ANN, BOB = NAMES[1], NAMES[2]

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), data of four observers and twelve units with
# missing values: alpha of nominal data 0.743.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# The same, section B: two observers, ten units, binary: alpha 0.095.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]


def units(rows):
    return [
        {f"r{number}": row[column] for number, row in enumerate(rows) if row[column] is not None}
        for column in range(len(rows[0]))
    ]


@pytest.mark.parametrize(("rows", "alpha"), [(KRIPPENDORFF, 0.743), (BINARY, 0.095)])
def test_alpha_of_published_examples(rows, alpha):
    assert agreement(units(rows)).alpha == pytest.approx(alpha, abs=5e-4)


def table(counts):
    """Units of a two-way table: (value of one, value of the other) → how many."""
    return [{"a": one, "b": other} for (one, other), n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        # Wikipedia, "Cohen's kappa", grant proposals: 0.4; and two tables with equal observed agreement.
        ({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, 0.4),
        ({("y", "y"): 45, ("y", "n"): 15, ("n", "y"): 25, ("n", "n"): 15}, 0.1304),
        ({("y", "y"): 25, ("y", "n"): 35, ("n", "y"): 5, ("n", "n"): 35}, 0.2593),
    ],
)
def test_kappa_of_published_examples(counts, kappa):
    assert agreement(table(counts)).kappa == pytest.approx(kappa, abs=5e-5)


ratings = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", "y", "z"]), max_size=3),
    max_size=20,
)


@given(st.lists(st.sampled_from(["x", "y", "z"]), min_size=2))
def test_identical_reviewers_agree_fully(values):
    found = agreement({"a": value, "b": value, "c": value} for value in values)
    assert found.observed == 1
    assert (found.alpha, found.kappa) == ((1, 1) if len(set(values)) > 1 else (None, None))


@given(ratings, st.randoms())
def test_the_order_of_reviewers_and_units_is_nothing(found, shuffle: random.Random):
    names = dict(zip("abc", shuffle.sample("pqr", 3), strict=True))
    other = [{names[name]: value for name, value in reversed(unit.items())} for unit in found]
    shuffle.shuffle(other)
    one, two = agreement(found), agreement(other)
    assert (one.units, one.observed) == (two.units, two.observed)
    assert one.alpha == pytest.approx(two.alpha)
    assert one.kappa == pytest.approx(two.kappa)


def test_a_unit_that_one_person_rated_says_nothing():
    assert agreement([{"a": 1}, {}]).units == 0
    assert agreement([]).observed is None


def test_without_nltk_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    with pytest.raises(ReviewError, match=r"claimtable\[agreement\]"):
        agreement([{"a": 1, "b": 2}])


def test_people_who_submit_what_they_saw_agree():
    items = shown(task())
    report = measure([works(items, items)])
    assert report.reviewers == (ANN, BOB)
    assert report.fields["claim"].observed == 1
    assert report.fields["kind"].alpha == 1
    assert report.fields["value"].kappa == 1
    assert report.fields["verdict"].units == 0
    assert report.spans.labels["Claim"].exact_f1 == 1
    assert report.labels["Claim"].alpha == 1
    assert set(report.spans.mixed) == {("Claim", "Claim"), ("Speaker", "Speaker")}


def test_each_kind_of_disagreement_shows_where_it_is():
    items = shown(task())
    other = changed(without(items, "c2"), "c1", "unit", "textarea", {"text": ["RUB"]})
    report = measure([works(items, other)])
    assert report.fields["claim"].observed == 0.5
    assert (report.fields["unit"].units, report.fields["unit"].observed) == (1, 0)
    assert report.fields["value"].observed == 1
    claims = report.spans.labels["Claim"]
    assert (claims.spans, claims.exact, claims.overlapping) == (3, 1, 1)
    assert claims.exact_f1 == pytest.approx(2 / 3)
    assert report.spans.mixed["Claim", NOTHING] == report.spans.mixed[NOTHING, "Claim"] == 1
    assert 0 < report.labels["Claim"].alpha < 1


def test_borders_count_in_exact_and_not_in_overlapping():
    one = works(marked([], 0, 48), marked([], 0, 49))
    spans = SpanAgreement()
    spans.add(one)
    assert (spans.labels["Claim"].exact_f1, spans.labels["Claim"].overlapping_f1) == (0, 1)
    (unit,) = [unit for unit in find_units(one) if unit.added]
    assert (set(unit.opinions), unit.silent) == ({ANN, BOB}, {})


def test_two_labels_in_one_place_are_mixed_up():
    spans = SpanAgreement()
    spans.add(works(marked([], 37, 43, "Speaker"), marked([], 37, 43, "Actor")))
    assert spans.mixed == {("Speaker", "Actor"): 1, ("Actor", "Speaker"): 1}


def test_words_are_compared_where_both_read():
    found = list(word_ratings(works(marked([], 0, 5), []), "Claim"))
    assert sum(unit[ANN] for unit in found) == 1
    assert not any(unit[BOB] for unit in found)
    assert len(found) == len(TEXT.replace(",", " ,").replace(".", " .").replace("$", "$ ").split())


def test_the_extractor_is_scored_against_people_month_by_month():
    items = shown(task())
    better = works(items, month="06")
    edited = changed(without(items, "c2"), "c1", "unit", "textarea", {"text": ["RUB"]})
    first = works(marked(edited, 84, 89), month="05")
    periods = score([first, better], by="month")
    assert list(periods) == ["2024-05", "2024-06"]
    may, june = periods.values()
    assert (may.kinds["quantitative"].precision, may.kinds["quantitative"].recall) == (1, 1)
    prediction = may.kinds["prediction"]
    assert (prediction.right, prediction.given, prediction.wanted) == (0, 1, 1)
    assert (may.fields["unit"].precision, may.fields["value"].precision) == (0, 1)
    assert may.fields["deadline"].recall is None
    assert all(counts.precision == counts.recall == 1 for counts in june.kinds.values())
    assert list(score([better], by="version")) == ["en_claimtable@1"]


def test_a_changed_kind_is_wrong_for_both_kinds():
    items = changed(shown(task()), "c1", "kind", "choices", {"choices": ["prediction"]})
    kinds = score([works(items)], by="month")["2024-05"].kinds
    assert (kinds["quantitative"].right, kinds["quantitative"].given, kinds["quantitative"].wanted) == (
        0,
        1,
        0,
    )
    assert (kinds["prediction"].right, kinds["prediction"].given, kinds["prediction"].wanted) == (1, 1, 2)
    assert len(CLAIMS) == 2


def test_borders_that_are_about_the_same_and_position_alone():
    items = shown(task())
    nearly = marked(items, 84, 88)
    other = marked(items, 84, 87, number=2)
    report = measure([works(nearly, other)])
    claims = report.spans.labels["Claim"]
    assert (claims.exact, claims.near, claims.overlapping) == (2, 3, 3)
    assert report.spans.position.near == 4
    relabelled = marked(items, 84, 88, label="Actor", number=3)
    report = measure([works(nearly, relabelled)])
    assert report.spans.labels["Claim"].near == 2
    assert report.spans.position.near == 4


def test_who_submits_untouched_faster_than_anybody_reads_is_named():
    items = shown(task())
    made = works(items, changed(items, "c1", "unit", "textarea", {"text": ["RUB"]}))

    def timed(work, seconds):
        annotation = replace(work.submission.annotation, lead_time=seconds)
        return replace(work, submission=replace(work.submission, annotation=annotation))

    paces = measure_pace([[timed(made[0], 0.5), timed(made[1], 0.5)]])
    assert (paces[ANN].hasty, paces[BOB].hasty) == (1, 0)
    assert paces[ANN].seconds_per_claim == 0.25
    assert measure_pace([[timed(made[0], 30.0)]])[ANN].hasty == 0
