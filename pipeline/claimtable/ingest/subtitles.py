"""Subtitles (SubRip `.srt`, WebVTT `.vtt`): what is said, as text, with its speakers where they are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from claimtable.ingest.encoding import decode
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.ingest.text import read_text
from claimtable.schema import Document

PAUSE_SECONDS = 3.0
"""A silence of this length behind a full stop begins a paragraph."""

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^ >]{0,100})?\s+([^>]{1,100})>")
_TAG = re.compile(r"</?[^<>]{0,200}>|\{\\[^{}]{0,100}\}")
_NOTE = re.compile(r"\[[^\[\]]{1,80}\]|\([A-Z][A-Z ]{2,60}\)|[♪♫]+")
"""Sounds: [applause], (LAUGHTER), music."""
_END = re.compile(r"[.!?…][\"'”’)]*$")


def read_subtitles(
    data: bytes, *, source: str = "subtitles", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read subtitles as the text that is said; a new speaker, or a pause, begins a paragraph.

    Raises:
        IngestError: it is too large, or holds no subtitles.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    paragraphs: list[str] = []
    last_end = 0.0
    voice = None
    for start, end, speaker, words in _cues(decode(data, source)):
        if paragraphs and paragraphs[-1].rpartition(" ")[0].endswith(words):
            continue  # captions that roll show a line twice
        turns = speaker is not None and speaker != voice
        pauses = (
            start - last_end >= PAUSE_SECONDS and bool(paragraphs) and _END.search(paragraphs[-1]) is not None
        )
        if turns or pauses or not paragraphs:
            paragraphs.append(f"{speaker}: {words}" if turns else words)
        else:
            paragraphs[-1] += f" {words}"
        voice, last_end = speaker or voice, end
    if not paragraphs:
        raise problem(
            source, "there are no subtitles in it", "give a file in SubRip or WebVTT, or the text itself"
        )
    return read_text("\n\n".join(paragraphs), source=source, metadata=metadata, today=today)


def _cues(text: str) -> Iterator[tuple[float, float, str | None, str]]:
    """Yield start and end in seconds, the speaker where one is named, and the words."""
    lines = iter(text.splitlines())
    for line in lines:
        match = _CUE.match(line)
        if match is None:
            continue
        parts: list[str] = []
        for words in lines:
            if not words.strip():
                break
            parts.append(words)
        raw = " ".join(parts)
        voice = _VOICE.search(raw)
        said = " ".join(_NOTE.sub(" ", _TAG.sub("", raw)).split()).removeprefix(">>").lstrip("- ")
        if said:
            yield _seconds(match, 1), _seconds(match, 5), voice[1].strip() if voice else None, said


def _seconds(match: re.Match[str], group: int) -> float:
    hours, minutes, seconds, parts = (int(match[k] or 0) for k in range(group, group + 4))
    return hours * 3600 + minutes * 60 + seconds + parts / 1000
