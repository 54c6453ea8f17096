"""Groups are those of comparing each row with each, found without doing so."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from tests.timing import assert_growth

from claimtable.check.conflicts import conflicts
from claimtable.check.figures import disjoint
from claimtable.check.groups import Groups, alike, join_agreeing, join_disjoint, overlapping
from claimtable.check.repeats import repeats
from claimtable.check.subjects import similarity
from claimtable.schema import Claim

BOUNDED = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(
    lambda ends: (float(min(ends)), float(max(ends)))
)
INTERVALS = (
    BOUNDED
    | BOUNDED.map(lambda ends: (float("-inf"), ends[1]))
    | BOUNDED.map(lambda ends: (ends[0], float("inf")))
)


def joined(pairs):
    groups = Groups()
    for pair in pairs:
        groups.join(pair)
    return groups.found()


def test_groups():
    groups = Groups()
    groups.join([0, 3])
    groups.join([5, 4])
    groups.join([7])
    groups.join([3, 1])
    assert groups.found() == [[0, 1, 3], [4, 5]]


@given(st.lists(INTERVALS, max_size=9))
def test_disjoint(intervals):
    groups = Groups()
    join_disjoint(groups, [(interval, place) for place, interval in enumerate(intervals)])
    pairs = combinations(range(len(intervals)), 2)
    assert groups.found() == joined((i, j) for i, j in pairs if disjoint(intervals[i], intervals[j]))


@given(st.lists(st.tuples(INTERVALS, st.sampled_from("abc")), max_size=9), st.booleans())
def test_agreeing(items, without):
    members = [(None if without else interval, doc, place) for place, (interval, doc) in enumerate(items)]
    groups = Groups()
    join_agreeing(groups, members)
    expected = joined(
        (i, j)
        for i, j in combinations(range(len(items)), 2)
        if items[i][1] != items[j][1] and (without or not disjoint(items[i][0], items[j][0]))
    )
    assert groups.found() == expected


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 4)), max_size=8))
def test_overlapping(spans):
    made = [(doc, start, start + size, place) for place, (doc, start, size) in enumerate(spans)]
    expected = {
        place
        for one, other in combinations(made, 2)
        if one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for place in (one[3], other[3])
    }
    assert overlapping(made) == expected


@given(st.lists(st.frozensets(st.sampled_from("abcde")), max_size=9))
def test_alike(wordings):
    sets = list(alike(dict(enumerate(wordings)), 0.7))
    pairs = {pair for members in sets for pair in combinations(sorted(members), 2)}
    assert pairs == {
        (i, j)
        for i, j in combinations(range(len(wordings)), 2)
        if similarity(wordings[i], wordings[j]) >= 0.7
    }


def rows(number):
    """Rows of four subjects, a hundred of each wording, as a table makes them: most pairs are similar."""
    subjects = [
        "lithium output of Chile",
        "arrivals by rail",
        "exports of tea to China by sea",
        "the deficit",
    ]
    return [
        Claim(
            claim_id=str(k), doc_id=f"d{k // 5}", kind="quantitative", bound="=", unit="t", value=float(k % 97), time_text="2013",
            subject=f"{subjects[k % 4]} {'abcdefghij'[k // 7 % 10]}", time_start="2013-01-01", time_end="2013-12-31", start=k * 100, end=k * 100 + 90,
            text=f"In 2013 the {subjects[k % 4]} of the country was {k % 97} tonnes, the office said in its report",
        )
        for k in range(number)
    ]  # fmt: skip


def test_growth():
    for check in (conflicts, repeats):
        assert_growth(2.6, rows, lambda made, check=check: list(check(made)), 4_000, 8_000)
