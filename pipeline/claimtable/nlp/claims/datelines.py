"""Datelines: the place, day and agency that open a news story ("TAIPEI, March 12 (Reuters) - ") and no sentence of it."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name

_WORD = r"[A-ZÀ-Þ][\w.’'-]*"
_MONTHS = "|".join((*month_name[1:], *(f"{name}\\.?" for name in (*month_abbr[1:], "Sept"))))
_PATTERN = re.compile(
    rf"(?P<place>{_WORD}(?:[ /]{_WORD}){{0,3}})"
    rf"(?P<more>(?:,? (?:{_WORD}|[0-9]{{1,4}})){{0,6}},?)"
    r"(?P<agency> ?\([^()\n]{2,40}\))?"
    r"(?: ?— ?| (?:-{1,2}|–) )"
    r"(?=[“\"‘']?[A-ZÀ-Þ])"
)
_DAY = re.compile(rf"\b(?:(?:{_MONTHS}) [0-9]{{1,2}}|[0-9]{{1,2}} (?:{_MONTHS}))\b")


def dateline_end(text: str, start: int) -> int:
    """Return the offset behind the dateline that begins at `start`, in code points; `start` where there is none.

    A dateline names its place in capitals, or goes on with an agency in brackets or a day, and ends with a dash.
    """
    found = _PATTERN.match(text, start)
    if found is None:
        return start
    place = found["place"]
    is_shouted = place.isupper() and len(place) > 2
    if is_shouted or found["agency"] or _DAY.search(found["more"]):
        return found.end()
    return start
