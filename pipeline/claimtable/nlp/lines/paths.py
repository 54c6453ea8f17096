"""Paths in the tree: a small language, compiled once, that walks from an anchor to what a line proposes.

    ^obl|nmod          up: the token is an `obl` or `nmod` of its head; go there (a label without subtype takes all subtypes, * any)
    ^+[pos=VERB]       up to the nearest token above that passes the tests, MAX_CLIMB steps at most
    >nsubj             down: to each dependent of that relation
    [pos=NOUN|PROPN]   tests of the token reached; before the first step, of the anchor. All must hold, ! denies one.

Tests: `text`, `lower`, `lemma`, `pos`, `tag`, `dep`, `rel` compare a column, `case` the prepositions of the token, `has` whether it
has a dependent of that relation, `before` and `after` on which side of the anchor it stands; any other name is one of the tests that
the caller has (`time`, `measured`). A value `@change` is the word class of that name. Branches are followed in text order.

    [case=to|from] ^obl[pos=VERB !has=obj] >nsubj[!measured]

Why not spaCy's `DependencyMatcher`: it goes through all tokens for each node of each pattern. On 7,268 tokens of news 48 patterns of
five nodes took 0.36 s of processor time beside 1.13 s of the bare pipeline (32 %, where rules and assembly together may take 25 %);
the same 48 as paths from each of the 647 numbers took 0.07 s, a fifth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from claimtable.errors import RuleError
from claimtable.nlp import syntax
from claimtable.nlp.tokens import Tokens

MAX_CLIMB = 6
"""Steps up the tree that `^+` looks for its token (set by hand: it bounds the search)."""
_STEP = re.compile(r"\s*(?:(?P<axis>\^\+|\^|>)(?P<rels>[a-z:|*]*))?(?:\[(?P<tests>[^\[\]]*)\])?")
_COLUMNS = ("text", "lower", "lemma", "pos", "tag", "dep", "rel")
_SIDES = ("before", "after")

Test = Callable[[int], bool]
"""A test that the caller has, of a token index."""


@dataclass(frozen=True, slots=True)
class _Test:
    name: str
    values: frozenset[str]
    denied: bool

    def holds(self, t: Tokens, i: int, anchor: int, tests: Mapping[str, Test]) -> bool:
        return self._is(t, i, anchor, tests) != self.denied

    def _is(self, t: Tokens, i: int, anchor: int, tests: Mapping[str, Test]) -> bool:
        name = self.name
        if name in _COLUMNS:
            return getattr(t, name)[i] in self.values
        if name == "case":
            return syntax.case_word(t, i) in self.values
        if name == "has":
            return any(_is_one(t, c, self.values) for c in t.children[i])
        if name in _SIDES:
            return i < anchor if name == "before" else i > anchor
        return tests[name](i)


@dataclass(frozen=True, slots=True)
class _Step:
    axis: str
    relations: frozenset[str]
    tests: tuple[_Test, ...]

    def passes(self, t: Tokens, i: int, anchor: int, tests: Mapping[str, Test]) -> bool:
        return all(test.holds(t, i, anchor, tests) for test in self.tests)

    def reached(self, t: Tokens, i: int, anchor: int, tests: Mapping[str, Test]) -> list[int]:
        if self.axis == "":
            nodes = [i]
        elif self.axis == "^":
            nodes = [t.head[i]] if t.head[i] != i and _is_one(t, i, self.relations) else []
        elif self.axis == ">":
            nodes = [c for c in t.children[i] if _is_one(t, c, self.relations)]
        else:
            above = (k for k in t.ancestors(i)[:MAX_CLIMB] if self.passes(t, k, anchor, tests))
            return [node for node in (next(above, None),) if node is not None]
        return [node for node in nodes if self.passes(t, node, anchor, tests)]


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path."""

    text: str
    steps: tuple[_Step, ...] = field(repr=False)

    def find(self, t: Tokens, anchor: int, tests: Mapping[str, Test] = {}) -> list[int]:
        """Return the tokens that the path leads to from the token `anchor`, in text order of the branches, each once.

        Args:
            t: the columns of the document.
            anchor: a token index.
            tests: the caller's own tests, by name.
        """
        nodes = [anchor]
        for step in self.steps:
            if not nodes:
                return nodes
            nodes = [node for i in nodes for node in step.reached(t, i, anchor, tests)]
        return list(dict.fromkeys(nodes))


def _is_one(t: Tokens, i: int, relations: frozenset[str]) -> bool:
    """Return whether the relation of the token is one of those, with its subtype or without."""
    return "*" in relations or t.rel[i] in relations or t.dep[i] in relations


def compile_path(
    text: str, *, classes: Mapping[str, frozenset[str]] | None = None, tests: frozenset[str] = frozenset()
) -> Path:
    """Return the path that `text` writes.

    Args:
        text: as described above.
        classes: the word classes that `@name` may stand for.
        tests: names of the tests that the caller has.

    Raises:
        RuleError: the text is no path, or names an unknown class or test. The message says which.
    """
    steps: list[_Step] = []
    at = 0
    text = text.strip()
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or found.end() == at:
            raise RuleError(f"no path at {text[at:]!r}: a step is ^label, ^+[tests], >label or [tests]")
        axis, relations = found["axis"] or "", frozenset((found["rels"] or "").split("|")) - {""}
        if axis in ("^", ">") and not relations:
            raise RuleError(f"{axis} without a relation in {text!r}: write {axis}* for any")
        if axis == "" and at:
            raise RuleError(f"tests without a step in {text!r}: they stand right behind the step")
        own = tuple(_test(part, classes or {}, tests) for part in (found["tests"] or "").split())
        steps.append(_Step(axis, relations, own))
        at = found.end()
    if not steps:
        raise RuleError("an empty path proposes nothing: write [] for the anchor itself")
    return Path(text, tuple(steps))


def _test(text: str, classes: Mapping[str, frozenset[str]], tests: frozenset[str]) -> _Test:
    name, _, listed = text.removeprefix("!").partition("=")
    values: set[str] = set()
    for value in listed.split("|") if listed else ():
        if value.startswith("@") and value[1:] not in classes:
            raise RuleError(f"no word class {value!r}: there are {', '.join(sorted(classes))}")
        values |= classes[value[1:]] if value.startswith("@") else {value.replace("_", " ")}
    compares = name in _COLUMNS or name in ("case", "has")
    if not compares and name not in _SIDES and name not in tests:
        raise RuleError(
            f"no test {name!r}: there are {', '.join(sorted({*_COLUMNS, *_SIDES, *tests}))}, case, has"
        )
    if compares != bool(values):
        raise RuleError(
            f"{text!r}: {name} is {'compared with values, name=a|b' if compares else 'a test alone'}"
        )
    return _Test(name, frozenset(values), text.startswith("!"))
