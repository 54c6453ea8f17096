"""What comes back from Label Studio, read as annotations, reviews and spans.

Silence is no judgement. A claim is *accepted*, or *corrected* where a field, a part or its place differs from what was
extracted, by its mark in what somebody submitted; *rejected* by the word for it, or where the mark is gone from a
submission whose prediction is known to have shown it; *added* where the mark was made by hand. Texts are always taken
from the document by their offsets, never from what the server holds as text.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from claimtable.errors import ReviewError
from claimtable.review.claim_cells import read_cells
from claimtable.review.configuration import Lacking
from claimtable.review.fields import CLAIM_CONTROLS, DECISION, PARTS, TEXT_COLUMNS, VERDICT_COLUMNS
from claimtable.review.parts import COLUMNS_OF, PartReader
from claimtable.review.questions import questions
from claimtable.review.regions import Raw, Region, Regions, read_regions
from claimtable.review.tasks import NAMESPACE, claim_region, decision_word, is_where_it_was_sent
from claimtable.schema import (
    CONTEXT_CHARS,
    Annotation,
    Claim,
    Decision,
    Document,
    Offsets,
    Review,
    ReviewedRelation,
    ReviewedSpan,
    Submission,
    claim_id_from,
    new_claim_id,
)

Problem = Callable[[ReviewError], object]


class UnreadError(ReviewError):
    """An annotation, or something in it, that could not be read."""

    def __init__(self, message: str, annotation: str) -> None:
        super().__init__(message)
        self.annotation = annotation
        """The server's number of it."""


class QuestionError(ReviewError):
    """What somebody said was read and kept, and is unlikely to be meant."""


class Memory(Protocol):
    """What is needed of a store to know an annotation again."""

    def shown_to(self, annotation_id: str) -> tuple[str | None, tuple[str, ...]] | None: ...
    def reviewer_of(self, annotation_id: str) -> str | None: ...
    def result_of(self, annotation_id: str) -> tuple[dict[str, Any], ...] | None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside a task and its annotations."""

    source: str
    """Where the task stands, such as `label-studio:<server>/project/3`."""
    reviewers: Mapping[Any, str]
    """User id → e-mail address or name, where an annotation names a person by number."""
    memory: Memory | None = None
    """What came before; None: nothing."""
    claims: Sequence[Claim] = ()
    """The claims of the task as they were sent."""
    parts: PartReader = field(default_factory=PartReader)
    lacking: Lacking = field(default_factory=Lacking)
    """What of our labelling configuration the screen lacked."""
    on_problem: Problem = lambda _: None
    """Takes what could not be read, and what is questioned; the rest is read nonetheless."""


def read_task(raw: Raw, document: Document, context: Context) -> Iterator[Submission]:
    """Yield what people submitted on a task, as the server lists it or as an export file holds it.

    Args:
        raw: the task with its annotations.
        document: the text that the task was made from.
        context: what else is known.
    """
    for annotation in raw.get("annotations") or ():
        try:
            submission = _Reader(raw, annotation, document, context).read()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Made by another tool, or by hand: anything may be missing or of another type.
            number = str(annotation.get("id")) if isinstance(annotation, Mapping) else "?"
            words = f"it is not as Label Studio writes it ({type(error).__name__}: {error})"
            context.on_problem(
                UnreadError(
                    f"{document.id}: annotation {number} of task {raw.get('id')} on {context.source}: {words}",
                    number,
                )
            )
            continue
        if submission is not None:
            yield submission


def annotation_id(task_key: str | None, raw: Raw, origin: str) -> str:
    """Return the id of an annotation: the same from the server, under whatever address, and from an export of it."""
    if task_key is None:
        return str(uuid.uuid5(NAMESPACE, origin))
    return str(uuid.uuid5(NAMESPACE, json.dumps(["annotation", task_key, raw["id"], raw["created_at"]])))


def review_id(annotation_id: str, region_id: str) -> str:
    """Return the id of what an annotation says about the claim of one of its regions."""
    return str(uuid.uuid5(NAMESPACE, json.dumps([annotation_id, region_id])))


_NOTHING = Regions({}, (), frozenset())


class _Reader:
    """Reads one annotation."""

    def __init__(self, task: Raw, raw: Raw, document: Document, context: Context) -> None:
        data = task["data"]
        self._task = task
        self._raw = raw
        self._data = data
        self._document = document
        self._context = context
        self._start = int(data.get("start", 0))
        self._length = int(data.get("end", len(document.text))) - self._start
        self._origin = f"{context.source}/task/{task['id']}/annotation/{raw['id']}"

    def read(self) -> Submission | None:
        """Return the submission; None for one of which nothing is new but who touched it."""
        raw, key = self._raw, self._data.get("task_key")
        number = annotation_id(key, raw, self._origin)
        result = tuple(dict(item) for item in raw.get("result") or ())
        author = self._person(raw.get("completed_by"), number)
        editor = raw.get("updated_by")
        memory = self._context.memory
        if editor is not None and _number(editor) != _number(raw.get("completed_by")):
            if memory is not None and memory.result_of(number) == result:
                return None
            # Edited by a colleague: what it says by now is theirs, and what its author said stays as it was.
            number = str(uuid.uuid5(NAMESPACE, json.dumps([number, "edited by", _number(editor)])))
            author = self._person(editor, number)
        before, prediction = self._before(result)
        known = self._shown(number, before, prediction)
        annotation = Annotation(
            annotation_id=number,
            task_key=key,
            doc_id=self._document.id,
            doc_sha256=self._document.sha256,
            reviewer=author,
            outcome="skipped" if raw.get("was_cancelled") else "submitted",
            created_at=_utc(raw["created_at"]),
            updated_at=_utc(raw.get("updated_at") or raw["created_at"]),
            lead_time=raw.get("lead_time"),
            origin=self._origin,
            result=result,
            extractor=None if known is None else known[0],
            shown=None if known is None else known[1],
        )
        if annotation.outcome == "skipped":
            return Submission(annotation)
        after = self._regions(result, self._problem)
        reviews = (
            tuple(self._claim_review(annotation, before, after))
            if isinstance(self._data.get("claim_id"), str)
            else tuple(self._reviews(annotation, before, after))
        )
        for review in reviews:
            for words in questions(review):
                self._question(f"claim {review.claim_id}: {words}")
        return Submission(
            annotation,
            reviews=reviews,
            spans=tuple(_spans(annotation, self._document, before, after)),
            relations=tuple(
                ReviewedRelation(annotation.annotation_id, *relation) for relation in after.relations
            ),
        )

    def _problem(self, words: str) -> None:
        self._context.on_problem(UnreadError(self._words(words), str(self._raw["id"])))

    def _question(self, words: str) -> None:
        self._context.on_problem(QuestionError(self._words(words)))

    def _words(self, words: str) -> str:
        where = f"annotation {self._raw['id']} of task {self._task['id']} on {self._context.source}"
        return f"{self._document.id}: {where}: {words}"

    def _person(self, given: Any, number: str) -> str:
        if isinstance(given, Mapping):
            return str(
                given.get("email") or self._context.reviewers.get(given.get("id"), f"user {given.get('id')}")
            )
        if given in self._context.reviewers:
            return self._context.reviewers[given]
        known = None if self._context.memory is None else self._context.memory.reviewer_of(number)
        return known or f"user {given}"

    def _regions(self, items: Iterable[Raw], on_problem: Callable[[str], object]) -> Regions:
        seen = self._data.get("text")
        regions = read_regions(
            items,
            offset=self._start,
            length=self._length,
            on_problem=on_problem,
            seen=seen if isinstance(seen, str) else None,
            text=self._document.text,
        )
        if isinstance(self._data.get("claim_id"), str):
            return _all_of_one_claim(regions)
        return regions

    def _before(self, result: Sequence[Raw]) -> tuple[Regions, Raw | None]:
        """Return what the prediction marks that the person is known to have seen, and the prediction."""
        prediction = _prediction(self._task, self._raw)
        items = () if prediction is None else prediction.get("result") or ()
        before = self._regions(items, lambda _: None)
        if prediction is None:
            return before, None
        shown = {region.claim_id for region in before.by_id.values()} - {None}
        returned = {
            claim_id_from(item["meta"]["claim_id"])
            for item in result
            if isinstance(item.get("meta"), Mapping) and isinstance(item["meta"].get("claim_id"), str)
        }
        if returned - shown or _is_younger(prediction, self._raw):
            # It was replaced while the person had the one before on the screen.
            return _NOTHING, None
        return before, prediction

    def _shown(
        self, number: str, before: Regions, prediction: Raw | None
    ) -> tuple[str | None, tuple[str, ...]] | None:
        """Return version and claims of what the person was shown, as known now or from before; None where it is not."""
        if self._context.memory is not None and (known := self._context.memory.shown_to(number)):
            return known
        if prediction is None:
            return None
        claims = dict.fromkeys(r.claim_id for r in before.by_id.values() if r.claim_id is not None)
        return prediction.get("model_version"), tuple(claims)

    def _reviews(self, annotation: Annotation, before: Regions, after: Regions) -> Iterator[Review]:
        marks, relabelled = _marks_of_claims(after, before)
        for claim_id, region in relabelled.items():
            self._problem(
                f"the mark of claim {claim_id} now has the label {region.label}: neither accepted nor rejected; give it "
                "the label Claim again, or delete it"
            )
        loose = _loose_parts(after)
        for region in after.by_id.values():
            if region.label != "Claim":
                continue
            marked = next((key for key, mark in marks.items() if mark is region), None)
            if marked is None:
                yield self._added(annotation, region, after, loose)
            else:
                first = before.by_id.get(region.region_id)
                yield self._review(annotation, marked, region, first, before, after)
        there = {*marks, *relabelled}
        if self._context.lacking.label("Claim"):
            # Nobody deleted what the screen could not show.
            return
        for claim_id in annotation.shown or ():
            if claim_id not in there and claim_region(claim_id) not in after.unread:
                yield from self._gone(annotation, claim_id, before)

    def _added(
        self, annotation: Annotation, region: Region, after: Regions, loose: Sequence[Region]
    ) -> Review:
        places = after.places(region)
        for part in loose:
            # A part inside it that is tied to nothing is its own.
            if region.start <= part.start < part.end <= region.end and part.label not in places:
                places[part.label] = (part.place,)
        columns = _said(region)
        for label, found in places.items():
            read = self._context.parts.columns(self._document, label, found)
            if label in TEXT_COLUMNS:
                read[TEXT_COLUMNS[label]] = _words(self._document, found)
            if label == "Quantity" and any(columns.get(name) is not None for name in ("value", "value_low")):
                read = {name: value for name, value in read.items() if name == "unit"}
            columns |= {n: v for n, v in read.items() if columns.get(n) is None and v is not None}
        return self._made(
            annotation,
            region.region_id,
            region.place,
            _added_id(annotation, region),
            "added",
            columns,
            region.fields,
        )

    def _review(
        self,
        annotation: Annotation,
        claim_id: str,
        region: Region,
        first: Region | None,
        before: Regions,
        after: Regions,
    ) -> Review:
        lacking = self._context.lacking
        columns = after.columns(region, self._document.text)
        given = region.meta.get("shown")
        if not isinstance(given, Mapping):
            given = before.columns(first, self._document.text) if first is not None else {}
        shown = {name: value for name, value in given.items() if name not in VERDICT_COLUMNS}
        said = {name: value for name, value in columns.items() if name not in VERDICT_COLUMNS}
        for name in region.unread:
            said[name] = shown.get(name)
        lacking.restore(said, shown)
        found = dict(region.fields)
        lacking.restore(found, {name: given[name] for name in VERDICT_COLUMNS if given.get(name)})
        lacking.restore(found, {DECISION: decision_word(region.meta.get("status"))})
        if first is not None:
            self._read_parts(said, shown, before.places(first), after.places(region))
        moved = first is not None and first.place != region.place
        fields = _fields(said, shown, region.meta)
        touched = moved or any(said.get(name) != shown.get(name) for name in {*said, *shown})
        decision = _decision(found.get(DECISION), region.meta.get("status"), touched, bool(fields) or moved)
        if decision == "added":
            fields = {n: v for n, v in {**_kept(region.meta), **said}.items() if v is not None}
        return self._made(annotation, region.region_id, region.place, claim_id, decision, fields, found)

    def _read_parts(
        self,
        said: dict[str, Any],
        shown: Mapping[str, Any],
        before: Mapping[str, tuple[Offsets, ...]],
        after: Mapping[str, tuple[Offsets, ...]],
    ) -> None:
        """Have marks of parts that were moved correct the cells that nobody changed by hand."""
        for label in COLUMNS_OF:
            places = after.get(label, ())
            if not places or places == before.get(label, ()):
                continue
            untouched = all(said.get(name) == shown.get(name) for name in COLUMNS_OF[label])
            if untouched:
                said |= self._context.parts.columns(self._document, label, places)

    def _gone(self, annotation: Annotation, claim_id: str, before: Regions) -> Iterator[Review]:
        """Yield the rejection of a claim that was shown and is no longer marked."""
        region = next((r for r in before.by_id.values() if r.claim_id == claim_id), None)
        claim = next((c for c in self._context.claims if c.claim_id == claim_id), None)
        if region is not None:
            place, number = region.place, region.region_id
        elif claim is not None:
            place, number = (claim.start, claim.end), claim_region(claim_id)
        else:
            self._problem(f"claim {claim_id} was shown and is gone, and nothing is known of its place")
            return
        yield self._made(annotation, number, place, claim_id, "rejected", {}, {})

    def _claim_review(self, annotation: Annotation, before: Regions, after: Regions) -> Iterator[Review]:
        """Yield what the person said of the claim that the task asks about; nothing where they said nothing."""
        data = self._data
        claim_id = claim_id_from(data["claim_id"])
        shown = dict(data.get("shown") or {})
        given = read_cells(annotation.result, data, self._problem, lacking=self._context.lacking.cell)
        said = {**shown, **given.columns}
        mark = next((r for r in after.by_id.values() if r.label == "Claim"), None)
        first = next((r for r in before.by_id.values() if r.label == "Claim"), None)
        place = mark.place if mark is not None else (int(data["claim_start"]), int(data["claim_end"]))
        moved = place != (int(data["claim_start"]), int(data["claim_end"]))
        was, now = _places(before, first, after, mark)
        if mark is not None:
            self._read_parts(said, shown, was, now)
            for label, column in TEXT_COLUMNS.items():
                if now.get(label, ()) != was.get(label, ()):
                    said[column] = _words(self._document, now.get(label, ()))
            self._context.lacking.restore(said, shown)
        fields = _fields(said, shown, data)
        touched = moved or any(said.get(name) != shown.get(name) for name in {*said, *shown})
        if given.decision is None and not touched and not given.answered:
            return
        # What was only extracted was judged by nobody.
        status = None if data.get("status") == "extracted" else data.get("status")
        decision = _decision(given.decision, status, touched, bool(fields) or moved)
        if given.decision is None and not (status and not touched):
            # What was changed or found is kept, and judges nothing.
            decision = "unsure"
        if given.decision == "wrong" and touched:
            self._problem_of_wrong(claim_id)
        if decision == "added" or (status == "added" and decision == "unsure"):
            fields = {n: v for n, v in {**_kept(data), **said}.items() if v is not None}
        number = claim_region(claim_id)
        yield self._made(annotation, number, place, claim_id, decision, fields, given.verdict)

    def _problem_of_wrong(self, claim_id: str) -> None:
        self._question(
            f"claim {claim_id}: it is wrong, and yet cells of it were corrected: read as rejected; a corrected row is right"
        )

    def _made(
        self,
        annotation: Annotation,
        region_id: str,
        place: Offsets,
        claim_id: str,
        decision: Decision,
        fields: Mapping[str, Any],
        found: Mapping[str, Any],
    ) -> Review:
        start, end = place
        text = self._document.text
        return Review(
            review_id=review_id(annotation.annotation_id, region_id),
            annotation_id=annotation.annotation_id,
            doc_id=self._document.id,
            doc_sha256=annotation.doc_sha256,
            claim_id=claim_id,
            decision=decision,
            fields={} if decision == "rejected" else dict(fields),
            verdict=found.get("verdict"),
            evidence_url=found.get("evidence_url"),
            note=found.get("note"),
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - CONTEXT_CHARS) : start],
            suffix=text[end : end + CONTEXT_CHARS],
            reviewer=annotation.reviewer,
            reviewed_at=annotation.updated_at,
            origin=annotation.origin,
        )


def _said(region: Region) -> dict[str, Any]:
    return {n: v for n, v in region.fields.items() if n in CLAIM_CONTROLS and n not in VERDICT_COLUMNS}


def _decision(mark: str | None, status: Any, touched: bool, changed: bool) -> Decision:
    """Return what the person makes of a claim that came back.

    Args:
        mark: the word that they chose, if any.
        status: the claim's state when the task was made; None: nobody had judged it.
        touched: whether they changed something of what they were shown.
        changed: whether it now differs from what was extracted.
    """
    if mark == "wrong":
        return "rejected"
    if mark == "unsure":
        return "unsure"
    if status == "added":
        return "added"
    if not touched and status in ("accepted", "corrected"):
        return "corrected" if status == "corrected" else "accepted"
    return "corrected" if changed else "accepted"


def _fields(said: Mapping[str, Any], shown: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs from what was extracted: column → the person's value, None for an empty one.

    Args:
        said: column → value as it came back.
        shown: column → value as it was on the screen.
        meta: holds under `changed` what people had changed before, column → [extracted, shown].
    """
    changed = _changed(meta)
    names = sorted({*said, *shown})
    fields = {}
    for name in names:
        extracted = changed[name][0] if name in changed else shown.get(name)
        if said.get(name) != extracted:
            fields[name] = said.get(name)
    # What was changed before and cannot be shown stays.
    return fields | {name: value for name, value in _kept(meta).items() if name not in names}


def _kept(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[1] for name, values in _changed(meta).items()}


def _changed(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = meta.get("changed")
    return changed if isinstance(changed, Mapping) else {}


def _marks_of_claims(after: Regions, before: Regions) -> tuple[dict[str, Region], dict[str, Region]]:
    """Return claim → its mark, of those that still are marks of claims and of those that have another label by now.

    A copied mark keeps what it was sent with: it is another claim while the first is there.
    """
    found: dict[str, list[Region]] = {}
    for region in after.by_id.values():
        first = before.by_id.get(region.region_id)
        claim_id = region.claim_id or (first.claim_id if first is not None else None)
        if claim_id is not None:
            found.setdefault(claim_id, []).append(region)
    marks: dict[str, Region] = {}
    relabelled: dict[str, Region] = {}
    for claim_id, regions in found.items():
        sent = next((r.place for r in before.by_id.values() if r.claim_id == claim_id), None)
        best = max(
            regions, key=lambda r: (r.region_id == claim_region(claim_id), r.place == sent, -regions.index(r))
        )
        (marks if best.label == "Claim" else relabelled)[claim_id] = best
    return marks, relabelled


def _places(
    before: Regions, first: Region | None, after: Regions, mark: Region | None
) -> tuple[dict[str, tuple[Offsets, ...]], dict[str, tuple[Offsets, ...]]]:
    """Return where the parts of a claim were sent, and where they stand: label → places.

    Where the prediction is gone, a part that still has the id of its place was not moved.
    """
    now = after.places(mark) if mark is not None else {}
    if first is not None:
        return before.places(first), now
    moved = {
        part.label
        for part in (after.parts(mark) if mark is not None else ())
        if not is_where_it_was_sent(part.region_id, part.label, part.place)
    }
    return {label: places for label, places in now.items() if label not in moved}, now


def _loose_parts(regions: Regions) -> list[Region]:
    tied = {number for start, end, _ in regions.relations for number in (start, end)}
    return [r for r in regions.by_id.values() if r.label in PARTS and r.region_id not in tied]


def _all_of_one_claim(regions: Regions) -> Regions:
    """Return the marks of a task about one claim: every part is a part of it."""
    claim = next((r for r in regions.by_id.values() if r.label == "Claim"), None)
    if claim is None:
        return regions
    ties = tuple(
        (claim.region_id, r.region_id, r.label.lower()) for r in regions.by_id.values() if r.label in PARTS
    )
    return replace(regions, relations=ties)


def _words(document: Document, places: Sequence[Offsets]) -> str | None:
    from claimtable.review.tasks import part_words

    return part_words(document.text, places)


def _spans(
    annotation: Annotation, document: Document, before: Regions, after: Regions
) -> Iterator[ReviewedSpan]:
    for region in after.by_id.values():
        first = before.by_id.get(region.region_id)
        same = first is not None and (first.label, first.start, first.end, first.fields) == (
            region.label,
            region.start,
            region.end,
            region.fields,
        )
        yield ReviewedSpan(
            annotation_id=annotation.annotation_id,
            region_id=region.region_id,
            label=region.label,
            start=region.start,
            end=region.end,
            text=document.text[region.start : region.end],
            origin="manual" if first is None else "prediction" if same else "prediction-changed",
            attributes=region.fields
            | {
                name: value
                for name, value in (("claim_id", region.claim_id), ("actor_id", region.meta.get("actor_id")))
                if value is not None
            },
        )


def _prediction(task: Raw, annotation: Raw) -> Raw | None:
    """Return the prediction that the annotation was made from; None where the server doesn't say."""
    # An export embeds it; the list of tasks names it.
    embedded = annotation.get("prediction")
    if isinstance(embedded, Mapping) and embedded.get("result"):
        return embedded
    number = annotation.get("parent_prediction")
    if number is None:
        return None
    predictions = [p for p in task.get("predictions") or () if isinstance(p, Mapping)]
    return next((prediction for prediction in predictions if prediction.get("id") == number), None)


def _is_younger(prediction: Raw, annotation: Raw) -> bool:
    """Return whether the prediction was written after the person had begun."""
    written = prediction.get("updated_at")
    if not isinstance(written, str):
        return False
    lead = annotation.get("lead_time")
    begun = _time(annotation["created_at"]) - timedelta(seconds=float(lead or 0))
    return _time(written) > begun


def _number(person: Any) -> Any:
    return person.get("id") if isinstance(person, Mapping) else person


def _added_id(annotation: Annotation, region: Region) -> str:
    key = json.dumps(["added", annotation.annotation_id, region.region_id])
    return new_claim_id(key)


def _time(time: str) -> datetime:
    parsed = datetime.fromisoformat(time)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def _utc(time: str) -> str:
    return _time(time).isoformat()
