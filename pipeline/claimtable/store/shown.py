"""The rows that everybody reads: what was extracted, and in its place what people made of it.

They are derived: `refresh` works out those of one document from its extraction and its reviews.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from claimtable.schema import CONTEXT_CHARS, SAME_PLACE, Claim, Document, Offsets, Review, overlap
from claimtable.store import documents, extraction, settings
from claimtable.store.adjudication import adjudicate
from claimtable.store.anchoring import find_quote
from claimtable.store.database import Database
from claimtable.store.rows import (
    EXTRACTED_COLUMNS,
    REVIEW_SELECT,
    SHOWN_COLUMNS,
    claim_values,
    marks,
    names,
    review_from,
)

_PLACE = ("text", "start", "end", "prefix", "suffix")
_SAME_CLAIM = ("kind", "value", "value_low", "value_high", "unit")
"""What tells one claim of a clause from the others."""


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A claim as it stands after what people said of it."""

    row: Claim
    """As the table shows it."""
    before: Claim | None
    """As it was extracted when it was judged, at its place in the current text; None for one that a person added."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A review with its place in the current text."""

    key: tuple[int, int]
    """Its row in the table."""
    review: Review
    seen: Claim | None
    anchor: Literal["same", "moved", "lost"]
    place: Offsets | None
    claim_id: str
    """The claim that it speaks of now."""


def refresh(db: Database, doc_id: str) -> None:
    """Work out the rows of a document anew; part of a transaction. One that was removed has none."""
    current = db.one("SELECT id FROM document_versions WHERE doc_id = ? AND is_current", (doc_id,))
    db.execute("DELETE FROM claim_rows WHERE doc_id = ?", (doc_id,))
    if current is None:
        return
    (version,) = current
    anchored = _anchored(db, doc_id, None)
    db.executemany(
        "UPDATE reviews SET anchor = ?, anchor_start = ?, anchor_end = ?, anchor_claim_id = ? "
        "WHERE annotation = ? AND position = ?",
        [(a.anchor, *(a.place or (None, None)), a.claim_id, *a.key) for a in anchored],
    )
    reviewed = [state.row for state in _reviewed(db, doc_id, anchored)]
    columns = names(EXTRACTED_COLUMNS)
    db.execute(
        f"INSERT INTO claim_rows (version_id, status, {columns}) SELECT version_id, 'extracted', {columns} "
        "FROM extracted_claims WHERE version_id = ? AND NOT vanished ORDER BY position",
        (version,),
    )
    db.executemany(
        "DELETE FROM claim_rows WHERE doc_id = ? AND claim_id = ?",
        [(doc_id, claim.claim_id) for claim in reviewed],
    )
    db.executemany(
        f"INSERT INTO claim_rows (version_id, {names(SHOWN_COLUMNS)}) VALUES (?, {marks(SHOWN_COLUMNS)})",
        [(version, *claim_values(claim, SHOWN_COLUMNS)) for claim in reviewed],
    )


def state(db: Database, doc_id: str, annotator: str | None) -> list[ReviewedClaim]:
    """Return the claims of a document as they stand after what people said of them, in text order.

    Args:
        annotator: who alone works on tasks of their own: what others said is left out then.
    """
    reviewed = _reviewed(db, doc_id, _anchored(db, doc_id, annotator))
    touched = {one.row.claim_id for one in reviewed}
    untouched = [
        ReviewedClaim(claim, claim)
        for claim in extraction.claims(db, doc_id, None)
        if claim.claim_id not in touched
    ]
    return sorted([*untouched, *reviewed], key=lambda one: (one.row.start, one.row.end, one.row.claim_id))


def _anchored(db: Database, doc_id: str, annotator: str | None) -> list[_Anchored]:
    """Return the reviews of a document, or those from one annotator's tasks, with where they now stand."""
    where, values = "r.doc_id = ? AND a.is_current", [doc_id]
    if annotator is not None:
        where += " AND a.task_key IN (SELECT task_key FROM tasks WHERE annotator = ?)"
        values.append(annotator)
    rows = db.all(f"SELECT r.annotation, r.position, r.seen, {REVIEW_SELECT} WHERE {where}", values)
    if not rows:
        return []
    document = documents.get(db, doc_id)
    sha256 = document.sha256
    alive = tuple(extraction.claims(db, doc_id, None))
    anchored = [
        _anchor((row[0], row[1]), review_from(row[3:]), _seen(row[2], doc_id), document, sha256, alive)
        for row in rows
    ]
    return _unite(anchored, alive)


def _reviewed(db: Database, doc_id: str, anchored: Iterable[_Anchored]) -> list[ReviewedClaim]:
    """Return the claims that a person touched, in the order of their reviews."""
    groups: dict[str, list[_Anchored]] = defaultdict(list)
    for item in anchored:
        if item.place is not None:
            groups[item.claim_id].append(item)
    if not groups:
        return []
    document = documents.get(db, doc_id)
    rule = settings.adjudication(db)
    extracted = {claim.claim_id: claim for claim in extraction.claims(db, doc_id, None)}
    return [
        _row(claim_id, group, extracted.get(claim_id), document, rule) for claim_id, group in groups.items()
    ]


def _seen(data: str | None, doc_id: str) -> Claim | None:
    return None if data is None else Claim.from_dict({**json.loads(data), "doc_id": doc_id})


def _anchor(
    key: tuple[int, int],
    review: Review,
    seen: Claim | None,
    document: Document,
    sha256: str,
    alive: Sequence[Claim],
) -> _Anchored:
    same_text = review.doc_sha256 == sha256
    follows = review.claim_id
    if seen is not None and all(claim.claim_id != review.claim_id for claim in alive):
        place = _place(seen.start, seen.end, seen.text, seen.prefix, seen.suffix, document, same_text)
        successor = None if place is None else _successor(review, seen, place, alive)
        follows = review.claim_id if successor is None else successor.claim_id
    place = _place(review.start, review.end, review.exact, review.prefix, review.suffix, document, same_text)
    if place is None and follows != review.claim_id:
        # The words that the reviewer chose are gone, but the claim is still made.
        place = next((claim.start, claim.end) for claim in alive if claim.claim_id == follows)
    anchor: Literal["same", "moved", "lost"] = "lost" if place is None else "same" if same_text else "moved"
    return _Anchored(key, review, seen, anchor, place, follows)


def _place(
    start: int, end: int, exact: str, prefix: str, suffix: str, document: Document, same_text: bool
) -> Offsets | None:
    return (start, end) if same_text else find_quote(document.text, exact, prefix, suffix)


def _successor(review: Review, seen: Claim, place: Offsets, alive: Iterable[Claim]) -> Claim | None:
    """Return the claim that is now extracted where the reviewed one was, and say the same; None unless it is one."""
    wanted = {_identity(seen), _identity(_changed(seen, review.fields))}
    there = [c for c in alive if c.start < place[1] and place[0] < c.end and _identity(c) in wanted]
    exactly = [c for c in there if (c.start, c.end) == place]
    candidates = exactly or there
    if len(candidates) > 1:
        candidates = [c for c in candidates if (c.subject, c.predicate) == (seen.subject, seen.predicate)]
    return candidates[0] if len(candidates) == 1 else None


def _identity(claim: Claim) -> tuple[Any, ...]:
    return tuple(getattr(claim, name) for name in _SAME_CLAIM)


def _changed(claim: Claim, values: dict[str, Any]) -> Claim:
    given = [name for name in values if name not in _PLACE]
    typed = Claim.from_dict({name: values[name] for name in given})
    changed = replace(claim, **{name: getattr(typed, name) for name in given}) if given else claim
    # Whom a person names is not known by an id.
    return replace(
        changed,
        subject_id=claim.subject_id if changed.subject == claim.subject else None,
        speaker_id=claim.speaker_id if changed.speaker == claim.speaker else None,
    )


_APART = (False, 0.0)
"""How a claim fits that is another one."""


@dataclass(slots=True)
class _Known:
    """A claim that an added one may turn out to be."""

    claim: Claim
    place: Offsets
    extracted: bool
    judged_in: set[int]
    """Annotations that speak of it. Who marks a claim beside it means another one."""

    def fit(self, added: Claim, place: Offsets) -> tuple[bool, float]:
        """Return how well the added claim fits, for comparison."""
        shared = overlap(self.place, place)
        same = _identity(self.claim) == _identity(added)
        if shared < SAME_PLACE or added.kind != self.claim.kind or (self.extracted and not self._says(added)):
            return _APART
        return same, shared

    def _says(self, added: Claim) -> bool:
        stated = [name for name in _SAME_CLAIM if getattr(added, name) is not None]
        return all(getattr(self.claim, name) == getattr(added, name) for name in stated)


def _unite(anchored: Sequence[_Anchored], alive: Sequence[Claim]) -> list[_Anchored]:
    """Return the reviews with one claim id for all that speak of the same claim.

    What a person added may have been extracted since, or added by another person, too.
    """
    judged: dict[str, set[int]] = defaultdict(set)
    for item in anchored:
        judged[item.claim_id].add(item.key[0])
        judged[item.review.claim_id].add(item.key[0])
    known = [_Known(c, (c.start, c.end), True, judged[c.claim_id]) for c in alive]
    became: dict[str, _Known] = {}
    # By id, which stays: with another order of time the row would change its id when somebody reviews again.
    for item in sorted(anchored, key=lambda item: (item.claim_id, item.key)):
        annotation, place = item.key[0], item.place
        if item.seen is not None or place is None:
            continue
        added = _changed(Claim(), item.review.fields)
        if item.claim_id in became:
            # Shown again in another task, it is the one that was added before.
            became[item.claim_id].judged_in.add(annotation)
            continue
        fits = [(one.fit(added, place), one) for one in known if annotation not in one.judged_in]
        best = max((fit for fit, _ in fits), default=_APART)
        found = [one for fit, one in fits if fit == best]
        # Of several claims of one clause that fit alike none is known to be meant.
        if best == _APART or (len(found) > 1 and found[0].extracted):
            became[item.claim_id] = _Known(replace(added, claim_id=item.claim_id), place, False, {annotation})
            known.append(became[item.claim_id])
        else:
            became[item.claim_id] = found[0]
            found[0].judged_in.add(annotation)
    return [
        replace(item, claim_id=became[item.claim_id].claim.claim_id) if item.claim_id in became else item
        for item in anchored
    ]


def _row(
    claim_id: str, group: list[_Anchored], extracted: Claim | None, document: Document, rule: str
) -> ReviewedClaim:
    judgement = adjudicate([item.review for item in group], rule)
    chosen = next(item for item in group if item.review is judgement.place)
    seen = next((item.seen for item in group if item.seen is not None), None)
    base = chosen.seen or seen or extracted or Claim()
    place = chosen.place or (0, 0)
    row = replace(
        _placed(_changed(base, judgement.fields), place, document),
        claim_id=claim_id,
        status=judgement.status,
        verdict=judgement.verdict,
        evidence_url=judgement.evidence_url,
        note=judgement.note,
        reviewer=judgement.reviewer,
        reviewed_at=judgement.reviewed_at,
    )
    known = chosen.seen or seen or extracted
    if known is None:
        return ReviewedClaim(row, None)
    same_text = document.text[known.start : known.end] == known.text
    before = known if same_text else _placed(known, place, document)
    return ReviewedClaim(row, replace(before, claim_id=claim_id, doc_id=document.id))


def _placed(claim: Claim, place: Offsets, document: Document) -> Claim:
    """Return the claim at a place of the document, with the words that stand there."""
    start, end = place
    section = document.section_at(start)
    return replace(
        claim,
        doc_id=document.id,
        title=document.title,
        url=document.url,
        author=document.author,
        published=document.published,
        text=document.text[start:end],
        start=start,
        end=end,
        prefix=document.text[max(0, start - CONTEXT_CHARS) : start],
        suffix=document.text[end : end + CONTEXT_CHARS],
        section=section.role if section is not None else claim.section,
        page=document.page_at(start),
    )
