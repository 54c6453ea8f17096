"""What the words of the tables mean, written down a second time: no line goes, and none changes, unnoticed.

`tests/cases/words/TABLE.tsv` has, for each meaning, the words that have it: in texts where a text shows it
(`12 zeptodynes`, `no lower than 12 km`), else as the package looks them up. A word that is taken off a table goes from here too, with a
reason in the commit; `python tools/store_words.py TABLE` adds those that are new, for a reader to check.
Patterns of pages have an example each; `(none)` holds near misses.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from tests.stored import FOLDER as PARSES
from tests.stored import parses

from claimtable import rules
from claimtable.check import arithmetic, figures
from claimtable.check import lexicon as check_lexicon
from claimtable.errors import IngestError
from claimtable.ingest import dates, encoding, html, language, page_dates
from claimtable.ingest import lines as page_lines
from claimtable.nlp import mentions, polarity, ranks
from claimtable.nlp.actors.gazetteer import _join, gazetteer, split
from claimtable.nlp.attribution import lexicon as reporting
from claimtable.nlp.claims import discourse
from claimtable.nlp.claims import figures as claim_figures
from claimtable.nlp.claims import lexicon as claim_lexicon
from claimtable.nlp.claims import tables as claim_tables
from claimtable.nlp.corrections import lemmas
from claimtable.nlp.frames import measures
from claimtable.nlp.lines import marked
from claimtable.nlp.predictions import lexicon as prediction_lexicon
from claimtable.nlp.quantities import find_quantities, zero
from claimtable.nlp.quantities import lexicon as quantities
from claimtable.nlp.times import grammar, lexer
from claimtable.nlp.times.find import find_times
from claimtable.reading import lines as reading_lines
from claimtable.reading import marks, turns

FOLDER = Path(__file__).parent / "cases" / "words"
PUBLISHED = date(2014, 4, 15)


def _in_classes(record: object) -> Callable[[str], str]:
    """Return a reader of the classes of `rules.classes` that a word is in."""
    return lambda word: " ".join(f.name for f in fields(record) if word in getattr(record, f.name))  # type: ignore[arg-type]


def _unit(name: str) -> str:
    found = [q for q in find_quantities(f"It had 12 {name} then.") if q.value == 12]
    unit = quantities.units()[2].get(found[0].table_unit or found[0].unit or "") if found else None
    return f"{unit.code} {unit.dimension} {unit.factor:g} {unit.offset:g} {unit.si}" if unit else ""


def _money(form: str) -> str:
    for text in (f"It cost {form}12 then.", f"It cost 12 {form} then."):
        for q in find_quantities(text):
            if q.value in (12, 0.12) and q.dimension == "money":
                return f"{q.unit} {q.value:g}"
    return ""


def _bound(words: str) -> str:
    place, _, form = words.partition(" ")
    text = f"It was {form} 12 km then." if place == "left" else f"It was 12 km {form} then."
    return " ".join(q.bound for q in find_quantities(text) if q.value == 12)


def _number(word: str) -> str:
    known = quantities.number_words().get(word)
    scale = figures._scales().get(word)
    return (
        "" if known is None else f"{known.kind} {known.value:g}" + (" scale" if scale == known.value else "")
    )


def _change(word: str) -> str:
    return " ".join(f"{kind}={words[word]}" for kind, words in quantities.changes().items() if word in words)


def _hint(word: str) -> str:
    return " ".join(f"{a}={b}" for a, b in sorted(quantities.currency_hints().get(word, {}).items()))


def _neighbour(word: str) -> str:
    return " ".join(name for name, words in quantities.neighbours().items() if word in words)


def _place(name: str) -> str:
    hit = gazetteer().hits.get(_join(split(name)))
    return f"{hit.place.key} {hit.place.name} {hit.form}" if hit else ""


def _actor_word(word: str) -> str:
    g = gazetteer()
    kinds = [
        kind for kind, words in g.words.items() if (word if kind == "no_acronym" else word.lower()) in words
    ]
    return " ".join(
        [*sorted(kinds), g.titles.get(word.lower().rstrip("."), "") if "title" in kinds else ""]
    ).strip()


def _reporting_phrase(phrase: str) -> str:
    return " ".join(
        f"{kind}={reporting.phrases(kind)[phrase].sense}"
        for kind in reporting.CLASSES
        if phrase in reporting.phrases(kind)
    )


def _reporting_verb(lemma: str) -> str:
    entry = reporting.verbs().get(lemma)
    return f"{','.join(sorted(entry.frames))} {entry.sense}" if entry else ""


@functools.cache
def _predictions(scale: str) -> prediction_lexicon.Lexicon:
    return prediction_lexicon.Lexicon(scale)


def _trigger(word: str) -> str:
    triggers = _predictions("icd203").by_class
    return " ".join(f"{kind}{'+' * words[word][1]}" for kind, words in triggers.items() if word in words)


def _estimate(expression: str) -> str:
    text = f"prices are {expression} to rise"
    found = {scale: _predictions(scale).estimate(text) for scale in prediction_lexicon.SCALES}
    return " ".join(f"{scale}={pair[0]:g}-{pair[1]:g}" for scale, pair in found.items() if pair)


def _time_word(word: str) -> str:
    values = grammar.grammar().lexicon.values
    return " ".join(f"{tag}={words[word]}" for tag, words in values.items() if word in words)


def _time(text: str) -> str:
    found = find_times(text, PUBLISHED)
    return f"{found[0].rule} {found[0].value}" if found else ""


def _holiday(name: str) -> str:
    return " ".join(
        x.value for year in ("2013", "2015") for x in find_times(f"It began on {name}, {year}.", PUBLISHED)
    )


def _fiscal(word: str) -> str:
    found = find_times(f"The {word} budget of fiscal 2013 grew.", PUBLISHED)
    return " ".join(str(x.time_start) for x in found)


def _time_neighbour(word: str) -> str:
    return " ".join(name for name, words in lexer.neighbours().items() if word in words)


def _matching(patterns: Callable[[], Iterable[tuple[str, re.Pattern[str]]]]) -> Callable[[str], str]:
    """Return a reader of the ids of the patterns that take a text whole."""
    return lambda text: " ".join(name for name, pattern in patterns() if pattern.fullmatch(text))


@functools.cache
def _page_patterns(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    kind = {"page_cues": "role", "page_bylines": "kind", "page_furniture": "effect"}[table]
    flags = re.IGNORECASE if table == "page_furniture" else 0
    return tuple(
        (
            f"{row['id']}={row[kind]}",
            re.compile(page_lines._expand(row["pattern"].replace("{author}", "Ilse Rennick")), flags),
        )
        for row in rules.table(table)
    )


def _markup(token: str) -> str:
    attribute, _, value = token.partition(" ")
    parts = {row["part"]: None for row in rules.table("page_markup")}
    return " ".join(
        part for part in parts if any(a == attribute and p.fullmatch(value) for a, p in html._patterns(part))
    )


def _month(name: str) -> str:
    return str(dates.parse_date(f"3 {name} 2014"))


def _signature(begin: str) -> str:
    try:
        encoding.reject_binary(begin.encode("latin-1").decode("unicode_escape").encode("latin-1") + b" ", "f")
    except IngestError as error:
        return str(error).partition("this is ")[2].partition(", not text")[0]
    return ""


def _turn_word(word: str) -> str:
    kinds = {row["class"]: None for row in rules.table("turn_words")}
    return " ".join(kind for kind in kinds if word in turns._words(kind))


def _hyphen(word: str) -> str:
    return " ".join(part for part in ("first", "last") if word in marks._hyphen_parts(part))


def _scale(text: str) -> str:
    return " ".join(f"{factor:g}" for pattern, factor in measures._scales() if pattern.search(text))


def _column(text: str) -> str:
    return " ".join(shift for pattern, shift in claim_tables._column_times() if pattern.fullmatch(text))


def _head(text: str) -> str:
    return " ".join(name for name, pattern in discourse._heads().items() if pattern.match(text))


def _size(word: str) -> str:
    size = arithmetic.change_sizes().get(word)
    return f"{size.low:g}-{size.high:g}" if size else ""


def _plural(word: str) -> str:
    return quantities.plurals().get(word, "")


def _listed(words: Callable[[], Iterable[str]]) -> Callable[[str], str]:
    return lambda word: "listed" if word in words() else ""


def _looked_up(words: Callable[[], dict[str, object]]) -> Callable[[str], str]:
    return lambda word: str(words().get(word, ""))


READERS: dict[str, Callable[[str], str]] = {
    "actor_additions": _place,
    "actor_words": _actor_word,
    "bounds": _bound,
    "calendar_words": _looked_up(quantities.calendar),
    "change_sizes": _size,
    "change_words": _change,
    "check_words": _in_classes(check_lexicon.words()),
    "claim_nouns": _in_classes(claim_lexicon.nouns()),
    "column_times": _column,
    "count_units": _looked_up(claim_figures._sizes),
    "currencies": _money,
    "currency_aliases": _money,
    "currency_countries": _hint,
    "dated_heads": _head,
    "estimative": _estimate,
    "first_names_more": _looked_up(mentions._genders),
    "frame_lenders": _looked_up(lambda: dict(discourse._lenders())),
    "function_words": _listed(lambda: quantities.words("function_words")),
    "hyphen_parts": _hyphen,
    "irregular_verbs": _looked_up(lemmas._irregular),
    "label_nouns": _listed(lambda: quantities.words("label_nouns")),
    "languages": _looked_up(language._names),
    "legal_forms": _listed(lambda: gazetteer().legal_forms),
    "line_end_words": _listed(reading_lines._open_words),
    "money_context": _listed(lambda: quantities.words("money_context")),
    "number_words": _number,
    "organisations": _place,
    "page_bylines": _matching(lambda: _page_patterns("page_bylines")),
    "page_cues": _matching(lambda: _page_patterns("page_cues")),
    "page_dates": _listed(page_dates._names),
    "page_furniture": _matching(lambda: _page_patterns("page_furniture")),
    "page_labels": lambda word: "label" if not re.match(page_lines._not_label(), word) else "",
    "page_markup": _markup,
    "page_months": _month,
    "page_signatures": _signature,
    "page_verbs": _listed(page_lines._verbs),
    "plurals": _plural,
    "polarity_words": _in_classes(polarity.words()),
    "prediction_triggers": _trigger,
    "prediction_words": _in_classes(prediction_lexicon.words()),
    "quantity_exclusions": lambda text: "" if find_quantities(text) else "silent",
    "quantity_neighbours": _neighbour,
    "rank_words": _in_classes(ranks.words()),
    "regions": _place,
    "reporting_phrases": _reporting_phrase,
    "reporting_verbs": _reporting_verb,
    "states": _place,
    "table_scales": _scale,
    "times_fiscal": _fiscal,
    "times_holidays": _holiday,
    "times_neighbours": _time_neighbour,
    "times_patterns": _time,
    "times_words": _time_word,
    "turn_labels": _matching(turns._patterns),
    "turn_words": _turn_word,
    "units": _unit,
    "zero_words": _in_classes(zero.words()),
}


def _entries(name: str) -> list[tuple[str, list[str]]]:
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t", 1) for line in lines)
    return [(meaning, words.split("\t")) for meaning, words in pairs]


def _is_other(said: str, meaning: str) -> bool:
    """Return whether a word lacks its meaning; it may have further ones, and near misses have none."""
    return said != "" if meaning == "(none)" else not {*meaning.split()} <= {*said.split()}


@pytest.mark.parametrize("name", READERS)
def test_words_mean_what_is_written_here(name):
    says = READERS[name]
    wrong = {
        word: (meaning, says(word))
        for meaning, words in _entries(name)
        for word in words
        if _is_other(says(word), meaning)
    }
    assert not wrong


def test_units_come_from_their_aliases():
    """`tools/make_units.py` makes the one of the other: each line and each of its names is there, and no other unit."""
    aliases = {row["code"]: row for row in rules.table("unit_aliases")}
    codes = {row["code"] for row in rules.table("units")}
    assert codes == {p + c for c, row in aliases.items() for p in ("", *PREFIXES) if p + c in codes}
    for code, row in aliases.items():
        plain = [name.lower() for name in row["names"].split("|") if name and "=" not in name]
        listed = ["", *filter(None, row["prefixes"].split(","))]
        known = {prefix for prefix in listed if prefix + code in codes}
        assert known >= {*listed} - {""}, code
        names = (
            {form for unit in rules.table("units") for form in unit["names"].split("|")} if plain else set()
        )
        assert names >= set(plain) or code in ONLY_PREFIXED, code


PREFIXES = [
    "Y",
    "Z",
    "E",
    "P",
    "T",
    "G",
    "M",
    "k",
    "h",
    "da",
    "d",
    "c",
    "m",
    "u",
    "n",
    "p",
    "f",
    "a",
    "z",
    "y",
    "Ki",
    "Mi",
    "Gi",
    "Ti",
]
ONLY_PREFIXED = {"T"}


def test_every_reader_has_its_words():
    """Not here: long registries, weights fitted on gold, and tables with examples of their own."""
    assert {path.stem for path in FOLDER.glob("*.tsv")} == set(READERS)


PARSED = ("prediction_lines", "quotation_lines", "subject_lines")


def assert_table(name: str) -> None:
    """Assert all that is written here of a table; `tools/mutants.py` asks for it after each change of a line."""
    assert rules.table(name)
    if name in READERS:
        test_words_mean_what_is_written_here(name)
    if name in ("units", "unit_aliases"):
        test_units_come_from_their_aliases()
    if name in PARSED:
        test_every_stored_parse_is_of_a_line(name)


@pytest.mark.parametrize("name", PARSED)
def test_every_stored_parse_is_of_a_line(name):
    """A line that goes takes its example and near miss along; what is stored without a line is a line that was lost."""
    texts = {
        marked(row[cell]).text for row in rules.table(name) for cell in ("example", "near_miss") if row[cell]
    }
    assert set(parses(name)) == texts
    assert (PARSES / f"{name}.jsonl").is_file()
