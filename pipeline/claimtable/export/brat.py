"""Claims in brat's stand-off format (https://brat.nlplab.org/standoff.html): a `.txt` and a `.ann` per document.

A claim is a text-bound annotation of its kind; its fields are notes (`AnnotatorNotes`), its status and verdict
attributes. Offsets are code points, as in the table. brat shows no annotation that spans a line break: such
a claim is written as a discontinuous one, a fragment a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from claimtable.export.files import replace_file
from claimtable.export.rows import Row, whole
from claimtable.schema import Document

NOTED = ("subject", "bound", "value", "value_low", "value_high", "unit", "change", "time_start", "time_end")
NOTED_MORE = ("deadline", "speaker", "modality", "polarity", "condition")
"""Columns that the note of a claim lists, where they are stated."""

CONFIGURATION = """[entities]
quantitative
prediction
[relations]
[events]
[attributes]
Status\tArg:<ENTITY>, Value:extracted|accepted|corrected|rejected|added
Verdict\tArg:<ENTITY>, Value:supported|refuted|mixed|unverifiable
"""
"""`annotation.conf` of the folder."""

_UNSAFE = re.compile(r"[^\w.\-]+")


def write_brat(
    documents: Iterable[tuple[Document, Sequence[Row]]], path: Path, *, overwrite: bool = False
) -> int:
    """Write a ZIP archive of a brat folder, and return the number of claims.

    Args:
        documents: each document with its rows.
        path: the archive, which appears only when everything is written.
        overwrite: replace an existing file.

    Raises:
        ExportError: the file exists, or cannot be written.
    """
    count = 0
    taken: set[str] = set()
    with replace_file(path, overwrite=overwrite) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("annotation.conf", CONFIGURATION)
        for document, rows in documents:
            name = _file_name(document.id, taken)
            # A carriage return would be one more character to some readers: brat counts code points of the file.
            archive.writestr(f"{name}.txt", whole(document.text))
            archive.writestr(f"{name}.ann", "".join(standoff(document.text, rows)))
            count += len(rows)
    return count


def standoff(text: str, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the `.ann` file."""
    attributes = 0
    for number, row in enumerate(rows, 1):
        fragments = list(_fragments(text, row["start"], row["end"]))
        offsets = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(text[start:end] for start, end in fragments)
        yield whole(f"T{number}\t{row['kind']} {offsets}\t{words}\n")
        for label, value in (("Status", row.get("status")), ("Verdict", row.get("verdict"))):
            if value:
                attributes += 1
                yield f"A{attributes}\t{label} T{number} {value}\n"
        note = "; ".join(
            f"{name}: {row[name]}" for name in (*NOTED, *NOTED_MORE) if row.get(name) is not None
        )
        yield whole(f"#{number}\tAnnotatorNotes T{number}\t{' '.join(note.split())}\n")


def _fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\r\n]+", text[start:end]):
        yield start + match.start(), start + match.end()


def _file_name(doc_id: str, taken: set[str]) -> str:
    """Return a name that is a plain file name whatever the id, and no other document's."""
    name = _UNSAFE.sub("_", doc_id).strip("._")[:100] or "document"
    base, number = name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name
