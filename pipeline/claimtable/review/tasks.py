"""Documents with their claims as review tasks: the text cut to size, and the claims as they stand as pre-annotations.

A claim stands as people left it: with the values, the verdict and the judgement that it has by now. A task shows `document.text[start:end]`; offsets in its result are relative to `start`. One task per document up to
`TASK_CHARS`, then one per run of paragraphs. Keys and region ids are UUIDs of version 5, made from what they stand
for, so that the same document always makes the same tasks.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from claimtable.review.fields import (
    CLAIM_CONTROLS,
    CONTROLS,
    DECISION,
    LABEL_CONTROL,
    TEXT_COLUMNS,
    TEXT_OBJECT,
    VERDICT_COLUMNS,
    control_value,
    on_screen,
    plain,
    sendable,
)
from claimtable.schema import Actor, Claim, Document, Offsets, Quantity, Task, TaskState, first_claim_id

TASK_CHARS = 10_000
"""Code points of text in one task, about: chosen well below the 25,000 from which the screen is known to be slow."""
TASK_CLAIMS = 150
"""Claims in one task, about. Hand-set; how long such a page takes to open is in docs/review.md."""
SUMMARY_CHARS = 60
"""Of a claim in the list of regions."""
TIED = "of"
"""Key in what the mark of a part is sent with: the ids of the marks of its claims."""
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/claimtable/claimtable#review")

_PARAGRAPH_END = re.compile(r"(?:\r\n|\r|\n)(?:[^\S\r\n]*(?:\r\n|\r|\n))+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+")
_WORD_END = re.compile(r"\s+")

ADJUDICATION = "adjudication"
"""Annotator of the tasks that go to an adjudicator, and end of the title of their project."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """One task, ready to be sent."""

    task_key: str
    doc_id: str
    doc_sha256: str
    start: int
    end: int
    annotator: str | None
    """Who alone is to work on it, in a blind double annotation; None for anybody."""
    claims: tuple[Claim, ...]
    """The claims that it shows, in text order, as they were before anybody changed them."""
    data: dict[str, Any]
    result: tuple[Item, ...]
    """The pre-annotations: items of Label Studio, offsets relative to `start`."""
    extractor: str
    claim_id: str | None = None
    """The claim that it asks about alone; None: it asks about all of its part of the text."""
    score: float | None = None
    """Score of its prediction, between 0 and 1; None: the check-worthiness."""

    @property
    def check_worthiness(self) -> float:
        """That of its most check-worthy claim; 0 without any."""
        return max((c.check_worthiness or 0.0 for c in self.claims), default=0.0)

    @property
    def content_hash(self) -> str:
        """Hash of what the annotator sees: text, pre-annotations and their origin."""
        content = json.dumps([self.data, self.result, self.extractor], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def prediction(self) -> dict[str, Any]:
        """Return the pre-annotations as Label Studio takes them."""
        return {
            "model_version": self.extractor,
            "score": self.check_worthiness if self.score is None else self.score,
            "result": list(self.result),
        }

    def to_import(self) -> dict[str, Any]:
        """Return the task as Label Studio imports it."""
        return {"data": self.data, "predictions": [self.prediction()]}

    def record(self, server: str, project: str, *, state: TaskState, remote_id: int | None = None) -> Task:
        """Return the task as the store keeps it; it is out from now on, unless it is `pending`."""
        return Task(
            task_key=self.task_key,
            doc_id=self.doc_id,
            doc_sha256=self.doc_sha256,
            start=self.start,
            end=self.end,
            server=server,
            project=project,
            content_hash=self.content_hash,
            annotator=self.annotator,
            remote_id=None if remote_id is None else str(remote_id),
            pushed_at=None if state == "pending" else datetime.now(UTC).isoformat(timespec="seconds"),
            state=state,
            claims=self.claims,
            claim_id=self.claim_id,
        )


class ReviewedClaim(Protocol):
    """A claim as it stands after what people said of it, as the store has it."""

    @property
    def row(self) -> Claim:
        """As the table shows it."""

    @property
    def before(self) -> Claim | None:
        """As it was extracted; None for one that a person added."""


class TaskSource(Protocol):
    """What is needed of a store to make the tasks of a document."""

    def document(self, doc_id: str, *, sha256: str | None = None) -> Document:
        """Return a document."""

    def reviewed_claims(self, doc_id: str, *, annotator: str | None = None) -> Sequence[ReviewedClaim]:
        """Return its claims as they stand: after what everybody said of them, or one annotator."""

    def actors(self, doc_id: str) -> list[Actor]:
        """Return its actors."""

    def mentions(self, doc_id: str, *, layer: str | None = None) -> Sequence[Any]:
        """Return its mentions."""


def stored_tasks(
    store: TaskSource,
    doc_id: str,
    *,
    extractor: str,
    annotator: str | None = None,
    voices: Mapping[str, str] | None = None,
) -> list[ReviewTask]:
    """Return the tasks of a document with its claims as they stand, as `make_tasks` makes them.

    Raises:
        ClaimTableError: there is no such document.
    """
    document = store.document(doc_id)
    reviewed = reviewed_for(store, doc_id, annotator)
    return make_tasks(
        document,
        [one.row for one in reviewed],
        store.actors(doc_id),
        quantities_of(store, doc_id),
        before={one.row.claim_id: one.before for one in reviewed},
        extractor=extractor,
        annotator=annotator,
        voices=voices,
    )


def reviewed_for(store: TaskSource, doc_id: str, annotator: str | None) -> Sequence[ReviewedClaim]:
    """Return the claims of a document as an annotator is to see them; the adjudicator sees what all others said."""
    return store.reviewed_claims(doc_id, annotator=None if annotator == ADJUDICATION else annotator)


def quantities_of(store: TaskSource, doc_id: str) -> list[Quantity]:
    """Return the quantities that were extracted from a document."""
    return [each for each in store.mentions(doc_id, layer="quantities") if isinstance(each, Quantity)]


def make_tasks(
    document: Document,
    claims: Iterable[Claim],
    actors: Iterable[Actor] = (),
    quantities: Iterable[Quantity] = (),
    *,
    before: Mapping[str, Claim | None] | None = None,
    extractor: str,
    annotator: str | None = None,
    voices: Mapping[str, str] | None = None,
) -> list[ReviewTask]:
    """Return the tasks of a document, in text order.

    Args:
        document: whose tasks.
        claims: those of this document as the table shows them; claims that lie outside its text are left out.
        actors: each is marked at its first mention in a task.
        quantities: the mentions that the claims' values were read from, to mark them; may be of the whole document.
        before: id → the claim as it was extracted, None for one that a person added; None: nobody changed any.
        extractor: version of what extracted; it comes back with each annotation.
        annotator: whose tasks these are, in a blind double annotation.
        voices: claim → what people said of it, where one is to decide.
    """
    inside = [c for c in claims if 0 <= c.start < c.end <= len(document.text)]
    inside.sort(key=lambda c: (c.start, c.end, c.claim_id))
    actors, quantities = list(actors), list(quantities)
    parts = cut(document.text, [(c.start, c.end) for c in inside])
    was = {claim.claim_id: claim for claim in inside} if before is None else before
    return [
        _task(
            document,
            start,
            end,
            [c for c in inside if start <= c.start < end],
            was,
            actors,
            quantities,
            number=f"{number} of {len(parts)}" if len(parts) > 1 else None,
            extractor=extractor,
            annotator=annotator,
            voices=voices or {},
        )
        for number, (start, end) in enumerate(parts, 1)
    ]


def cut(
    text: str, spans: Sequence[tuple[int, int]], size: int = TASK_CHARS, most: int = TASK_CLAIMS
) -> list[tuple[int, int]]:
    """Cut a text into parts of about `size` code points, at paragraph borders and never inside one of the spans.

    A paragraph that is longer than `size` is cut at line ends, a longer line at the ends of sentences, else between words.
    A part with more than `most` of the spans is cut again.
    """
    parts = _cut_by_size(text, spans, size)
    begun = sorted(start for start, _ in spans)
    if len(begun) <= most:
        return parts
    smaller = []
    for start, end in parts:
        inside = bisect_left(begun, end) - bisect_left(begun, start)
        pieces = -(-inside // most)
        if pieces < 2:
            smaller.append((start, end))
            continue
        moved = [(low - start, high - start) for low, high in spans if start <= low < end]
        found = _cut_by_size(text[start:end], moved, -(-(end - start) // pieces))
        smaller += [(start + low, start + high) for low, high in found]
    return smaller


def _cut_by_size(text: str, spans: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    if len(text) <= size:
        return [(0, len(text))]
    taken = bytearray(len(text) + 1)
    for start, end in spans:
        taken[start + 1 : end] = b"\x01" * max(0, end - start - 1)

    def borders(pattern: re.Pattern[str]) -> list[int]:
        ends = (match.end() for match in pattern.finditer(text))
        return [end for end in ends if end < len(text) and not taken[end]]

    kinds = [borders(pattern) for pattern in (_PARAGRAPH_END, _LINE_END, _SENTENCE_END, _WORD_END)]
    parts: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > size:
        border = next((found for ends in kinds if (found := _last(ends, start, start + size))), None)
        border = border or next((end for end in kinds[-1] if end > start + size), None)
        if border is None:
            break
        parts.append((start, border))
        start = border
    return [*parts, (start, len(text))]


def _last(borders: Sequence[int], after: int, until: int) -> int | None:
    """Return the last border behind a place and not behind another; None without one. They are in order."""
    place = bisect_right(borders, until)
    return borders[place - 1] if place and borders[place - 1] > after else None


def task_key(doc_id: str, doc_sha256: str, start: int, end: int, annotator: str | None) -> str:
    """Return the key under which a task is looked up on the server."""
    return _uuid("task", doc_id, doc_sha256, start, end, annotator)


def claim_region(claim_id: str) -> str:
    """Return the id of the region that shows an extracted claim."""
    return _uuid("claim", first_claim_id(claim_id))


def part_words(text: str, places: Iterable[tuple[int, int]]) -> str | None:
    """Return what a column says whose words stand at these places of the document text; None for no words."""
    return sendable(" ".join(text[start:end] for start, end in sorted(places))).strip() or None


def _uuid(*parts: object) -> str:
    # Escaped to ASCII by `json`, so that half a surrogate pair in an id does no harm.
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts)))


def _task(
    document: Document,
    start: int,
    end: int,
    claims: Sequence[Claim],
    before: Mapping[str, Claim | None],
    actors: Sequence[Actor],
    quantities: Sequence[Quantity],
    *,
    number: str | None,
    extractor: str,
    annotator: str | None,
    voices: Mapping[str, str],
) -> ReviewTask:
    text = on_screen(document.text[start:end])
    said = [(claim, voices[claim.claim_id]) for claim in claims if claim.claim_id in voices]
    data = {
        "about": about_line(document, number and f"part {number}"),
        "claims": len(claims),
        "check_worthiness": max((c.check_worthiness or 0.0 for c in claims), default=0.0),
        "voices": "  ·  ".join(
            f"“{' '.join(sendable(claim.text).split())[:60]}…” {words}" for claim, words in said
        ),
    }
    items = Items(document.text, start, end, text)
    for claim in claims:
        items.add_claim(claim, before.get(claim.claim_id), quantities)
    for actor in actors:
        items.add_actor(actor)
    return task_of_part(
        document,
        (start, end),
        task_key(document.id, document.sha256, start, end, annotator),
        annotator=annotator,
        claims=tuple(before.get(claim.claim_id) or claim for claim in claims),
        data=data,
        result=items,
        extractor=extractor,
    )


def task_of_part(
    document: Document,
    place: Offsets,
    key: str,
    *,
    annotator: str | None,
    claims: tuple[Claim, ...],
    data: Mapping[str, Any],
    result: Iterable[Item],
    extractor: str,
    claim_id: str | None = None,
    score: float | None = None,
) -> ReviewTask:
    """Return the task that shows a part of a document; to its own data come those by which an answer is read."""
    start, end = place
    common: dict[str, Any] = {
        "title": sendable(document.title or document.id),
        "text": on_screen(document.text[start:end]),
        "task_key": key,
        "doc_id": sendable(document.id),
        "doc_sha256": document.sha256,
        "start": start,
        "end": end,
    }
    if annotator is not None:
        common["annotator"] = sendable(annotator)
    return ReviewTask(
        task_key=key,
        doc_id=document.id,
        doc_sha256=document.sha256,
        start=start,
        end=end,
        annotator=annotator,
        claims=claims,
        data={**data, **common},
        result=tuple(result),
        extractor=extractor,
        claim_id=claim_id,
        score=score,
    )


def about_line(document: Document, *more: str | None) -> str:
    """Return the line below the title: author, day, address."""
    parts = (document.author, document.published and document.published.isoformat(), document.url, *more)
    return sendable(" · ".join(part for part in parts if part))


_WORDS = {"accepted": "right", "corrected": "right", "added": "right", "rejected": "wrong"}


def decision_of(claim: Claim) -> str | None:
    """Return the reviewer's word for the state of a claim; None: nobody judged it."""
    return decision_word(claim.status)


def decision_word(status: Any) -> str | None:
    """Return the reviewer's word for a state of a claim; None: nobody judged it."""
    return _WORDS.get(status)


def cells(claim: Claim) -> dict[str, Any]:
    """Return what the table says of a claim: column → plain value, without its place and without empty ones."""
    values = {name: plain(name, value) for name, value in claim.to_dict().items() if name not in _NO_CELLS}
    return {name: value for name, value in values.items() if value is not None}


_NO_CELLS = frozenset(
    {
        "claim_id",
        "text",
        "start",
        "end",
        "prefix",
        "suffix",
        "section",
        "check_worthiness",
        "confidence",
        "rule",
    }
    | {"doc_id", "title", "url", "author", "published", "status", "reviewer", "reviewed_at", *VERDICT_COLUMNS}
)


def changes(claim: Claim, before: Claim) -> dict[str, list[Any]]:
    """Return what people changed of a claim: column → [as extracted, as it stands], None for empty."""
    old, new = cells(before), cells(claim)
    names = sorted({*old, *new})
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


class Items:
    """The items of one task: marks and their fields, claims first, then their parts, then actors.

    A part is tied to its claims by what it is sent with, not by relations: Label Studio measures and draws each, which takes
    longer than all else on a page, and nothing in its style sheets could follow them.
    """

    def __init__(self, text: str, start: int, end: int, shown: str) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._shown = shown
        self._claims: dict[str, list[Item]] = {}
        self._places: dict[str, Offsets] = {}
        self._parts: dict[tuple[str, int, int], list[str]] = {}
        """(label, start, end) → marks of the claims that it is a part of."""
        self._actors: dict[str, list[Item]] = {}

    def __iter__(self) -> Iterator[Item]:
        for items in self._claims.values():
            yield from items
        for (label, start, end), claims in self._parts.items():
            region = part_region(label, start, end, {claim: self._places[claim] for claim in claims})
            yield from self._mark(region, label, start, end, {}, meta={TIED: claims, "region": region})
        for items in self._actors.values():
            yield from items

    def add_claim(
        self,
        claim: Claim,
        before: Claim | None,
        quantities: Sequence[Quantity],
        *,
        fields_on_screen: bool = True,
    ) -> None:
        """Add the marks of a claim and its parts, with its fields where the screen has those of each mark."""
        region = claim_region(claim.claim_id)
        if region in self._claims:
            return
        # A claim that no border could be found around ends with its task.
        end = min(claim.end, self._end)
        fields = {
            name: value for name in CLAIM_CONTROLS if (value := plain(name, getattr(claim, name))) is not None
        }
        parts = list(_parts(self._text, self._start, self._end, claim, quantities))
        shown = fields | {
            TEXT_COLUMNS[label]: words
            for label, part_start, part_end in parts
            if label in TEXT_COLUMNS and (words := part_words(self._text, [(part_start, part_end)]))
        }
        # It comes back with the region, so that what the reviewer changed is known whatever was sent since.
        meta: dict[str, Any] = {"claim_id": claim.claim_id, "shown": shown}
        if claim.status != "extracted":
            meta["status"] = claim.status
        if before is not None and (changed := changes(claim, before)):
            meta["changed"] = changed
        if fields_on_screen and (decision := decision_of(claim)):
            fields[DECISION] = decision
        elif not fields_on_screen:
            fields = {}
        score = {} if claim.confidence is None else {"score": claim.confidence}
        items = self._mark(region, "Claim", claim.start, end, fields, meta=meta, **score)
        # The list of regions shows it: claims on the same words are told apart by what they say.
        items[0]["value"]["text"] = summary(claim)
        self._claims[region], self._places[region] = items, (claim.start, end)
        for part in parts:
            self._parts.setdefault(part, []).append(region)

    def add_actor(self, actor: Actor) -> None:
        """Mark an actor at its first mention."""
        mentions = [(s, e) for s, e in actor.mentions if self._start <= s < e <= self._end]
        if not mentions:
            return
        start, end = min(mentions)
        fields = {"actor_name": plain("actor_name", actor.name), "actor_type": actor.type}
        given = {name: value for name, value in fields.items() if value is not None}
        region = _uuid("actor", actor.actor_id)
        self._actors.setdefault(
            region, self._mark(region, "Actor", start, end, given, meta={"actor_id": actor.actor_id})
        )

    def _mark(
        self, region: str, label: str, start: int, end: int, fields: dict[str, Any], **more: Any
    ) -> list[Item]:
        place = {
            "start": start - self._start,
            "end": end - self._start,
            "text": self._shown[start - self._start : end - self._start],
        }
        common = {"id": region, "to_name": TEXT_OBJECT}
        first = {
            **common,
            "from_name": LABEL_CONTROL,
            "type": "labels",
            "value": {**place, "labels": [label]},
            **more,
        }
        others = (
            {
                **common,
                "from_name": name,
                "type": CONTROLS[name],
                "value": {**place, **control_value(name, value)},
            }
            for name, value in fields.items()
        )
        return [first, *others]


_AFTER_VERSION = 15
"""Place of the digit behind the version, 5, in a UUID."""


def part_region(label: str, start: int, end: int, claims: Mapping[str, Offsets]) -> str:
    """Return the id of the mark of a part, which Label Studio makes a style class of.

    The style sheet of the configuration underlines a part while its claim is selected, whose id has two digits in common with
    it: `_7x` stands for the first one, `_x7` for the one behind the 5 that all of these ids have; `_out` says that it stands outside
    of its claims. Of 200 pairs of claims on the same words one has the same digits, and then shows the parts of both.
    """
    digits = sorted({f"{claim[0]}x" for claim in claims} | {f"x{claim[_AFTER_VERSION]}" for claim in claims})
    outside = not any(low <= start and end <= high for low, high in claims.values())
    return "_".join([_uuid("part", label, start, end), *digits, *(["out"] if outside else []), label])


def is_where_it_was_sent(region: str, label: str, place: Offsets) -> bool:
    """Return whether the mark of a part, by its id, stands where it was sent, whatever became of the prediction."""
    return region.partition("_")[0] == _uuid("part", label, *place)


def summary(claim: Claim) -> str:
    """Return a claim in a few words: how much of what."""
    values = (claim.value_low, claim.value_high) if claim.value is None else (claim.value,)
    figures = [f"{value:,.15g}" if value is not None else "?" for value in values]
    stated = any(value is not None for value in values)
    figure = " ".join(filter(None, ["–".join(figures), claim.unit])) if stated else None
    words = " · ".join(filter(None, [figure, claim.subject])) or claim.text
    words = " ".join(sendable(words).split())
    return words if len(words) <= SUMMARY_CHARS else f"{words[: SUMMARY_CHARS - 1].rstrip()}…"


def _parts(
    text: str, start: int, end: int, claim: Claim, quantities: Sequence[Quantity]
) -> Iterator[tuple[str, int, int]]:
    """Yield (label, start, end) of the claim's parts that are found in text[start:end]."""
    wanted = {"Subject": claim.subject} | {
        label: getattr(claim, name) for label, name in TEXT_COLUMNS.items()
    }
    for label, words in wanted.items():
        place = _find(text, words, start, end, claim) if words else None
        if place is not None:
            yield label, *place
    for quantity in quantities:
        if claim.start <= quantity.start < quantity.end <= min(claim.end, end) and _is_value(quantity, claim):
            yield "Quantity", quantity.start, quantity.end
            break


def _is_value(quantity: Quantity, claim: Claim) -> bool:
    if quantity.value is None:
        ends = (quantity.value_low, quantity.value_high)
        return ends != (None, None) and ends == (claim.value_low, claim.value_high)
    if claim.value is None:
        return False
    factor = 1.0 if quantity.factor is None else quantity.factor
    return abs(quantity.value * factor - claim.value) <= 1e-9 * max(1.0, abs(claim.value))


def _occurrences(text: str, words: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield where the words stand in text[low:high], not as a part of longer words."""
    start = text.find(words, low, high)
    while start >= 0:
        end = start + len(words)
        before, after = text[start - 1 : start] if start else "", text[end : end + 1]
        if not (_is_word(before) and _is_word(words[0])) and not (_is_word(after) and _is_word(words[-1])):
            yield start, end
        start = text.find(words, start + 1, high)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _find(text: str, words: str, start: int, end: int, claim: Claim) -> tuple[int, int] | None:
    """Return the place of the words inside the claim, else the one nearest to it in its paragraph, else None."""
    before = [match.end() for match in _PARAGRAPH_END.finditer(text, start, claim.start)]
    after = _PARAGRAPH_END.search(text, min(claim.end, end), end)
    low, high = (before[-1] if before else start), (after.start() if after else end)
    found = list(_occurrences(text, words, low, high))

    def distance(place: tuple[int, int]) -> int:
        return max(claim.start - place[0], place[1] - claim.end, 0)

    return min(found, key=distance, default=None)
