"""Tables of lines: read once, checked whole, compiled."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.lines.paths import compile_path
from claimtable.nlp.lines.records import Line

if TYPE_CHECKING:
    from claimtable.rules import Row

COLUMNS = ("id", "target", "kinds", "path", "wording", "weight", "example", "near_miss", "source")
"""Columns of every table of lines; a table may have more of its own."""
GENERATOR = "code:"
"""What the cell `path` begins with where a generator in code proposes: `code:series`."""
_MARK = re.compile(r"\\(.)|([<>\[\]])")
_CLOSING = {"<": ">", "[": "]"}


@dataclass(frozen=True, slots=True)
class Marked:
    """An example without its marks. Offsets are half-open code points of `text`."""

    text: str
    anchor: tuple[int, int]
    """What stands in <>: where the line sets out from."""
    expected: tuple[tuple[int, int], ...]
    """What stands in []: what it proposes."""


def marked(example: str) -> Marked:
    r"""Return the example without its marks, and where they were; `\<` is the sign itself, `\n` a line break.

    Raises:
        RuleError: a mark is not closed, or there is not exactly one <anchor>.
    """
    text: list[str] = []
    opened: list[tuple[str, int]] = []
    spans: dict[str, list[tuple[int, int]]] = {"<": [], "[": []}
    length = at = 0
    for found in _MARK.finditer(example):
        text.append(example[at : found.start()])
        length += found.start() - at
        at = found.end()
        if found[1]:
            text.append("\n" if found[1] == "n" else found[1])
            length += 1
        elif found[2] in _CLOSING:
            opened.append((found[2], length))
        elif opened and _CLOSING[opened[-1][0]] == found[2]:
            sign, start = opened.pop()
            spans[sign].append((start, length))
        else:
            raise RuleError(f"{found[2]!r} closes nothing in {example!r}")
    if opened or len(spans["<"]) != 1:
        raise RuleError(f"one <anchor> and closed marks are wanted in {example!r}")
    return Marked("".join([*text, example[at:]]), spans["<"][0], tuple(sorted(spans["["])))


def lines_of(
    name: str,
    *,
    classes: Mapping[str, frozenset[str]] | None = None,
    tests: frozenset[str] = frozenset(),
    generators: frozenset[str] = frozenset(),
) -> Mapping[str, Line]:
    """Return the lines of the table `name` of `rules/data` by id, in file order.

    The caller keeps them: compiling is done at each call.

    Args:
        name: file name in `rules/data`, without its ending.
        classes: the word classes that paths may name.
        tests: the tests of tokens that paths may name.
        generators: names of the generators in code that lines may name.

    Raises:
        RuleError: a line is not well formed; the message names table, line and remedy.
    """
    out: dict[str, Line] = {}
    for row in rules.table(name, "target", "path", "weight", "example", "near_miss", "source"):
        try:
            out[row["id"]] = _line(row, classes, tests, generators)
        except RuleError as error:
            raise RuleError(f"rules/data/{name}.tsv, line {row['id']!r}: {error}") from error
    return out


def _line(
    row: Row,
    classes: Mapping[str, frozenset[str]] | None,
    tests: frozenset[str],
    generators: frozenset[str],
) -> Line:
    path, generator = row["path"], ""
    if path.startswith(GENERATOR):
        path, generator = "", path.removeprefix(GENERATOR)
        if generator not in generators:
            raise RuleError(f"no generator {generator!r}: there are {', '.join(sorted(generators))}")
    try:
        weight = float(row["weight"])
    except ValueError as error:
        raise RuleError(f"the weight {row['weight']!r} is no number") from error
    if not marked(row["example"]).expected:
        raise RuleError("the example marks nothing in [] that the line proposes")
    marked(row["near_miss"])
    return Line(
        id=row["id"],
        target=row["target"],
        kinds=frozenset((row.get("kinds") or "").split("|")) - {""},
        path=compile_path(path, classes=classes, tests=tests) if not generator else None,
        generator=generator,
        wording=row.get("wording") or "",
        weight=weight,
        example=row["example"],
        near_miss=row["near_miss"],
        source=row["source"],
    )


@functools.cache
def tables_of_lines() -> tuple[str, ...]:
    """Return the names of the tables of `rules/data` that are tables of lines, by their columns."""
    names = []
    for resource in rules.files():
        header = next(
            (x for x in resource.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")), ""
        )
        if set(COLUMNS) <= set(header.split("\t")):
            names.append(resource.name.removesuffix(".tsv"))
    return tuple(sorted(names))
