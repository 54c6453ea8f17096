"""All layers: twice the text takes about twice the time, whatever is repeated in it.

The components run one by one on a text that is parsed already, so that what one of them does by the square is not hidden by
the parser. The tests try a few fragments; all of them, and longer, with CLAIMTABLE_GROWTH_CHARS=64000, in some hours.
"""

from __future__ import annotations

import itertools
import os
import random
from datetime import date

import pytest
from tests.timing import assert_growth

from claimtable.nlp import pipeline
from claimtable.nlp.pipeline import COMPONENTS
from claimtable.schema import Document, Section

pytestmark = [pytest.mark.pipeline, pytest.mark.slow]

FRAGMENTS = (
    "He said. ", '"No," ', "“", "said Kim, ", "according to ", "Kim said that ", "She told ", "they say ", "he added: ",
    "by 2020 ", "will ", "could reach 5 ", "is expected to ", "may ", "If ", "plans to cut ", "forecast ", "target of ",
    "Exports rose 5%. ", "rose to $5 million ", "fell by ", ", up from 3, ", "compared with ", "more than ", "half of ",
    "the ministry ", "Mr. Kim ", "Jane Doe, ", "Jane Doe (", "the World Bank ", "U.S. ", "North Korea's ", "Paris, France, ",
    "officials ", "He ", "They ", "who ", "whose ", "which ", "and ", "or ", "but ", ", ", "; ", ": ", "- ", "* ", "\n- ", "\n\n",
    "1. ", "a | b | 5 | 6\n", "Year  2013  2014\n", "Total   5   6\n", "A\t5\t6\n", "5 ", "$1 ", "-5 ", "5 km ", "(5) ", "[1] ",
    "2013 ", "last year ", "in May ", "on Monday ", "3 May 2014 ", "since ", "from 1 to 2 ", "per head ", "one in ten ",
    "Exports ", "of the ", "the ", "a ", "A", "x", ".", "!", "?", "...", "'", '"', "(", ")", "no ", "not ", "none of ", "only ",
    "In 2013, exports rose 5 percent, the ministry said. ", '"They will fall," Kim said. ', "Kim: They fell.\n", "Q: Why?\n",
    "There were 5 ", "the number of ", "people ", "5 people ", "the rate ", "growth ", "it ", "this ", "that ", "as ", "to ",
)  # fmt: skip
_PAIRS = ["".join(pair) for pair in itertools.product(FRAGMENTS, repeat=2)]
ALL = [*FRAGMENTS, *random.Random(7).sample(_PAIRS, 310 - len(FRAGMENTS))]
CHARS = int(os.environ.get("CLAIMTABLE_GROWTH_CHARS", "0"))
TRIED = ALL if CHARS else random.Random(5).sample(ALL, 8)
LARGE = CHARS or 4_000
MOST = 2.2 if CHARS >= 32_000 else 3.0
"""Times as long that twice the text may take: 2 is linear, 4 quadratic; short runs vary on a busy machine."""


@pytest.fixture(scope="module")
def fast():
    return pipeline.load(fast=True)


@pytest.mark.parametrize("fragment", TRIED)
def test_twice_the_text_takes_twice_as_long(fast, fragment):
    components = [fast.get_pipe(name) for name in COMPONENTS if name in fast.pipe_names]

    def parsed(size):
        text = (fragment * (size // len(fragment) + 1))[:size].strip() or "."
        document = Document("d", text, published=date(2014, 5, 3), sections=(Section(0, len(text), "body"),))
        return next(fast.pipe([pipeline.make_doc(fast, document)], disable=list(COMPONENTS)))

    def annotate(doc):
        for component in components:
            doc = component(doc)

    assert_growth(MOST, parsed, annotate, LARGE // 2, LARGE)
