"""What is known about a document beside its text: given with it, or in a sidecar file `NAME.meta.json`."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from claimtable.ingest.encoding import decode, storable
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.schema import Document, Role, Section

SIDECAR_ENDING = ".meta.json"
_ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Given facts about a document. None means not given; what is given wins over what the text says."""

    id: str | None = None
    title: str | None = None
    author: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    sections: tuple[Section, ...] | None = None
    """None: to be found in the text. An empty tuple is given as such: no section, no claims."""
    pages: tuple[int, ...] = ()
    """Offsets at which the pages of the source begin."""

    def over(self, other: Metadata) -> Metadata:
        """Return these facts, with those of `other` where none is given here."""
        return Metadata(
            **{
                name: getattr(other, name) if getattr(self, name) is None else getattr(self, name)
                for name in self.__slots__
            }
        )


def make_document(text: str, metadata: Metadata, *, source: str, place: str | None = None) -> Document:
    """Build the document; its id is the given one, else the first 16 hex digits of the text's SHA-256."""
    document = Document(
        id=metadata.id or "",
        text=text,
        title=metadata.title,
        author=metadata.author,
        published=metadata.published,
        url=metadata.url,
        sections=metadata.sections or (),
        source=source,
        language=metadata.language,
        pages=metadata.pages,
    )
    if document.sections:
        check_sections(document.sections, text, source, place=place)
    return document


def check_sections(
    sections: tuple[Section, ...], text: str, source: str, *, place: str | None = None
) -> None:
    """Raise IngestError unless the sections are in text order, disjoint and inside the text."""
    end = 0
    for number, section in enumerate(sections, 1):
        if not end <= section.start < section.end <= len(text):
            raise problem(
                source,
                f"section {number} ({section.start}-{section.end}) is empty, out of order, overlaps the one"
                f" before it, or leaves the text of {len(text)} characters",
                "correct its offsets (half-open, in Unicode code points) or leave `sections` out",
                place=place,
            )
        end = section.end


def parse_metadata(data: Any, source: str, *, place: str | None = None) -> Metadata:
    """Read the documented keys of a JSONL document or a sidecar; other keys are ignored.

    Raises:
        IngestError: a key has a value of the wrong type.
    """
    if not isinstance(data, dict):
        raise problem(source, "not a JSON object", 'write {"id": …, "title": …} instead', place=place)
    given = data.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    return Metadata(
        id=_text({"id": given}, "id", source, place),
        title=_text(data, "title", source, place),
        author=_author(data, source, place),
        published=_published(data.get("published"), source, place),
        url=_text(data, "url", source, place),
        language=_text(data, "language", source, place),
        sections=_sections(data.get("sections"), source, place),
    )


def read_sidecar(path: Path) -> Metadata:
    """Read `NAME.ENDING.meta.json` or else `NAME.meta.json` beside a file; empty if there is neither.

    Raises:
        IngestError: the sidecar is there but cannot be used.
    """
    for sidecar in (path.with_name(path.name + SIDECAR_ENDING), path.with_name(path.stem + SIDECAR_ENDING)):
        try:
            if not stat.S_ISREG(sidecar.stat().st_mode):
                raise problem(str(sidecar), "this is no file", "remove it, or put a file in its place")
            with sidecar.open("rb") as file:
                data = file.read(MAX_DOCUMENT_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise problem(
                str(sidecar), f"cannot be read ({error.strerror})", "check the file and its permissions"
            ) from error
        if len(data) > MAX_DOCUMENT_BYTES:
            raise too_large(str(sidecar))
        return parse_metadata(load_json(decode(data, str(sidecar)), str(sidecar)), str(sidecar))
    return Metadata()


def load_json(text: str, source: str, *, place: str | None = None) -> Any:
    """Parse JSON; raise IngestError with the place of the fault."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        spot = f"{place}, column {error.colno}" if place else f"line {error.lineno}, column {error.colno}"
        raise problem(source, f"not valid JSON ({error.msg})", "correct it", place=spot) from error
    except (RecursionError, ValueError) as error:  # nested too deeply; an integer of thousands of digits
        raise problem(
            source,
            "JSON that cannot be read (nested too deeply or an endless number)",
            "correct it",
            place=place,
        ) from error


def _text(data: dict[str, Any], key: str, source: str, place: str | None) -> str | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise problem(
            source, f"`{key}` is {type(value).__name__}, not text", "put it in quotation marks", place=place
        )
    return storable(value).strip() or None


def _author(data: dict[str, Any], source: str, place: str | None) -> str | None:
    value = data.get("author")
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return join_names(storable(name) for name in value)
    return _text(data, "author", source, place)


def join_names(names: Iterable[str]) -> str | None:
    """Join author names as a byline does: "A", "A and B", "A, B and C"."""
    unique = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(unique) < 2:
        return unique[0] if unique else None
    return ", ".join(unique[:-1]) + " and " + unique[-1]


def _published(value: Any, source: str, place: str | None) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()).date()
        except ValueError:
            pass
    raise problem(
        source, f"`published` is {value!r:.60}, not an ISO date", "write it as 2014-04-15", place=place
    )


def _sections(value: Any, source: str, place: str | None) -> tuple[Section, ...] | None:
    if value is None:
        return None
    remedy = f'write {{"start": 0, "end": 10, "role": one of {", ".join(_ROLES)}}}'
    if not isinstance(value, list):
        raise problem(source, "`sections` is not a list", remedy, place=place)
    sections = []
    for number, item in enumerate(value, 1):
        fits = (
            isinstance(item, dict)
            and all(type(item.get(key)) is int for key in ("start", "end"))
            and item.get("role") in _ROLES
            and all(item.get(key) is None or isinstance(item[key], str) for key in ("speaker", "heading"))
        )
        if not fits:
            raise problem(source, f"section {number} is malformed", remedy, place=place)
        sections.append(Section.from_dict(item))
    return tuple(sections)


def with_sections(metadata: Metadata, sections: tuple[Section, ...]) -> Metadata:
    """Return the metadata with these sections."""
    return replace(metadata, sections=sections)
