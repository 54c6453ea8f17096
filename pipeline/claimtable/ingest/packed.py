"""Files that are archives of XML: what is in them, without expanding more than a document may have."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large

MAX_FILES = 20_000
"""Of one archive; a book has some hundreds."""


class Packed:
    """An archive of which no part, and not all parts together, may be larger than a document."""

    def __init__(self, data: bytes, source: str) -> None:
        """Open it.

        Raises:
            IngestError: it is damaged, encrypted, or expands to more than a document may have.
        """
        self.source = source
        self.damaged = problem(source, "damaged, or not the format that its ending says", "save it again")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise self.damaged from error
        files = self._archive.infolist()
        if len(files) > MAX_FILES or sum(file.file_size for file in files) > MAX_DOCUMENT_BYTES:
            raise too_large(source)
        if any(file.flag_bits & 1 for file in files):
            raise problem(source, "it is protected by a password", "save it without one")

    def check(self) -> None:
        """Read every part once, for a library that then reads them on its own.

        Raises:
            IngestError: one is damaged, or larger than it says.
        """
        for file in self._archive.infolist():
            self.read(file.filename)

    def read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            IngestError: it is not there, or damaged.
        """
        try:
            with self._archive.open(name) as part:
                data = part.read(MAX_DOCUMENT_BYTES + 1)
        except (KeyError, ValueError, zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
            raise self.damaged from error
        except Exception as error:  # zlib.error, lzma.LZMAError: they share no other base
            if type(error).__name__ not in ("error", "LZMAError"):
                raise
            raise self.damaged from error
        if len(data) > MAX_DOCUMENT_BYTES:
            raise too_large(self.source)
        return data

    def xml(self, name: str) -> etree._Element:
        """Return the root of a part in XML.

        Raises:
            IngestError: it is not there, or damaged.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root: etree._Element = etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged from error
        return root


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
