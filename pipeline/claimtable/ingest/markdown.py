"""Markdown: front matter becomes metadata, markup is reduced to the text that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from claimtable.ingest.blocks import Hint
from claimtable.ingest.dates import find_date
from claimtable.ingest.encoding import decode, storable
from claimtable.ingest.metadata import Metadata, join_names, make_document
from claimtable.ingest.page import analyse
from claimtable.ingest.pieces import join_pieces
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, too_large
from claimtable.schema import Document

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][\w-]*)\s*:\s*(.*)")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_ATX = re.compile(r"\s{0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$")
_SETEXT = re.compile(r"\s{0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"\s{0,3}>\s?")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]{1,200}\]:\s+\S+.*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

# Inline markup, applied in this order; each keeps what a reader would see.
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"!\[[^\]]{0,500}\](?:\([^()\s]{0,2000}(?:\s+[\"'][^\"']{0,500}[\"'])?\)|\[[^\]]{0,200}\])"
        ),
        "",
    ),
    (
        re.compile(
            r"\[([^\[\]]{1,1000})\]\(<?[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?>?(?:\s+[\"'][^\"']{0,500}[\"'])?\)"
        ),
        r"\1",
    ),
    (re.compile(r"\[([^\[\]]{1,1000})\]\[[^\]]{0,200}\]"), r"\1"),
    (re.compile(r"\[\^[^\]]{1,100}\]"), ""),
    (re.compile(r"<(https?://[^>\s]{1,2000})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]{0,500}>"), ""),
    (re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*]{1,2000}?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_]{1,2000}?)(?<=\S)\1(?![\w_])"), r"\2"),
    (re.compile(r"~~([^~]{1,2000})~~"), r"\1"),
    (re.compile(r"(`+)\s?([^`]{1,2000}?)\s?\1"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read_markdown(
    data: bytes | str,
    *,
    source: str = "markdown",
    metadata: Metadata | None = None,
    today: date | None = None,
) -> Document:
    """Read one Markdown file (CommonMark with tables, front matter in YAML or TOML).

    The document's text is what a reader sees: no front matter, code blocks, images, comments or
    markup; links reduced to their words; each paragraph, heading, list item and table row on a line
    of its own. Front matter gives `title`, `author` or `authors`, `date` or `published`, `url`, `lang`.

    Raises:
        IngestError: as for plain text, or nothing is left without the markup.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    raw = decode(data, source) if isinstance(data, bytes) else storable(data.removeprefix("\ufeff"))
    front, raw = _split_front_matter(raw)
    given = (metadata or Metadata()).over(_front_metadata(front))
    text, blocks = join_pieces(_blocks(_COMMENT.sub("", raw)), source)
    return make_document(text, analyse(text, blocks, given, today=today), source=source)


def _blocks(raw: str) -> Iterator[tuple[Hint, str]]:
    """Yield what each block is and its visible text; `title` for each heading of the first level."""
    paragraph: list[str] = []
    fence: str | None = None
    hint: Hint = "text"

    def flush() -> Iterator[tuple[Hint, str]]:
        visible = _visible(" ".join(paragraph))
        paragraph.clear()
        if visible:
            yield hint, visible

    for line in raw.splitlines():
        if fence is not None:
            if line.strip().startswith(fence):
                fence = None
            continue
        while quote := _QUOTE.match(line):
            line = line[quote.end() :]
        if not line.strip():
            yield from flush()
        elif mark := _FENCE.match(line):
            yield from flush()
            fence = mark[1]
        elif heading := _ATX.match(line):
            yield from flush()
            visible = _visible(heading[2] or "")
            if visible:
                yield "title" if len(heading[1]) == 1 else "heading", visible
        elif paragraph and (under := _SETEXT.match(line)):
            visible = _visible(" ".join(paragraph))
            paragraph.clear()
            if visible:
                yield "title" if under[1][0] == "=" else "heading", visible
        elif _RULE.match(line) or _TABLE_RULE.match(line) or _DEFINITION.match(line):
            yield from flush()
        elif line.lstrip().startswith("|"):
            yield from flush()
            cells = (_visible(cell) for cell in line.strip().strip("|").split("|"))
            if row := " | ".join(cell for cell in cells if cell):
                yield "text", row
        elif item := _ITEM.match(line):
            yield from flush()
            paragraph.append(line[item.end() :].strip())
        else:
            paragraph.append(line.strip())
    yield from flush()


def _visible(markup: str) -> str:
    for pattern, replacement in _INLINE:
        markup = pattern.sub(replacement, markup)
    return " ".join(markup.split())


def _split_front_matter(raw: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(raw)
    if match is None:
        return {}, raw
    front = _toml(match[2]) if match[1] == "+++" else _simple_yaml(match[2])
    return (front, raw[match.end() :]) if front else ({}, raw)


def _toml(block: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError):  # no TOML, or a number of thousands of digits
        return {}


def _simple_yaml(block: str) -> dict[str, Any]:
    """Read `key: value` lines, `[a, b]` and dashed lists: what front matter uses of YAML. The rest is skipped."""
    front: dict[str, Any] = {}
    key = ""
    for line in block.splitlines():
        if match := _KEY.fullmatch(line.rstrip()):
            key, value = match[1].lower(), match[2].strip()
            if value.startswith("[") and value.endswith("]"):
                front[key] = [_unquote(item) for item in value[1:-1].split(",")]
            else:
                front[key] = _unquote(value)
        elif key and line.lstrip().startswith("- "):
            if not isinstance(front[key], list):
                front[key] = []
            front[key].append(_unquote(line.lstrip()[2:]))
    return front


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


def _front_metadata(front: dict[str, Any]) -> Metadata:
    def text(*keys: str) -> str | None:
        return next((str(front[key]).strip() for key in keys if front.get(key)), None)

    names = next((front[key] for key in ("author", "authors", "byline") if front.get(key)), None)
    author = (
        join_names(str(name) for name in names)
        if isinstance(names, list)
        else (str(names) if names else None)
    )
    published = next(
        (front[key] for key in ("published", "date", "publishdate", "pubdate") if front.get(key)), None
    )
    if isinstance(published, datetime):
        published = published.date()
    elif not isinstance(published, date):
        published = find_date(str(published)) if published else None
    return Metadata(
        id=text("id"),
        title=text("title"),
        author=author,
        published=published,
        url=text("url", "canonical", "canonical_url"),
        language=text("lang", "language"),
    )
