"""Rows that are joined to groups, without comparing each with each: a thousand rows of one wording are half a million pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from claimtable.check.figures import Interval, disjoint
from claimtable.check.subjects import similar_pairs

T = TypeVar("T", bound=Hashable)


class Groups:
    """Places, each in a group of its own until it is joined with another (union-find)."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def join(self, places: Iterable[int]) -> None:
        """Put the groups of all these places together."""
        first: int | None = None
        for place in places:
            top = self._top(place)
            if first is None:
                first = top
            elif top != first:
                self._above[top] = first

    def found(self) -> list[list[int]]:
        """Return the groups of more than one place, each in order, by their first."""
        members: dict[int, list[int]] = defaultdict(list)
        for place in sorted(self._above):
            members[self._top(place)].append(place)
        return sorted(group for group in members.values() if len(group) > 1)

    def _top(self, place: int) -> int:
        above = self._above.setdefault(place, place)
        while above != place:
            # Each step shortens the way for the next one.
            self._above[place] = above = self._above[above]
            place, above = above, self._above[above]
        return place


def alike(wordings: Mapping[int, frozenset[str]], least: float) -> Iterator[list[int]]:
    """Yield sets of places in which each wording is as similar to each as `least`; two that are similar share one of them."""
    places: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, wording in wordings.items():
        places[wording].append(place)
    distinct = list(places)
    for wording in distinct:
        if wording and len(places[wording]) > 1:
            yield places[wording]
    for one, other in similar_pairs(distinct, least):
        yield places[distinct[one]] + places[distinct[other]]


def join_agreeing(groups: Groups, members: Sequence[tuple[Interval | None, str, int]]) -> None:
    """Join those (what the value can be, document, place) that are of different documents, and whose values can be one.

    Without a value all agree with one another. Values are taken by their lower end; what is open is joined with all of
    other documents that still reach it.
    """
    open_: dict[str, list[tuple[float, int]]] = {}
    for interval, document, place in sorted(members, key=lambda item: (item[0] or (0.0, 0.0), item[2])):
        low, high = interval or (0.0, 0.0)
        least: list[tuple[float, str]] = []
        for name in [name for name in open_ if name != document]:
            reaching = [
                item for item in open_[name] if not disjoint((low, high), (min(low, item[0]), item[0]))
            ]
            if reaching:
                groups.join([place, *(other for _, other in reaching)])
                open_[name] = [max(reaching)]
                least.append((max(reaching)[0], name))
            else:
                del open_[name]
        # Of the documents that are in one group now, two that reach farthest stand for all.
        for _, name in sorted(least)[:-2]:
            del open_[name]
        open_.setdefault(document, []).append((high, place))


def join_disjoint(groups: Groups, members: Sequence[tuple[Interval, int]]) -> None:
    """Join those (what the value can be, place) of which no value is in another's.

    Those with any such other are one group: of two pairs that exclude one another, the lower of one and the higher of
    the other do so too.
    """
    if len(members) < 2:
        return
    highest = max(members, key=lambda item: item[0][0])[0]
    lowest = min(members, key=lambda item: item[0][1])[0]
    groups.join(
        place for interval, place in members if disjoint(interval, highest) or disjoint(interval, lowest)
    )


def overlapping(spans: Iterable[tuple[str, int, int, int]]) -> set[int]:
    """Return the places of those spans (document, start, end, place) that share characters with another one."""
    found: set[int] = set()
    farthest: tuple[str, int, int] | None = None
    for document, start, end, place in sorted(spans):
        if farthest is not None and farthest[0] == document and start < farthest[1]:
            found |= {place, farthest[2]}
        if farthest is None or farthest[0] != document or end > farthest[1]:
            farthest = document, end, place
    return found
