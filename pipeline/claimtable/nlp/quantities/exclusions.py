"""Digits and number words that are no quantities: dates, clocks, telephone numbers, identifiers, scores, names.

The lines of `quantity_exclusions.tsv` are regular expressions, matched where a number begins (`here`) and against what
stands right before it (`before`). In them `<MONTH>` is a word list of the lexicons, `<dialled>` a set of
`quantity_neighbours.tsv`, and a space any white space within a line. `unless` names conditions of `_UNLESS`, under
which a line does not hold. Nothing in a line repeats without bound, so that a text takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.lines import Candidate, choose, is_tracing
from claimtable.nlp.quantities.counted import is_plural
from claimtable.nlp.quantities.lexer import NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, neighbours, number_words, plurals, words
from claimtable.nlp.quantities.measures import money_after
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse
from claimtable.nlp.quantities.unit_forms import unit_at

CELL = "no quantity"
"""What a trace calls the choice of the line that takes a number for none."""
_REACH = 64  # code points before a number that a line may look at
_PARALLEL = frozenset(("and", ",", "but", "or"))
_PARALLEL_REACH = 10  # tokens
_FIRST_MODERN, _LAST_MODERN = 1850, 2050  # a bare numeral between is read as a year of living memory
_MACRO = re.compile(r"<([A-Za-z_]+)>")
_ATOM = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]| ")
_SPACE = r"[^\S\r\n]"
_OWN_MACROS = {
    "DASH": r"[-–—−‐‑‒]",
    "END": r"(?!\d)(?![.,'’]\d)",
    "YEAR": r"(?:1[5-9]|2[01])\d\d",
    "MERIDIEM": r"[aApP]\.?[mM]\b\.?",
    "HOUR": r"(?:(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?(?!\d)(?![.,]\d)|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)",
    "NAMED": r"(?<![\w'’-])(?:[a-z]+[A-Z]\w{0,20}|(?!(?i:<FUNCTION>)\b)[A-Z]\w{0,20}(?:['’]s)?)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table."""

    id: str
    before: re.Pattern[str] | None
    here: re.Pattern[str] | None
    unless: tuple[str, ...]
    spaced: bool | None = None
    """Whether white space must stand, or must not stand, right before the number; None: either."""

    def end(self, lex: Lexed, i: int, found: Found) -> int:
        """Return the index of the token behind what the line takes from token `i` on; 0 where it does not hold."""
        start = lex.start[i]
        stop = start
        if self.spaced is not None and self.spaced == lex.joined(i):
            return 0
        if self.here is not None:
            match = self.here.match(lex.text, start)
            if match is None:
                return 0
            stop = match.end()
        if self.before is not None and not self.before.search(lex.text, max(0, start - _REACH), start):
            return 0
        end = i + 1
        while lex.start[end] < stop and end < lex.n:
            end += 1
        if any(_UNLESS[name](lex, i, end, found) for name in self.unless):
            return 0
        return end


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the number by the time that the lines of a stage are asked."""

    number: Number | None = None
    noun: bool = False


_NOTHING = Found()


def _alternation(forms: frozenset[str] | set[str] | list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, forms), key=lambda f: (-len(f), f))) + ")"


@cache
def _macros() -> dict[str, str]:
    months = {w for w, kind in calendar().items() if kind == "month"}
    capital = [w.capitalize() for w in months] + [w.upper() for w in months]
    out = {
        "MONTH": _alternation(capital) + r"\b",
        "MONTHS_BUT_MAY": _alternation(months - {"may"}),
        "WEEKDAY": _alternation({w for w, kind in calendar().items() if kind == "weekday"}),
        "ZONE": _alternation(
            {w.upper() for w, kind in calendar().items() if kind == "clock"} | {"hrs", "a.m", "p.m"}
        ),
        "FUNCTION": _alternation(words("function_words")),
        "LABEL": _alternation(words("label_nouns")),
        "CARDINAL": _alternation({w for w, x in number_words().items() if x.kind in ("digit", "tens")}),
        **_OWN_MACROS,
    }
    for row in rules.table("quantity_names", "kind", "forms"):
        out[row["kind"]] = _alternation(row["forms"].split("|"))
    return out | {name: _alternation(forms) for name, forms in neighbours().items() if name not in out}


def _compile(id_: str, source: str) -> re.Pattern[str] | None:
    if not source:
        return None
    try:
        for _ in range(2):  # a macro may hold another
            source = _MACRO.sub(lambda match: _macros()[match[1]], source)
        return re.compile(_ATOM.sub(lambda match: _SPACE if match[0] in (" ", r"\s") else match[0], source))
    except (KeyError, re.error) as error:
        raise RuleError(f"rules/data/quantity_exclusions.tsv {id_}: {error}") from error


@cache
def lines(stage: str, seed: str) -> tuple[Line, ...]:
    """Return the lines of a stage for numbers in `digits`, in `words` or in digits with a sign (`signed`), in file order."""
    out = []
    for row in rules.table("quantity_exclusions", "stage", "seed", "example", "near_miss", "source"):
        if row["stage"] == stage and row["seed"] in (seed, "any"):
            text = row["before"]
            before = _compile(row["id"], text and text + r"\Z")
            here = _compile(row["id"], row["here"])
            spaced = None if not text or text[-1] in "?*)" else text.endswith(r"\s")
            out.append(Line(row["id"], before, here, tuple(row["unless"].split()), spaced))
    return tuple(out)


def skip(lex: Lexed, i: int) -> int:
    """Return the index behind a date, time, telephone number or identifier at token `i`; `i` where there is none."""
    if lex.kind[i] == WORD:
        return _taken(lex, i, "first", "words") or _spelled_year(lex, i)
    return (_taken(lex, i, "first", "digits") or i) if lex.kind[i] == NUMERAL else i


def _taken(lex: Lexed, i: int, stage: str, seed: str, found: Found = _NOTHING) -> int:
    """Return the index behind what the first line of a stage that holds takes from token `i` on; 0 where none does."""
    asked = lines(stage, seed)
    end = next((end for line in asked if (end := line.end(lex, i, found))), 0)
    if end and is_tracing():
        held = [Candidate(line.id, 0.0, line.id) for line in asked if line.end(lex, i, found)]
        choose(held, cell=CELL, at=lex.start[i])
    return end


def is_identifier(lex: Lexed, number: Number) -> bool:
    """Return whether the digits are part of an identifier: XC40, COVID-19, B-303495, 24703L202, #5, v2."""
    if number.words or number.signed:
        return False
    found = Found(number)
    if _taken(lex, number.first, "digits", "digits", found):
        return True
    j = number.last
    glued = lex.kind[j] == WORD and lex.joined(j)
    return glued and lex.low[j] not in neighbours()["touching"] and not _measured(lex, j)


def is_date(lex: Lexed, number: Number) -> bool:
    """Return whether a number without a unit is a year or a day of a month."""
    if number.words or not number.plain or number.last != number.first + 1:
        return False
    return _taken(lex, number.first, "bare", "digits", Found(number)) > 0


def in_name(lex: Lexed, number: Number, counts: bool) -> bool:
    """Return whether a number belongs to a name: "Boeing 747", "Article 50", "Big 12", "No. 5".

    Args:
        lex: the text.
        number: the number.
        counts: whether a noun was found that it counts.
    """
    if number.words or number.signed:
        seed = "words" if number.words else "signed"
    elif number.scaled or not (number.plain or "." in lex.tok[number.first]):
        return False
    else:
        seed = "digits"
    return _taken(lex, number.first, "name", seed, Found(number, counts)) > 0


def _measured(lex: Lexed, j: int) -> bool:
    return unit_at(lex, j) is not None or money_after(lex, j) is not None


def _spelled_year(lex: Lexed, i: int) -> int:
    """Return the index behind a year in words, "nineteen eighty-four"; `i` where there is none."""
    seeds = number_words()
    century = seeds.get(lex.low[i])
    if century is None or not 15 <= century.value <= 20:
        return i
    j = i + 2 if lex.is_dash(i + 1) and lex.joined(i + 1) else i + 1
    tens = seeds.get(lex.low[j])
    if tens is None or tens.kind != "tens" or lex.kind[j] != WORD:
        return i
    last = j + 1
    dash = lex.is_dash(last) and lex.joined(last)
    ones = seeds.get(lex.low[last + dash])
    if (ones is not None and ones.kind != "digit") or (ones is None and dash):
        return i  # "twenty thirty-minute talks"
    last += (dash + 1) if ones is not None else 0
    return i if _measured(lex, last) else last


def year_counts(lex: Lexed, i: int) -> bool:
    """Return whether digits in the range of years count things: "2000 people", "more than 1900 cases", "1603 left in 2012"."""
    before = lex.low[i - 1] if i else ""
    after, value = lex.low[i + 1], int(lex.tok[i])
    is_word = lex.kind[i + 1] == WORD
    if is_word and before in _PARALLEL and _parallel(lex, i):
        return True
    if after == "of" and before in _PARALLEL and _of_parallel(lex, i):
        return True
    if before in neighbours()["year_before"] and before not in neighbours()["count_before"]:
        return before == "to" and value < _FIRST_MODERN
    if not is_word or after in words("function_words"):
        return value < _FIRST_MODERN and before not in ("", ",", "the", "(", "[")
    if lex.tok[i + 1] != after or not is_plural(after):
        return False
    modern = _FIRST_MODERN <= value <= _LAST_MODERN
    return value % 100 == 0 or before in neighbours()["count_before"] or not modern or after in plurals()


def _parallel(lex: Lexed, i: int) -> bool:
    """Return whether the word behind token `i` stood behind another numeral shortly before: "152 left in 2011 and 1603 left"."""
    word = lex.low[i + 1]
    if word in words("function_words"):
        return False
    return any(
        lex.low[k] == word and lex.kind[k - 1] == NUMERAL for k in range(max(1, i - _PARALLEL_REACH), i)
    )


def _of_parallel(lex: Lexed, i: int) -> bool:
    """Return whether another numeral counted things "of" shortly before: "1950 cases of measles and 2015 of mumps"."""
    start = max(1, i - _PARALLEL_REACH)
    return any(lex.low[k] == "of" and NUMERAL in lex.kind[max(0, k - 2) : k] for k in range(start, i))


def _after_prefix(lex: Lexed, i: int) -> bool:
    """Return whether a hyphen joins to the number a word that leaves it one: "sub-7", "twenty-5"."""
    word = lex.low[i - 2] if i > 1 and lex.is_dash(i - 1) and lex.joined(i) else ""
    entry = number_words().get(word)
    return word in neighbours()["number_prefix"] or (entry is not None and entry.kind != "suffix")


def _behind_name(lex: Lexed, i: int) -> str:
    return lex.low[i - 1] if i else ""


_Condition = Callable[[Lexed, int, int, Found], bool]
_UNLESS: dict[str, _Condition] = {
    "unit": lambda lex, i, end, found: _measured(lex, end),
    "unit_behind": lambda lex, i, end, found: _measured(lex, i + 1),
    "power": lambda lex, i, end, found: (number := parse(lex, i)) is not None and number.last > i + 1,
    "fraction": lambda lex, i, end, found: (number := parse(lex, i)) is not None and number.fraction,
    "noun": lambda lex, i, end, found: found.noun,
    "prefix": lambda lex, i, end, found: _after_prefix(lex, i),
    "scaled": lambda lex, i, end, found: found.number is not None and found.number.scaled,
    "calendar": lambda lex, i, end, found: found.noun and _behind_name(lex, i) in calendar(),
    "calendar_after": lambda lex, i, end, found: lex.low[i + 1] in calendar(),
    "parallel": lambda lex, i, end, found: _behind_name(lex, i) in _PARALLEL and _parallel(lex, i),
    "year_counts": lambda lex, i, end, found: year_counts(lex, i),
}
"""Conditions that a line may name. `end` is the index behind what it takes."""
