"""The pattern language and its table."""

from __future__ import annotations

import re

import pytest

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.times.grammar import LEVELS, grammar
from claimtable.nlp.times.patterns import Alphabet, Pattern, compile_pattern, literals


def _compile(text: str, **macros: str) -> Pattern:
    return compile_pattern(text, id="t", build="b", args="", alphabet=ALPHABET, macros=macros)


ALPHABET = Alphabet()
OF, MAY, TEN, DOT = (
    ALPHABET.char({"=of"}),
    ALPHABET.char({"MONTH", "=may"}),
    ALPHABET.char({"NUM", "DAY"}),
    ALPHABET.char({"=."}),
)


def test_a_token_bears_all_its_tags() -> None:
    assert _compile("MONTH").regex.fullmatch(MAY)
    assert _compile("may").regex.fullmatch(MAY)
    assert not _compile("DAY").regex.fullmatch(MAY)


def test_options_alternatives_and_captures() -> None:
    pattern = _compile("d:DAY (of | '.')? MONTH")
    for surface in (TEN + MAY, TEN + OF + MAY, TEN + DOT + MAY):
        match = pattern.regex.fullmatch(surface)
        assert match
        assert match.start(pattern.groups["d"][0]) == 0
    assert not pattern.regex.fullmatch(TEN + OF + DOT + MAY)


def test_a_name_may_stand_twice() -> None:
    assert _compile("d:DAY of MONTH | MONTH d:DAY").groups == {"d": ("d_0", "d_1")}


def test_macros() -> None:
    assert _compile("$WHEN of MONTH", WHEN="DAY | '.'").regex.fullmatch(DOT + OF + MAY)


def test_prefixes_are_the_first_two_tokens() -> None:
    assert _compile("DAY of? MONTH").prefixes == {TEN + OF, TEN + MAY}
    assert _compile("MONTH '.'?").prefixes == {MAY, MAY + DOT}


def test_literals() -> None:
    assert literals("m:MONTH '.'? (of | the) $X") == {".", "of", "the"}


@pytest.mark.parametrize("text", ["DAY (of", "DAY )", "NOWHERE", "$NOWHERE", "of?", "DAY #"])
def test_a_bad_line_is_named(text: str) -> None:
    with pytest.raises(RuleError, match=re.escape("times_patterns.tsv t:")):
        _compile(text)


def test_the_table_is_whole() -> None:
    rows = rules.table("times_patterns", "level", "pattern", "build", "source")
    assert {row["level"] for row in rows} == {"macro", *LEVELS}
    assert rules.table("times_words", "word", "tag", "source")
    assert rules.table("times_holidays", "names", "rule", "source")
    assert rules.table("times_fiscal", "words", "start", "source")
    assert len(grammar().levels) == len(LEVELS)
    for level in grammar().levels:
        for pattern in level.patterns:
            assert pattern.regex
