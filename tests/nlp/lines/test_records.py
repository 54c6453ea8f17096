"""The chooser: the highest score wins, ties go to the first, and a trace keeps what was chosen."""

from __future__ import annotations

import math

from claimtable.nlp.lines import Candidate, choose, tracing


def test_the_highest_score_wins_whatever_the_order():
    low, high = Candidate("a", 1.0, "x"), Candidate("b", 2.0, "y")
    choice = choose([low, high])
    assert choice is not None
    assert (choice.winner, choice.losers, choice.margin) == (high, (low,), 1.0)
    assert choose([high, low]) == choice


def test_features_count():
    choice = choose([Candidate("a", 1.0, "x", (("near", 2.0),)), Candidate("b", 2.0, "y")])
    assert choice is not None and choice.winner.line == "a" and choice.winner.score == 3.0


def test_of_equals_the_first_wins():
    choice = choose([Candidate("a", 1.0, "x"), Candidate("b", 1.0, "y")])
    assert choice is not None and choice.winner.line == "a" and choice.margin == 0


def test_lines_that_agree_do_not_narrow_the_margin():
    choice = choose([Candidate("a", 3.0, "x"), Candidate("b", 2.0, "x"), Candidate("c", 0.5, "y")])
    assert choice is not None and choice.margin == 2.5 and choice.agreeing == 1
    alone = choose([Candidate("a", 3.0, "x"), Candidate("b", 2.0, "x")])
    assert alone is not None and alone.margin == math.inf


def test_nothing_proposed_is_no_choice():
    with tracing() as trace:
        assert choose([], cell="subject", at=3) is None
    assert trace.recorded == []


def test_a_trace_keeps_choices_with_a_cell():
    with tracing() as trace:
        choose([Candidate("a", 1.0, "x")])
        choose([Candidate("a", 1.0, "x")], cell="subject", at=3)
        choose([Candidate("b", 1.0, "y")], cell="subject", at=3)
    choose([Candidate("a", 1.0, "x")], cell="subject", at=3)
    assert [(r.cell, r.at) for r in trace.recorded] == [("subject", 3)] * 2
    last = trace.of("subject", 3)
    assert last is not None and last.winner.line == "b"
    assert trace.of("time", 3) is None
