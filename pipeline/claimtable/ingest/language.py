"""The language of a text: what is not English is refused by name, instead of turned into rows that mean nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from claimtable.errors import IngestError
from claimtable.ingest.problems import problem
from claimtable.rules import table
from claimtable.schema import Document

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SAMPLE_CHARS = 4000
"""Code points that are looked at, from the middle of the text: its ends are what a page has in its site's language."""
FEWEST_LETTERS = 60
"""Of less nobody can tell: it may be a name, a heading, a number with its unit."""
ENGLISH_SHARE = 0.2
"""Share of closed-class words from which on a text is English. In 2,254 English texts of the development data (news, speeches,
reports, tables, tweets) it is so in 99.5 % of those that are long enough; in other languages it is below 0.1, by words that look alike."""
SURE = 0.35
"""Probability from which on the detector is believed. In those texts it was wrong three times, with 0.2 at most;
fifteen short notices in fifteen other languages got 0.68 and more."""
NEAR_ENGLISH = frozenset(("en", "pcm", "sco", "zxx"))
"""English, its nearest relatives, and no language at all."""

_WORD = re.compile(r"[^\W\d_]+")


def check_english(document: Document, *, stated: bool = False) -> None:
    """Raise where a document is not in English.

    Args:
        document: its text decides, and its `language` where that was stated.
        stated: its `language` was given with it; what a page says of itself is too often wrong.

    Raises:
        IngestError: it names the document and its language.
    """
    code = None
    if not (stated and document.language):
        code = foreign_language(document.text)
    elif not document.language.casefold().startswith("en"):
        code = document.language
    if code is not None:
        raise not_english(document.source or document.id, code)


def not_english(source: str, code: str) -> IngestError:
    """Return the error for a document in another language."""
    name = _names().get(code.casefold().partition("-")[0], code)
    return problem(
        source,
        f"it is in {name}, and only English is read",
        'translate it first; if it is English, say so with "language": "en" in its .meta.json or its line of JSONL',
    )


def foreign_language(text: str) -> str | None:
    """Return the code of the language that a text is in; None for English, and where nobody can tell."""
    first = max(0, (len(text) - SAMPLE_CHARS) // 2)
    sample = text[first : first + SAMPLE_CHARS]
    words = _WORD.findall(sample)
    if sum(map(len, words)) < FEWEST_LETTERS:
        return None
    known = _function_words()
    if sum(word.casefold() in known for word in words) >= ENGLISH_SHARE * len(words):
        return None
    code, probability = _detector().classify(sample)
    return code if code not in NEAR_ENGLISH and probability >= SURE else None


@cache
def _function_words() -> frozenset[str]:
    return frozenset(row["form"] for row in table("function_words", "form"))


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in table("languages", "code", "name")}


@cache
def _detector() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
