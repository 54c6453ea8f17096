"""When a page was published, by what its markup says: the date of publication before that of a change, of the address, of a comment."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from claimtable.ingest.dates import find_date, parse_date
from claimtable.rules import table

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d|$)")
_SLASHED = re.compile(
    r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(\d{1,2})/(\d{1,2})/(\d{4})\b", re.IGNORECASE
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_JSON = 200_000
"""Longest JSON-LD that is read, in code points: articles have some thousand."""
_MOST_NODES = 500


def stated_date(tree: Any, today: date) -> date | None:
    """Return the day that the markup states as that of publication; None where it states none, or one to come."""
    for written in (*_linked(tree), *_meta(tree), *_marked(tree)):
        found = read_date(written)
        if found is not None and found <= today:
            return found
    return None


def read_date(written: str) -> date | None:
    """Read a date of markup: ISO 8601, also without hyphens, or as people write it; the weekday tells day from month."""
    written = " ".join(written.split())[:80]
    if match := _ISO.search(written):
        return _day(*map(int, match.group().split("-")))
    if match := _COMPACT.match(written):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.search(written):
        first, second, year = int(match[2]), int(match[3]), int(match[4])
        either = [_day(year, first, second), _day(year, second, first)]
        if match[1] is not None:
            weekday = _WEEKDAYS.index(match[1].lower())
            return next((day for day in either if day is not None and day.weekday() == weekday), None)
        return (
            either[0]
            if either[0] == either[1] or either[1] is None
            else either[1]
            if either[0] is None
            else None
        )
    return parse_date(written) or find_date(written)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _linked(tree: Any) -> Iterator[str]:
    """Yield `datePublished` of the JSON-LD of the page."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().strip() != "application/ld+json" or not script.text:
            continue
        if len(script.text) > _MOST_JSON:
            continue
        try:
            stack = [json.loads(script.text)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while stack and seen < _MOST_NODES:
            node = stack.pop()
            seen += 1
            if isinstance(node, list):
                stack.extend(reversed(node))
            elif isinstance(node, dict):
                if isinstance(node.get("datePublished"), str) and "Comment" not in str(node.get("@type")):
                    yield node["datePublished"]
                stack.extend(
                    v for k, v in node.items() if k in ("@graph", "mainEntity", "mainEntityOfPage", "article")
                )


def _meta(tree: Any) -> Iterator[str]:
    """Yield the contents of the meta tags that state publication, those that say so most plainly first."""
    stated: dict[str, str] = {}
    for tag in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            key = (tag.get(attribute) or "").strip().lower()
            if key and tag.get("content"):
                stated.setdefault(key, tag.get("content"))
    for name in _names():
        if name in stated:
            yield stated[name]


def _marked(tree: Any) -> Iterator[str]:
    """Yield the times of elements marked as the date of publication."""
    for element in tree.iter("time", "span", "abbr"):
        if (element.get("itemprop") or "").lower() == "datepublished" or element.get("pubdate") is not None:
            written = (
                element.get("datetime") or element.get("content") or element.get("title") or element.text
            )
            if written:
                yield written


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(row["name"] for row in table("page_dates", "name", "source"))
