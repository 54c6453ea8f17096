"""Add to `tests/cases/words` the words that tables of rules have and the cases lack, with what they mean today.

    python tools/store_words.py [TABLE ...]

Read what it adds before it is committed: from then on the tests hold it (`tests/test_words.py`). Patterns have
examples of their own, written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.test_words import FOLDER, READERS

from claimtable import rules

Row = dict[str, str]


def _cells(*columns: str, apart: str | None = "|") -> Callable[[Row], list[str]]:
    return lambda row: [word for column in columns for word in row[column].split(apart) if word]


def _whole(*columns: str) -> Callable[[Row], list[str]]:
    return lambda row: [row[column] for column in columns if row[column]]


def _unit(row: Row) -> list[str]:
    return [form for column in ("names", "symbols") for form in row[column].split("|")[:1] if form]


WORDS: dict[str, Callable[[Row], list[str]]] = {
    "actor_additions": lambda row: [row["name"], *_cells("names", "adjectives", "people", "seats")(row)],
    "bounds": lambda row: [f"{row['place']} {row['form']}"],
    "count_units": _whole("noun"),
    "currencies": _whole("code", "plural"),
    "currency_aliases": _cells("forms"),
    "estimative": _whole("expression"),
    "frame_lenders": _whole("id"),
    "first_names_more": _whole("id"),
    "languages": _whole("code"),
    "legal_forms": _whole("name"),
    "organisations": _whole("name"),
    "page_dates": _whole("name"),
    "page_months": _cells("pattern"),
    "page_signatures": _whole("signature"),
    "plurals": _whole("plural"),
    "quantity_exclusions": _whole("example", "near_miss"),
    "quantity_neighbours": _cells("words", apart=" "),
    "regions": _whole("name"),
    "reporting_phrases": _whole("phrase"),
    "reporting_verbs": _whole("lemma"),
    "states": lambda row: [row["name"], *_cells("names", "adjectives", "people", "capitals")(row)],
    "times_fiscal": _cells("words"),
    "times_holidays": _cells("names"),
    "times_neighbours": _cells("words", apart=" "),
    "units": _unit,
    **dict.fromkeys(("currency_countries",), _cells("words")),
    **dict.fromkeys(
        (
            "calendar_words",
            "change_words",
            "function_words",
            "irregular_verbs",
            "label_nouns",
            "money_context",
            "number_words",
        ),
        _whole("form"),
    ),
}
"""Where the words of a line stand; for tables not named, in the column `word`."""
PATTERNS = {
    *("column_times", "dated_heads", "page_bylines", "page_cues", "page_furniture", "page_markup"),
    *("table_scales", "times_patterns", "turn_labels"),
}


NOTHING = {"quantity_exclusions": "(none)"}
"""What is written of words without a meaning, for tables whose near misses are known."""


def add(name: str) -> int:
    """Add the words of a table that its cases lack; return how many."""
    path = FOLDER / f"{name}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    meanings = {meaning: words.split("\t") for meaning, words in (line.split("\t", 1) for line in lines)}
    known = {word: meaning for meaning, words in meanings.items() for word in words}
    added = 0
    for row in rules.table(name):
        for word in WORDS.get(name, _whole("word"))(row):
            meaning, before = READERS[name](word) or NOTHING.get(name), known.get(word)
            if meaning and (before is None or {*before.split()} < {*meaning.split()}):
                known[word] = meaning
                if before:  # it means more by now
                    meanings[before].remove(word)
                meanings.setdefault(meaning, []).append(word)
                added += 1
    text = "".join("\t".join([meaning, *words]) + "\n" for meaning, words in meanings.items() if words)
    path.write_text(text, encoding="utf-8")
    return added


def main() -> int:
    """Add the words of the tables named, or of all."""
    for name in sys.argv[1:] or sorted(READERS.keys() - PATTERNS):
        if added := add(name):
            sys.stdout.write(f"{name}: {added} words\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
