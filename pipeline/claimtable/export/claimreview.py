"""Claims and their reviews as schema.org JSON-LD.

Every row is a [Claim](https://schema.org/Claim); a row with a person's verdict is also a
[ClaimReview](https://schema.org/ClaimReview) of it, with the properties that consumers of such markup require
(`claimReviewed`, `reviewRating` with `alternateName`, `url`) and those that they recommend. An extracted row
without a verdict is never given out as reviewed. The file may be put into a page's `<script type="application/ld+json">` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from claimtable._version import __version__
from claimtable.errors import ExportError
from claimtable.export.rows import Row, embeddable, json_value, web_address
from claimtable.schema import FoundRow

CONTEXT = "https://schema.org"

RATINGS: dict[str, tuple[int | None, str]] = {
    "refuted": (1, "Refuted"),
    "mixed": (3, "Mixed"),
    "supported": (5, "Supported"),
    "unverifiable": (None, "Unverifiable"),
}
"""Verdict → (value from 1, false, to 5, true, and the words). What cannot be verified has no place on that scale."""

_BETWEEN_NAMES = re.compile(r", (?:and )?| and ")
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w.’'-]*(?: [\w.’'-]+){1,3}")
_SPEAKER_TYPES = {"PERSON": "Person", "author": "Person", "ORG": "Organization", "GPE": "Organization"}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the reviews, and where."""

    name: str
    review_url: str
    """Address of the page with the review; `{claim_id}` and `{doc_id}` in it are replaced by the row's."""
    url: str | None = None
    """The publisher's own site."""


Appearances = Mapping[tuple[str, str], Sequence[FoundRow]]
"""(document, claim) → where the same is said, in order of publication."""


def write_claimreview(
    rows: Iterable[Row], file: BinaryIO, publisher: Publisher | None, appearances: Appearances | None = None
) -> int:
    """Write one JSON-LD document with a `@graph`, a node a line, and return the number of rows.

    Args:
        rows: the claims.
        file: where to.
        publisher: who publishes the reviews.
        appearances: where else the same is said, as `check` found.

    Raises:
        ExportError: a row has a verdict, and there is no publisher to say where its review stands.
    """
    file.write(f'{{"@context": "{CONTEXT}", "@graph": ['.encode())
    count = 0
    separator = b"\n"
    for row in rows:
        same = (appearances or {}).get((row["doc_id"], row["claim_id"]), ())
        for node in nodes(row, publisher, same):
            file.write(separator + embeddable(node))
            separator = b",\n"
        count += 1
    file.write(b"\n]}\n")
    return count


def nodes(row: Row, publisher: Publisher | None, same: Sequence[FoundRow] = ()) -> Iterator[dict[str, Any]]:
    """Yield the `Claim` of a row, and the `ClaimReview` of a row with a verdict; `same`: where it is said, in order."""
    claim = claim_node(row)
    elsewhere = [_appearance(found) for found in same if found.doc_id != row["doc_id"]]
    if elsewhere:
        claim["appearance"] = [claim["appearance"], *elsewhere]
        if all(found.published for found in same) and same[0].published != same[1].published:
            # Who said it first is known where every article has its day, and no other has the first one.
            claim["firstAppearance"] = _appearance(same[0])
    yield claim
    if row.get("verdict"):
        if publisher is None:
            raise ExportError(
                f"claim {row['claim_id']} has a verdict, and a ClaimReview needs the address of the published "
                "review: give --publisher and --review-url"
            )
        yield _review_node(row, claim, publisher)


def claim_node(row: Row) -> dict[str, Any]:
    """Return the row as a schema.org `Claim`."""
    speaker = row.get("speaker")
    return _stated(
        {
            "@type": "Claim",
            "@id": f"urn:claimtable:claim:{row['claim_id']}",
            "text": row["text"],
            "about": _stated({"@type": "Thing", "name": row.get("subject")}) if row.get("subject") else None,
            "author": {"@type": _SPEAKER_TYPES.get(row.get("speaker_type") or "", "Thing"), "name": speaker}
            if speaker and row.get("speaker_type") in _SPEAKER_TYPES
            else None,
            "datePublished": row.get("published"),
            "appearance": _stated(
                {
                    "@type": "CreativeWork",
                    "identifier": row.get("doc_id"),
                    "headline": row.get("title"),
                    "url": web_address(row.get("url")),
                    "datePublished": row.get("published"),
                    "author": _persons(row["author"]) if row.get("author") else None,
                }
            ),
            "claimInterpreter": {
                "@type": "Organization",
                "name": "claimtable",
                "description": f"claimtable {__version__}, rule {row.get('rule')}",
            },
        }
    )


def _appearance(found: FoundRow) -> dict[str, Any]:
    return _stated(
        {
            "@type": "CreativeWork",
            "identifier": found.doc_id,
            "headline": found.title,
            "url": web_address(found.url),
            "datePublished": found.published.isoformat() if found.published else None,
        }
    )


def _persons(author: str) -> dict[str, Any] | list[dict[str, Any]]:
    """Return the author of an article; a byline of several full names ("Jane Doe, John Roe and Ann Lee") as several."""
    names = _BETWEEN_NAMES.split(author)
    if not all(_FULL_NAME.fullmatch(name) for name in names):
        names = [author]
    persons = [{"@type": "Person", "name": name} for name in names]
    return persons if len(persons) > 1 else persons[0]


def _review_node(row: Row, claim: dict[str, Any], publisher: Publisher) -> dict[str, Any]:
    value, words = RATINGS[row["verdict"]]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": words}
    if value is not None:
        rating |= {"ratingValue": value, "bestRating": 5, "worstRating": 1}
    where = publisher.review_url.replace("{claim_id}", row["claim_id"]).replace("{doc_id}", row["doc_id"])
    return _stated(
        {
            "@type": "ClaimReview",
            "@id": f"urn:claimtable:review:{row['claim_id']}",
            "url": where,
            "claimReviewed": row["text"],
            "itemReviewed": claim,
            "reviewRating": rating,
            "reviewBody": row.get("note"),
            "datePublished": (row.get("reviewed_at") or "")[:10] or None,
            "author": _stated({"@type": "Organization", "name": publisher.name, "url": publisher.url}),
            "isBasedOn": web_address(row.get("evidence_url")),
        }
    )


def _stated(node: dict[str, Any]) -> dict[str, Any]:
    return {key: json_value(value) for key, value in node.items() if value is not None}
