"""Bytes to text: UTF-8, or UTF-16 and UTF-32 with a byte order mark. Nothing is guessed."""

from __future__ import annotations

import codecs
import functools
import re

from claimtable.ingest.problems import problem
from claimtable.rules import table

_BOMS: tuple[tuple[bytes, str], ...] = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SAMPLE_BYTES = 16 * 1024
"""How much around the first bad byte is looked at to name a likely encoding; detection costs about 1 ms/kB."""

_WIDE_SAMPLE_BYTES = 2_000

# What JSON may escape but no file can hold (lone surrogates), and what databases,
# spreadsheets and XML refuse (NUL).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@functools.cache
def _signatures() -> tuple[tuple[bytes, str, str], ...]:
    return tuple(
        (
            row["signature"].encode("latin-1").decode("unicode_escape").encode("latin-1"),
            row["kind"],
            row["remedy"],
        )
        for row in table("page_signatures", "signature", "kind", "remedy")
    )


def reject_binary(data: bytes, source: str, *, place: str | None = None) -> None:
    """Raise IngestError if the bytes begin like a known kind of file that is not text."""
    for signature, kind, remedy in _signatures():
        if data.startswith(signature):
            raise problem(source, f"this is {kind}, not text", remedy, place=place)


def bom_encoding(data: bytes) -> tuple[str, int] | None:
    """Return the encoding that a byte order mark announces and the mark's length, or None."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    return None


def wide_encoding(data: bytes) -> str | None:
    """Return `utf-16-le` or `utf-16-be` where text without a mark looks like it: every other byte of its beginning is mostly zero."""
    begin = data[:_WIDE_SAMPLE_BYTES]
    even, odd = begin[::2].count(0), begin[1::2].count(0)
    fewest = len(begin) // 8
    if odd > max(fewest, 8 * even):
        return "utf-16-le"
    return "utf-16-be" if even > max(fewest, 8 * odd) else None


def storable(text: str) -> str:
    """Replace each NUL and lone surrogate with U+FFFD; the number of code points stays the same."""
    return _UNSTORABLE.sub("\ufffd", text)


def decode(data: bytes, source: str, *, place: str | None = None) -> str:
    """Decode a text file.

    Returns:
        The text, character for character, without a leading byte order mark.

    Raises:
        IngestError: the bytes are binary or in another encoding; the message names the first bad byte.
    """
    reject_binary(data, source, place=place)
    marked = bom_encoding(data)
    encoding, skip = marked or ("utf-8", 0)
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + skip
        where = f"byte {offset}" + ("" if place is None else f" of {place}")
        if data.find(b"\x00", 0, _SAMPLE_BYTES) >= 0 and encoding == "utf-8":
            raise problem(
                source, "this is binary data, not text", "remove it from the inputs", place=where
            ) from error
        guess = _likely_encoding(data, offset)
        name = guess or "ITS_ENCODING"
        raise problem(
            source,
            f"not valid {encoding.upper()} (byte 0x{data[offset]:02X})"
            + (f", probably {guess}" if guess else ""),
            f"convert it first, for example with iconv -f {name} -t utf-8",
            place=where,
        ) from error
    if not marked and (at := text.find("\x00")) >= 0:
        wide = data[1:200:2].count(0) > 40 or data[0:200:2].count(0) > 40
        kind = "UTF-16 without a byte order mark" if wide else "binary data, not text"
        remedy = "convert it to UTF-8" if wide else "remove it from the inputs"
        offset = len(text[:at].encode())
        raise problem(source, f"this is {kind} (NUL byte)", remedy, place=f"byte {offset}")
    return storable(text)


def _likely_encoding(data: bytes, offset: int) -> str | None:
    """Return a name that iconv knows, or None."""
    from charset_normalizer import from_bytes

    start = max(0, offset - _SAMPLE_BYTES // 2)
    best = from_bytes(data[start : start + _SAMPLE_BYTES]).best()
    if best is None or best.encoding in ("ascii", "utf_8"):
        return None
    # Windows-1252 is what nearly all Western text that is not UTF-8 is in; the detector's
    # other single-byte Western answers differ from it in a handful of characters.
    if best.encoding in ("cp1252", "latin_1", "cp1250", "iso8859_15", "cp850", "cp858", "mac_roman"):
        return "windows-1252"
    return best.encoding.replace("_", "-")
