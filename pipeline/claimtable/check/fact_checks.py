"""Rows that somebody has checked before: held against a file of published fact-checks.

The file holds [ClaimReview](https://schema.org/ClaimReview) objects: one a line, or one JSON document with an object, a
list, or a `@graph` of them, as `claimtable export --to claimreview` writes it.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimtable.check.figures import figures
from claimtable.check.findings import finding
from claimtable.check.groups import alike
from claimtable.check.measures import denies
from claimtable.check.repeats import LEAST_WORDS
from claimtable.check.subjects import SAME_WORDS, content_words
from claimtable.errors import CheckError
from claimtable.schema import Claim, Finding


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A published fact-check."""

    claim: str
    """The words that were checked."""
    rating: str | None = None
    """The publisher's own words for the result."""
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    """Date as given."""
    speaker: str | None = None


def read_fact_checks(path: Path, on_error: Callable[[CheckError], None]) -> Iterator[FactCheck]:
    """Yield the fact-checks of a file; what is none goes to `on_error`, and the others go on.

    Raises:
        CheckError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CheckError(
            f"{path}: cannot be read ({error}): give a JSON or JSON lines file in UTF-8"
        ) from error
    for place, node in _objects(path, text, on_error):
        kind = node.get("@type")
        if kind != "ClaimReview" and not (isinstance(kind, list) and "ClaimReview" in kind):
            if kind is None:
                on_error(CheckError(f"{place}: no ClaimReview: it has no @type"))
            continue
        claimed = node.get("claimReviewed")
        if not isinstance(claimed, str) or not claimed.strip():
            on_error(CheckError(f"{place}: a ClaimReview without claimReviewed, the words that were checked"))
            continue
        yield FactCheck(
            claim=claimed,
            rating=_text(node.get("reviewRating"), "alternateName"),
            publisher=_text(node.get("author"), "name"),
            url=_text(node.get("url")),
            published=_text(node.get("datePublished")),
            speaker=_text(_first(node.get("itemReviewed")).get("author"), "name"),
        )


def fact_checked(claims: Iterable[Claim], published: Sequence[FactCheck]) -> Iterator[Finding]:
    """Yield the rows that say what a published fact-check is about, in text order, each with the fact-checks' address.

    The same by their words, of which there are enough, with the same figures; a denial is not the same.
    """
    usable = [c for c in claims if c.status != "rejected" and len(content_words(c.text)) >= LEAST_WORDS]
    texts = [c.text for c in usable] + [p.claim for p in published]
    # Only what has the figures of a fact-check is compared, and with those alone.
    keys = [(_figures(text), denies(text)) for text in texts]
    checked = set(keys[len(usable) :])
    blocks: dict[object, dict[int, frozenset[str]]] = defaultdict(dict)
    for place, key in enumerate(keys):
        if key in checked:
            blocks[key][place] = content_words(texts[place])
    pairs = {
        (one, other)
        for block in blocks.values()
        for members in alike(block, SAME_WORDS)
        for other in members
        if other >= len(usable)
        for one in members
        if one < len(usable)
    }
    for one, other in sorted(pairs):
        check = published[other - len(usable)]
        yield finding("fact-checks", _reason(check), [usable[one]], link=check.url)


def _reason(check: FactCheck) -> str:
    by = f"{check.publisher or 'somebody'} checked “{check.claim}”"
    said = f", said by {check.speaker}" if check.speaker else ""
    when = f", {check.published}" if check.published else ""
    return f"{by}{said}{when}: {check.rating or 'no rating given'}"


def _figures(text: str) -> frozenset[float]:
    return frozenset(figure.value for figure in figures(text) if math.isfinite(figure.value))


def _objects(
    path: Path, text: str, on_error: Callable[[CheckError], None]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, value in _values(path, text, on_error):
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict):
                on_error(CheckError(f"{place}: no ClaimReview, but {type(item).__name__}"))
            elif isinstance(item.get("@graph"), list):
                yield from ((place, node) for node in item["@graph"] if isinstance(node, dict))
            else:
                yield place, item


def _values(path: Path, text: str, on_error: Callable[[CheckError], None]) -> Iterator[tuple[str, Any]]:
    """Yield the JSON values with their places: the one that the whole text is, else that of each line."""
    try:
        yield str(path), json.loads(text)
        return
    except (ValueError, RecursionError):
        pass
    # Not `splitlines`: JSON strings may hold other line ends of Unicode.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path} line {number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            on_error(CheckError(f"{place}: no JSON ({error})"))
        else:
            yield place, value


def _first(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}


def _text(value: Any, name: str | None = None) -> str | None:
    if name is not None and not isinstance(value, str):
        value = _first(value).get(name)
    return value if isinstance(value, str) and value.strip() else None
