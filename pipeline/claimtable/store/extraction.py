"""What was extracted from a document: claims, actors and mentions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from claimtable.errors import RecordError
from claimtable.schema import (
    Actor,
    ActorMention,
    Attribution,
    Claim,
    Document,
    Prediction,
    Quantity,
    Record,
    TimeExpression,
)
from claimtable.store.database import Database, now
from claimtable.store.documents import version_id
from claimtable.store.rows import (
    EXTRACTED_AS_CLAIM,
    EXTRACTED_COLUMNS,
    REVIEW_COLUMNS,
    claim_from,
    claim_values,
    marks,
    names,
    to_json,
)

Mention = ActorMention | Quantity | TimeExpression | Attribution | Prediction

LAYERS: dict[str, type[Record]] = {
    "actor_mentions": ActorMention,
    "quantities": Quantity,
    "times": TimeExpression,
    "attributions": Attribution,
    "predictions": Prediction,
}
"""Kinds of mention by the names that the pipeline has for them."""
_LAYER_OF = {record: name for name, record in LAYERS.items()}


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was extracted from one document, each in text order."""

    claims: tuple[Claim, ...] = ()
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()


_UNTOUCHED_AS = frozenset((None, "extracted"))


def save(db: Database, document: Document, extraction: Extraction, pipeline: str) -> bool:
    """Write what was extracted in place of what was extracted before; part of a transaction.

    Rows whose claim vanished stay, flagged, where a person touched them or may be about to.

    Returns:
        Whether anything changed.
    """
    for claim in extraction.claims:
        _check(claim, document)
    version = version_id(db, document.id, document.sha256)
    digest = _digest(extraction)
    (is_current, stored) = db.one(
        "SELECT is_current, extraction_hash FROM document_versions WHERE id = ?", (version,)
    )
    if not is_current:
        # Another process has brought a newer text meanwhile, and extracts from that.
        return False
    db.execute(
        "UPDATE document_versions SET pipeline = ?, extracted_at = ?, extraction_hash = ? WHERE id = ?",
        (pipeline, now(), digest, version),
    )
    if stored == digest:
        return False
    _write_claims(db, document, version, extraction.claims)
    _write_actors(db, document, version, extraction.actors)
    _write_mentions(db, document, version, extraction.mentions)
    return True


def claims(db: Database, doc_id: str, sha256: str | None) -> Iterator[Claim]:
    """Yield the claims of one version as extracted, those that vanished left out."""
    which = "doc_sha256 = ?" if sha256 is not None else "doc_is_current"
    for row in db.all(
        f"SELECT {EXTRACTED_AS_CLAIM} FROM claims_extracted WHERE doc_id = ? AND NOT vanished AND {which} "
        'ORDER BY start, "end", claim_id',
        (doc_id,) if sha256 is None else (doc_id, sha256),
    ):
        yield claim_from(row)


def actors(db: Database, doc_id: str) -> list[Actor]:
    """Return the actors of the current version in the order of extraction."""
    rows = db.all(
        "SELECT a.actor_id, a.name, a.type, a.wikidata, a.code, a.aliases, a.mentions, a.documents FROM document_actors AS a "
        "JOIN document_versions AS d ON d.id = a.version_id WHERE a.doc_id = ? AND d.is_current ORDER BY a.position",
        (doc_id,),
    )
    keys = ("actor_id", "name", "type", "wikidata", "code")
    lists = ("aliases", "mentions", "documents")
    return [
        Actor.from_dict(
            dict(zip(keys, row[: len(keys)], strict=True))
            | {name: json.loads(value) for name, value in zip(lists, row[len(keys) :], strict=True)}
        )
        for row in rows
    ]


def mentions(db: Database, doc_id: str, layer: str | None) -> list[Mention]:
    """Return the mentions of the current version, of one layer or all, in the order of extraction."""
    rows = db.all(
        "SELECT m.layer, m.data FROM mentions AS m JOIN document_versions AS d ON d.id = m.version_id "
        "WHERE m.doc_id = ?1 AND d.is_current AND (?2 IS NULL OR m.layer = ?2) ORDER BY m.position",
        (doc_id, layer),
    )
    return [LAYERS[name].from_dict(json.loads(data)) for name, data in rows]  # type: ignore[misc]


def _check(claim: Claim, document: Document) -> None:
    if any(getattr(claim, name) not in _UNTOUCHED_AS for name in REVIEW_COLUMNS):
        raise RecordError(
            f"claim {claim.claim_id} of {claim.doc_id} was reviewed: what people said goes in as reviews"
        )
    if claim.doc_id != document.id:
        raise RecordError(f"claim {claim.claim_id} is of document {claim.doc_id!r}, not of {document.id!r}")


def _digest(extraction: Extraction) -> str:
    content = [
        [record.to_dict() for record in part]
        for part in (extraction.claims, extraction.actors, extraction.mentions)
    ]
    # Not `to_json`: what cannot be stored is told where it is stored.
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


_UPSERT = (
    f"INSERT INTO extracted_claims (version_id, position, {names(EXTRACTED_COLUMNS)}) "
    f"VALUES (?, ?, {marks(EXTRACTED_COLUMNS)}) ON CONFLICT (doc_id, claim_id) DO UPDATE SET "
    + ", ".join(f'"{name}" = excluded."{name}"' for name in ("version_id", "position", *EXTRACTED_COLUMNS))
    + ", vanished = 0"
)


def _write_claims(db: Database, document: Document, version: int, claims: tuple[Claim, ...]) -> None:
    db.execute("UPDATE extracted_claims SET vanished = 1 WHERE doc_id = ?", (document.id,))
    rows = [
        [version, position, *claim_values(claim, EXTRACTED_COLUMNS)] for position, claim in enumerate(claims)
    ]
    db.executemany(_UPSERT, rows)
    # A claim that stands in a task that is out may be under review at this moment.
    db.execute(
        """DELETE FROM extracted_claims AS c WHERE doc_id = ? AND vanished
        AND NOT EXISTS (SELECT 1 FROM reviews AS r WHERE r.doc_id = c.doc_id AND r.claim_id = c.claim_id)
        AND NOT EXISTS (SELECT 1 FROM tasks AS t WHERE t.doc_id = c.doc_id AND t.version_id = c.version_id
            AND t.start <= c.start AND c."end" <= t."end" AND t.state <> 'gone')""",
        (document.id,),
    )


def _write_actors(db: Database, document: Document, version: int, actors: tuple[Actor, ...]) -> None:
    db.execute("DELETE FROM document_actors WHERE doc_id = ?", (document.id,))
    rows: list[list[Any]] = [
        [
            *(version, position, document.id, actor.actor_id, actor.name, actor.type),
            *(to_json(value) for value in (actor.aliases, actor.mentions, actor.documents)),
            *(actor.wikidata, actor.code),
        ]
        for position, actor in enumerate(actors)
    ]
    db.executemany("INSERT INTO document_actors VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _write_mentions(db: Database, document: Document, version: int, mentions: tuple[Mention, ...]) -> None:
    db.execute("DELETE FROM mentions WHERE doc_id = ?", (document.id,))
    rows = [
        [version, position, document.id, _LAYER_OF[type(m)], m.start, m.end, to_json(m.to_dict())]
        for position, m in enumerate(mentions)
    ]
    db.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
