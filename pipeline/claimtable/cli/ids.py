"""Ids as people write them: whole, or how they begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from claimtable.errors import ClaimTableError
from claimtable.schema import claim_id_from, first_claim_id

if TYPE_CHECKING:
    from claimtable.schema import Claim
    from claimtable.store import Store

SHORT = 7
"""Characters of a short id at least: two of a thousand claims then rarely begin alike."""
NAMED = 4
"""Ids named in the message about several that begin alike."""


def short_ids(claim_ids: Iterable[str]) -> dict[str, str]:
    """Return for each id the shortest beginning, of at least `SHORT` characters, that no other one has."""
    ids = sorted(set(claim_ids))
    length = SHORT
    while len({x[:length] for x in ids}) < len(ids):
        length += 1
    return {x: x[:length] for x in ids}


def claim_of(store: Store, given: str) -> Claim:
    """Return the claim of a database whose id is this, or begins so.

    Raises:
        ClaimTableError: there is none, or several begin so.
    """
    rows = claims_of(store, given)
    if not rows:
        raise ClaimTableError(
            f"{store.path}: there is no claim {given}: take an id from claimtable check or a table"
        )
    chosen = only(given, [row.claim_id for row in rows], f"claims of {store.path}")
    return next(row for row in rows if row.claim_id == chosen)


def claims_of(store: Store, given: str) -> list[Claim]:
    """Return the claims of a database whose ids begin so.

    Raises:
        ClaimTableError: this is how no id begins.
    """
    if not given.isalnum():
        raise ClaimTableError(f"{given!r} is no claim id: take one from a table or from claimtable check")
    # The first versions wrote ids without their letter.
    for where in (
        f"substr(claim_id, 1, {len(given)}) = '{given}'",
        f"substr(claim_id, 2, {len(given)}) = '{given}'",
    ):
        if found := list(store.claims(where=where)):
            return found
    return []


def begins(claim_id: str, given: str) -> bool:
    """Return whether an id begins as it is given, with its letter or, as the first versions wrote it, without."""
    return claim_id.startswith(given) or first_claim_id(claim_id).startswith(given)


def only(given: str, ids: Collection[str], where: str) -> str:
    """Return the one id: the given one if it is among them, else the only one that begins so.

    Raises:
        ClaimTableError: several begin so.
    """
    if claim_id_from(given) in ids:
        return claim_id_from(given)
    if given in ids:
        return given
    found = sorted(set(ids))
    if len(found) > 1:
        named = ", ".join(found[:NAMED])
        raise ClaimTableError(f"{len(found)} {where} begin with {given}: write more of the id ({named})")
    return found[0]


def document_of(store: Store, given: str, doc_ids: Collection[str]) -> str:
    """Return the id of the document that this is the id of, or of one of its claims, or how either begins.

    Raises:
        ClaimTableError: there is none, or several begin so.
    """
    if given in doc_ids:
        return given
    begun = [doc_id for doc_id in doc_ids if doc_id.startswith(given)]
    if begun:
        return only(given, begun, f"documents of {store.path}")
    rows = claims_of(store, given) if given.isalnum() else []
    if not rows:
        raise ClaimTableError(
            f"{store.path}: there is no document {given}, and no claim: claimtable documents list shows them"
        )
    return only(given, {row.doc_id for row in rows}, "documents with claims that")
