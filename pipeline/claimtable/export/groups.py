"""Rows of one sentence side by side: what a reader takes in at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimtable.export.rows import Row

_END = re.compile(r"[.!?…]['\")\]’”]*(?:\s|$)|\n\s*\n")
"""Where a sentence ends, near enough to tell whether two rows are of one."""


@dataclass(slots=True)
class Group:
    """Rows that stand in one sentence, in text order."""

    rows: list[Row]
    text: str
    """The words of the document from the first row's beginning to the last one's end."""
    start: int
    end: int

    @property
    def check_worthiness(self) -> float:
        """That of its most check-worthy row; 0 where none is known."""
        return max((row.get("check_worthiness") or 0.0) for row in self.rows)


def by_sentence(rows: Iterable[Row]) -> Iterator[Group]:
    """Yield the rows in groups; they must come document by document, in text order.

    Rows are of one sentence where their words overlap, or where no full stop lies between them.
    """
    group: Group | None = None
    for row in rows:
        between = None if group is None else _between(group, row)
        if group is None or between is None:
            if group is not None:
                yield group
            group = Group([row], row["text"], row["start"], row["end"])
            continue
        if row["end"] > group.end:
            group.text += between + row["text"][max(0, group.end - row["start"]) :]
            group.end = row["end"]
        group.rows.append(row)
    if group is not None:
        yield group


def _between(group: Group, row: Row) -> str | None:
    """Return the words between the group and a row that goes with it; None: it does not."""
    last = group.rows[-1]
    if row["doc_id"] != last["doc_id"] or row["start"] < group.start:
        return None
    if row["start"] < group.end:
        return ""
    gap = row["start"] - group.end
    prefix = row["prefix"] or ""
    if gap > len(prefix) or _END.search(group.text[-3:]):
        return None
    words: str = prefix[len(prefix) - gap :]
    return None if _END.search(words) else words
