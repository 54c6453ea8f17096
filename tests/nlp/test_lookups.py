"""Look-ups by place: right, and without going through the whole document for each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimtable.nlp import extensions
from claimtable.nlp.claims.context import AttributedText
from claimtable.schema import Attribution, Document, Section, TimeExpression

SIZE = 1 << 14
FEW = 40
"""More looks at records than halving the search needs, far fewer than there are records."""


class Counted(tuple):
    """A tuple that counts how often its items are looked at."""

    looks = 0

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Counted(super().__getitem__(key))
        self.looks += 1
        return super().__getitem__(key)

    def __iter__(self):
        for item in super().__iter__():
            self.looks += 1
            yield item


def test_a_section_is_found_in_few_looks():
    sections = Counted(Section(10 * i, 10 * i + 8, "body") for i in range(SIZE))
    document = Document(id="d", text="x" * 10 * SIZE, sections=sections)
    assert document.section_at(10 * (SIZE // 3) + 7) == Section(
        10 * (SIZE // 3), 10 * (SIZE // 3) + 8, "body"
    )
    assert sections.looks < FEW


def test_records_of_a_sentence_are_found_in_few_looks():
    times = Counted(TimeExpression(10 * i, 10 * i + 4, "2014", "DATE", "2014") for i in range(SIZE))
    found = extensions.starting_in(times, 1000, 1021)
    assert [x.start for x in found] == [1000, 1010, 1020]
    assert times.looks < FEW


BOUNDS = st.integers(0, 30)


@given(st.lists(st.tuples(BOUNDS, BOUNDS).map(sorted), max_size=8), BOUNDS, BOUNDS)
def test_records_of_a_range_are_those_that_start_in_it(spans, start, end):
    times = [TimeExpression(a, b, "", "DATE", "") for a, b in sorted(spans)]
    assert list(extensions.starting_in(times, start, end)) == [x for x in times if start <= x.start < end]


@given(st.lists(st.tuples(BOUNDS, st.integers(0, 6)), max_size=8), BOUNDS)
def test_a_place_lies_in_the_section_that_holds_it(pieces, offset):
    sections, at = [], 0
    for gap, length in pieces:
        sections.append(Section(at + gap, at + gap + length + 1, "body"))
        at = sections[-1].end
    expected = next((s for s in sections if s.start <= offset < s.end), None)
    assert Document(id="d", text="", sections=tuple(sections)).section_at(offset) == expected


CONTENTS = st.lists(st.tuples(BOUNDS, BOUNDS).map(sorted).map(tuple), min_size=1, max_size=3)


@given(st.lists(CONTENTS, max_size=8), BOUNDS)
def test_the_attribution_of_a_place_is_the_shortest_around_it(contents, offset):
    attributions = [
        Attribution(source=(), cue=(), content=tuple(spans), speaker=str(k))
        for k, spans in enumerate(contents)
    ]

    def length(a: Attribution) -> int:
        return sum(end - start for start, end in a.content)

    around = [a for a in attributions if any(s <= offset < e for s, e in a.content)]
    expected = min(around, key=length, default=None)
    assert AttributedText(attributions).at(offset) is expected
