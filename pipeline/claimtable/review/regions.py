"""What stands on the screen: marks with their fields, read from the items of an annotation or a prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimtable.review.fields import (
    CLAIM_CONTROLS,
    CONTROLS,
    LABEL_CONTROL,
    LABELS,
    PARTS,
    TEXT_COLUMNS,
    on_screen,
    read_control,
    words_of,
)
from claimtable.review.tasks import TIED, part_words
from claimtable.schema import Offsets, claim_id_from

Raw = Mapping[str, Any]


@dataclass(slots=True)
class Region:
    """One mark: its label, its place in the document, its fields."""

    region_id: str
    label: str
    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)
    """Control → plain value; empty ones are left out."""
    meta: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Controls whose value is none that they can have."""

    @property
    def place(self) -> Offsets:
        """Its offsets in the document."""
        return self.start, self.end

    @property
    def claim_id(self) -> str | None:
        """Id of the claim that it was sent as; None for one made by hand. A copy keeps it."""
        claim_id = self.meta.get("claim_id")
        return claim_id_from(claim_id) if isinstance(claim_id, str) else None


@dataclass(frozen=True, slots=True)
class Regions:
    """All marks of an annotation or a prediction, and which are tied to which."""

    by_id: dict[str, Region]
    relations: tuple[tuple[str, str, str], ...]
    """(from, to, label)."""
    unread: frozenset[str]
    """Ids of marks that are not as they should be."""

    def parts(self, region: Region) -> Iterator[Region]:
        """Yield the marks that are tied to a claim's, each once."""
        tied = [
            end if start == region.region_id else start
            for start, end, _ in self.relations
            if region.region_id in (start, end)
        ]
        for other in dict.fromkeys(tied):
            part = self.by_id.get(other)
            if part is not None and part.label in PARTS:
                yield part

    def places(self, region: Region) -> dict[str, tuple[Offsets, ...]]:
        """Return where the parts of a claim are: label → places in text order."""
        found: dict[str, set[Offsets]] = {}
        for part in self.parts(region):
            found.setdefault(part.label, set()).add(part.place)
        return {label: tuple(sorted(places)) for label, places in found.items()}

    def columns(self, region: Region, text: str) -> dict[str, Any]:
        """Return what a claim's mark says: column → plain value, its parts' words included, empty ones left out."""
        columns = {name: value for name, value in region.fields.items() if name in CLAIM_CONTROLS}
        for label, places in self.places(region).items():
            if label in TEXT_COLUMNS and (words := part_words(text, places)):
                columns[TEXT_COLUMNS[label]] = words
        return columns


def read_regions(
    items: Iterable[Raw],
    *,
    offset: int,
    length: int,
    on_problem: Callable[[str], object],
    seen: str | None = None,
    text: str = "",
) -> Regions:
    """Read the items of an annotation or prediction.

    Args:
        items: as Label Studio writes them, or other tools.
        offset: where the task's text begins in the document.
        length: of the task's text, in code points.
        on_problem: takes what cannot be read, in words.
        seen: the text of the task as it is on the server, where it may have been edited; None: not known.
        text: that of the document, to hold it against.
    """
    regions: dict[str, Region] = {}
    fields: list[tuple[str, str, Raw]] = []
    relations: list[tuple[str, str, str]] = []
    unread: set[str] = set()
    edited = seen is not None and seen != on_screen(text[offset : offset + length])
    for item in items:
        value = item.get("value") or {}
        region = str(item.get("id", ""))
        if item.get("type") == "relation":
            labels = words_of(item.get("labels") or [""])
            relations.append((str(item.get("from_id")), str(item.get("to_id")), labels[0]))
        elif item.get("from_name") == LABEL_CONTROL:
            read = _read_mark(region, item, value, offset, length)
            if isinstance(read, Region) and region in regions:
                read = "its id is that of another"
            if isinstance(read, Region) and edited and not _same_words(seen or "", text, read, offset):
                read = "the text of the task was changed on the server, and has other words there than the document"
            if isinstance(read, Region):
                regions[region] = read
            else:
                on_problem(f"the mark {region or '?'} cannot be read: {read}")
                unread.add(region)
        elif item.get("from_name") in CONTROLS and "start" in value:
            fields.append((region, str(item["from_name"]), value))
    for region, name, value in fields:
        if region not in regions:
            continue
        try:
            content = read_control(name, value)
        except ValueError as error:
            regions[region].unread.add(name)
            on_problem(f"the mark {region}: {error}")
            continue
        if content is not None:
            regions[region].fields[name] = content
    relations += _ties(regions)
    known = ((start, end, label) for start, end, label in relations if start in regions and end in regions)
    return Regions(regions, tuple(dict.fromkeys(known)), frozenset(unread))


def _ties(regions: Mapping[str, Region]) -> Iterator[tuple[str, str, str]]:
    """Yield the ties of parts to claims that they were sent with; a copy of a part, which has another id, is tied to nothing."""
    for region in regions.values():
        claims = region.meta.get(TIED)
        if region.meta.get("region") == region.region_id and isinstance(claims, list):
            yield from ((claim, region.region_id, region.label.lower()) for claim in claims)


def _read_mark(region: str, item: Raw, value: Raw, offset: int, length: int) -> Region | str:
    """Return the mark, or what is wrong with it, in words."""
    start, end = value.get("start"), value.get("end")
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int | str):
        return "it has no place in the text"
    try:
        start, end = int(start), int(end)  # type: ignore[arg-type]
        labels = words_of(value.get("labels") or [])
    except (TypeError, ValueError) as error:
        return str(error)
    if not 0 <= start < end <= length:
        return f"{start}-{end} lies outside the text of {length} code points"
    if len(labels) != 1 or labels[0] not in LABELS:
        return f"its label is {', '.join(labels) or 'missing'}, not one of {', '.join(LABELS)}"
    meta = item.get("meta")
    return Region(
        region,
        labels[0],
        offset + start,
        offset + end,
        meta=dict(meta) if isinstance(meta, Mapping) else {},
    )


def _same_words(seen: str, text: str, region: Region, offset: int) -> bool:
    return seen[region.start - offset : region.end - offset] == on_screen(text[region.start : region.end])
