"""Claims as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), and back.

One annotation a row: the target is the words in the document, found by `TextPositionSelector` (code points, as the
model asks) and by `TextQuoteSelector`; the body is the row itself, as a JSON `TextualBody` with the purpose
`describing`, so that nothing of it is lost. The target's source is the document's address, or
`urn:claimtable:document:ID` where it has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from claimtable._version import __version__
from claimtable.errors import ExportError
from claimtable.export.rows import Row, embeddable, json_value, web_address

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_CLAIM = "urn:claimtable:claim:"
_DOCUMENT = "urn:claimtable:document:"
_TARGET_FIELDS = ("start", "end", "prefix", "suffix", "text")


def write_webannotation(rows: Iterable[Row], file: BinaryIO) -> int:
    """Write an `AnnotationPage`, an annotation a line, and return the number of rows."""
    head = {"@context": CONTEXT, "id": "urn:claimtable:page", "type": "AnnotationPage"}
    file.write(json.dumps(head)[:-1].encode() + b', "items": [')
    count = 0
    for count, row in enumerate(rows, 1):
        file.write((b",\n" if count > 1 else b"\n") + embeddable(annotation(row)))
    file.write(b"\n]}\n")
    return count


def annotation(row: Row) -> dict[str, Any]:
    """Return a row as a Web Annotation without its `@context`, which stands on the page."""
    plain = {name: json_value(value) for name, value in row.items()}
    body = {name: value for name, value in plain.items() if name not in _TARGET_FIELDS}
    out: dict[str, Any] = {
        "id": _CLAIM + plain["claim_id"],
        "type": "Annotation",
        "motivation": "assessing" if plain.get("verdict") else "identifying",
        "generator": {"type": "Software", "name": f"claimtable {__version__}"},
    }
    if plain.get("reviewer"):
        out["creator"] = {"type": "Person", "name": plain["reviewer"]}
    if plain.get("reviewed_at"):
        out["modified"] = plain["reviewed_at"]
    out["body"] = {
        "type": "TextualBody",
        "purpose": "describing",
        "format": "application/json",
        "value": json.dumps(body, ensure_ascii=False),
    }
    out["target"] = {
        "source": web_address(plain.get("url")) or _DOCUMENT + plain["doc_id"],
        "selector": [
            {"type": "TextPositionSelector", "start": plain["start"], "end": plain["end"]},
            {
                "type": "TextQuoteSelector",
                "exact": plain["text"],
                "prefix": plain["prefix"],
                "suffix": plain["suffix"],
            },
        ],
    }
    return out


def read_webannotation(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a page that `write_webannotation` wrote.

    Raises:
        ExportError: the file cannot be read, or holds something else.
    """
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
        for item in page["items"]:
            yield _row(item)
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror or error}): check the name") from error
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise ExportError(
            f"{path} is no page of claims as Web Annotations ({error!r}): write it again"
        ) from error


def _row(item: dict[str, Any]) -> dict[str, Any]:
    selectors = {selector["type"]: selector for selector in item["target"]["selector"]}
    position, quote = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
    body = json.loads(item["body"]["value"])
    target = {
        "start": position["start"],
        "end": position["end"],
        "text": quote["exact"],
        "prefix": quote["prefix"],
        "suffix": quote["suffix"],
    }
    return {**body, **target}
