"""Paths walk as their text says, and a text that is no path says why."""

from __future__ import annotations

import pytest
from tests.stored import to_doc

from claimtable.errors import RuleError
from claimtable.nlp.lines import compile_path
from claimtable.nlp.tokens import Tokens

#        0   1   2    3    4 5 6  7 8 9  10
WORDS = "The gap went from 9 % to 6 % of income"
RECORD = {
    "text": WORDS,
    "words": WORDS.split(),
    "spaces": "11111111110",
    "tags": ["DT", "NN", "VBD", "IN", "CD", "NN", "IN", "CD", "NN", "IN", "NN"],
    "pos": ["DET", "NOUN", "VERB", "ADP", "NUM", "SYM", "ADP", "NUM", "SYM", "ADP", "NOUN"],
    "lemmas": ["the", "gap", "go", "from", "9", "%", "to", "6", "%", "of", "income"],
    "heads": [1, 2, 2, 5, 5, 2, 8, 8, 2, 10, 8],
    "deps": ["det", "nsubj", "ROOT", "case", "nummod", "obl", "case", "nummod", "obl", "case", "nmod"],
    "starts": [0],
    "ents": ["O"] * 11,
}
CLASSES = {"move": frozenset(["go", "move"])}


@pytest.fixture(scope="module")
def t() -> Tokens:
    return Tokens(to_doc(RECORD))


@pytest.mark.parametrize(
    ("path", "anchor", "found"),
    [
        ("[]", 8, [8]),
        ("^obl", 8, [2]),
        ("^nmod|obl >nsubj", 8, [1]),
        ("^* >*", 8, [1, 5, 8]),
        ("^* >obl[before]", 8, [5]),
        ("^* >obl[after]", 5, [8]),
        ("[case=to|from] ^obl[lemma=@move !has=obj] >nsubj[pos=NOUN]", 8, [1]),
        ("[case=at] ^obl", 8, []),
        ("^obl[has=obj]", 8, []),
        ("^+[pos=VERB] >nsubj", 10, [1]),
        ("^+[pos=ADJ]", 10, []),
        ("^*", 2, []),  # a root has nothing above it
        (">nmod[!odd]", 8, [10]),
        (">nmod[odd]", 8, []),
    ],
)
def test_paths_walk(t, path, anchor, found):
    compiled = compile_path(path, classes=CLASSES, tests=frozenset(["odd"]))
    assert compiled.find(t, anchor, {"odd": lambda i: i % 2 == 1}) == found


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "an empty path"),
        ("^", "without a relation"),
        ("nsubj", "no path at"),
        ("^obl [pos=VERB]", "tests without a step"),
        ("^obl[pos]", "compared with values"),
        ("^obl[time]", "no test 'time'"),
        ("^obl[before=1]", "a test alone"),
        ("^obl[lemma=@odd]", "no word class '@odd'"),
        ("^obl[pos=VERB", "no path at"),
    ],
)
def test_what_is_no_path_says_why(path, message):
    with pytest.raises(RuleError, match=message):
        compile_path(path, classes=CLASSES)
