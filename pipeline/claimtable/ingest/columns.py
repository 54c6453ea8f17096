"""Two columns of prose on a page whose lines are stored across both: each column is read down before the next.

Word processors store a column at a time; some typesetters and converters a line at a time, and then "rose to | kept its
rate" reads as one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

LEAST_LINES = 5
"""Lines in two parts from which a page may be in columns. Hand-set."""
LEAST_SHARE = 0.5
"""Share of the lines of a page that is in two parts."""
LEAST_WORDS = 3
"""Words that a part has, in the median: cells of tables have fewer, or are figures."""
_GAP = re.compile(r"(?<=\S) {4,}(?=\S)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def down_columns(lines: Sequence[str]) -> list[str] | None:
    """Return the lines of a page in the order of its two columns; None where it is not in two columns of prose.

    Args:
        lines: as they stand on the page, with spaces where it is empty.
    """
    split = [_GAP.split(line.rstrip()) for line in lines]
    filled = [parts for parts in split if parts != [""]]
    two = [parts for parts in filled if len(parts) == 2]
    if len(two) < max(LEAST_LINES, LEAST_SHARE * len(filled)):
        return None
    if any(median(len(_WORD.findall(parts[side])) for parts in two) < LEAST_WORDS for side in (0, 1)):
        return None
    border = median(
        line.rstrip().index(parts[1], len(parts[0]))
        for line, parts in zip(lines, split, strict=True)
        if len(parts) == 2
    )
    ordered: list[str] = []
    left: list[str] = []
    right: list[str] = []
    for line, parts in zip(lines, split, strict=True):
        if len(parts) == 2:
            left.append(parts[0])
            right.append(parts[1])
        elif len(line) - len(line.lstrip()) > border * 0.8:
            right.append(line)
        elif len(line.rstrip()) <= border or not line.strip():
            left.append(line)
        else:
            # Across both: a heading, or the text above and below the columns.
            ordered += [*left, *right, line]
            left, right = [], []
    return [" ".join(line.split()) for line in (*ordered, *left, *right)]
