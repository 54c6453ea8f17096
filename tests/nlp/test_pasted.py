"""However a text was pasted, its rows are the same: at least `SHARE` of them in every cell, over the corpus and texts of all kinds."""

from __future__ import annotations

import json
import random
import re
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from claimtable import ingest
from claimtable.ingest.metadata import Metadata
from claimtable.nlp import pipeline

SHARE = 0.995
SAMPLE = 6
"""Texts of the shared data that are tried, those of at most `CHARS` code points, drawn with a fixed seed."""
CHARS = 6000
CORPUS = Path(__file__).parents[2] / "corpus"


def _wrapped(width):
    return lambda text: "\n\n".join(textwrap.fill(line, width) for line in text.split("\n") if line.strip())


def _curly(text):
    text = re.sub(r'(^|[\s(\[—-])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[—“-])'", r"\1‘", text).replace("'", "’")


WAYS = {
    "wrapped at 72": _wrapped(72),
    "wrapped at 100": _wrapped(100),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "two blanks": lambda text: re.sub(r"(?<=\S) (?=\S)", "  ", text),
    "blank lines at the end": lambda text: text + "\n\n\n",
    "no-break spaces": lambda text: re.sub(r"(?<=\d) (?=[a-z])", "\u00a0", text),
    "soft hyphens": lambda text: re.sub(r"\b([a-z]{4})([a-z]{4,})\b", "\\1\u00ad\\2", text),
    "curly marks": _curly,
    "straight marks": lambda text: text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}),
    "indented": lambda text: "\n".join("   " + line for line in text.split("\n")),
}


def _prose(text):
    """Paragraphs parted by blank lines, so that to wrap a line loses none of its borders."""
    return "\n\n".join(line.strip() for line in text.split("\n") if line.strip())


def _is_wrapped(text):
    """Whether many lines end within a sentence: to part such lines by blank ones makes another text of it."""
    lines = [line.rstrip() for line in text.split("\n") if len(line.strip()) > 40]
    return sum(line[-1] not in '.!?:;”"’)' for line in lines) > len(lines) / 4


@pytest.fixture(scope="session")
def pasted_texts(request):
    texts = [(path.stem, {}, path.read_text("utf-8")) for path in sorted(CORPUS.glob("*.txt"))[:4]]
    shared = Path(__file__).parents[3] / "shared" / "data" / "texts" / "open_texts.jsonl"
    if shared.is_file():
        rows = [json.loads(line) for line in shared.read_text("utf-8").split("\n") if line]
        short = [row for row in rows if len(row["text"]) <= CHARS and "  " not in row["text"]]
        short = [row for row in short if not _is_wrapped(row["text"])]
        random.Random(3).shuffle(short)
        texts += [(row["id"], row, row["text"]) for row in short[:SAMPLE]]
    return [(name, row, _prose(text)) for name, row, text in texts]


def _rows(texts, way, nlp):
    documents = []
    for name, row, text in texts:
        published = row.get("published")
        given = Metadata(
            title=row.get("title"),
            author=row.get("author"),
            published=ingest.dates.parse_date(published) if published else None,
        )
        documents.append(ingest.read_text(way(text), source=name, metadata=given))
    return [[_cells(claim) for claim in doc._.claimtable_claims] for doc in pipeline.annotate(documents, nlp)]


def _cells(c):
    words = (c.subject, c.speaker, c.place, re.sub(r"\W", "", c.text))
    numbers = (c.value, c.value_low, c.value_high, c.unit, c.bound, c.change)
    times = (c.time_start, c.time_end, c.deadline, c.polarity, c.kind)
    return (*words, *numbers, *times)


@pytest.mark.slow
@pytest.mark.pipeline
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_rows_do_not_depend_on_how_a_text_was_pasted(way, pasted_texts, nlp, pasted_rows):
    same = total = 0
    for plain, other in zip(pasted_rows, _rows(pasted_texts, way, nlp), strict=True):
        same += 2 * sum((Counter(plain) & Counter(other)).values())
        total += len(plain) + len(other)
    assert total and same / total >= SHARE


@pytest.fixture(scope="session")
def pasted_rows(pasted_texts, nlp):
    return _rows(pasted_texts, lambda text: text, nlp)
