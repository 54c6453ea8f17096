"""HTML: the article through trafilatura; comments, standfirst and author note by what the markup calls them.

trafilatura finds the main text and the metadata (JSON-LD, meta tags, time tags, canonical
address) but drops who wrote a comment and what stands between headline and text, so these are
taken out of the tree first.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from claimtable.ingest.blocks import Block, Hint
from claimtable.ingest.encoding import bom_encoding, decode, reject_binary, storable, wide_encoding
from claimtable.ingest.markup import mended
from claimtable.ingest.metadata import Metadata, join_names, make_document
from claimtable.ingest.page import analyse
from claimtable.ingest.page_dates import stated_date
from claimtable.ingest.problems import problem, too_large
from claimtable.rules import table
from claimtable.schema import Document

MAX_HTML_BYTES = 10 * 1024 * 1024
"""Largest page in bytes. The median page has some 30 kB of HTML, the 99th percentile below 1 MB (HTTP
Archive); main-text extraction takes about a second per MB of markup."""

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I
)
_DECLARATION_BYTES = 4096
# The legacy encodings of the WHATWG Encoding Standard, by the names that Python knows too.
_WEB_ENCODING = re.compile(
    r"windows-125[0-8]|cp125[0-8]|iso-8859-(?:[2-9]|1[013-6])|koi8-[ru]|gbk|gb2312|gb18030|big5"
    r"|euc-jp|euc-kr|shift[_-]jis|iso-2022-jp|macintosh"
)
_NO_TEXT = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "form",
        "button",
        "svg",
        "iframe",
        "select",
        "textarea",
        "graphic",
    }
)
_BREAKS = frozenset({
    "p", "div", "br", "lb", "li", "item", "ul", "ol", "list", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "blockquote", "quote", "section", "article", "header", "footer", "table", "row", "tr", "pre", "code",
    "figure", "figcaption", "hr", "main", "body",
})  # fmt: skip
_HEADS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have (https://www.w3.org/TR/xml/#charsets)."""
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_SAYS = re.compile(r"\s*(?:says|said|wrote|writes|commented)?\s*(?:\.{3}|…|:)?\s*$", re.I)
_STANDFIRST_CHARS = (25, 900)
_HEADLINE_CHARS = 300
_NORM = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Comment:
    author: str | None
    paragraphs: list[str]


def read_html(
    data: bytes | str,
    *,
    source: str = "html",
    metadata: Metadata | None = None,
    today: date | None = None,
    place: str | None = None,
) -> Document:
    """Read one web page.

    The document's text is the article as a reader sees it: headline, standfirst, paragraphs, headings,
    list items and table rows, author note and comments, each on a line of its own with a blank line
    between. What the page's metadata says about title, authors, date and address is kept, unless given
    otherwise. Nothing is fetched and no script runs.

    Args:
        data: the page; bytes in UTF-8, or in the encoding that a byte order mark or the page declares.
        source: how messages and the document name the input.
        metadata: what is known; it wins over what the page says.
        today: no later date is taken for the publication date; the current day if None.
        place: where in the source the page stands, for messages.

    Raises:
        IngestError: empty, too large, not HTML, in an unknown encoding, or without any text.
    """
    if len(data) > MAX_HTML_BYTES:
        raise too_large(source, place=place, limit=MAX_HTML_BYTES)
    markup = decode_html(data, source, place=place) if isinstance(data, bytes) else data
    empty = problem(
        source,
        "there is no text in this HTML",
        "save the page as the browser shows it (it may be filled in by scripts), or copy its text into a .txt file",
        place=place,
    )
    if not markup or markup.isspace():
        raise problem(
            source, "there is no text in it", "remove it from the inputs or give it a text", place=place
        )
    tree = _parse(mended(markup))
    if tree is None:
        raise empty
    given = (metadata or Metadata()).over(Metadata(language=tree.get("lang") or None))
    for element in list(tree.iter("noscript", "template", "svg", "iframe", "object")):
        _remove(element)
    comments = _take_comments(tree)
    standfirst = _take_standfirst(tree)
    bio = _take_part(tree, "author_bio")
    headline = _headline(tree)
    day = today or date.today()
    published = stated_date(tree, day)
    _part_inline(tree)
    plain = _plain_blocks(tree)
    body, stated = _extract(tree, given.url, day)
    if len(body) < 2 < len(plain):
        body = plain  # a short page, of which the whole text was taken as one paragraph
    guessed = stated.published
    stated = replace(stated, published=published)
    title = _title(headline, given.title or stated.title)
    given = given.over(Metadata(title=title)).over(stated)

    pieces = list(_compose(title, standfirst, body, bio, comments))
    if not any(hint not in ("title", "standfirst") for hint, _, _ in pieces) and not standfirst:
        raise empty
    blocks: list[Block] = []
    length = 0
    for hint, content, speaker in pieces:
        blocks.append(Block(length, length + len(content), hint, speaker))
        length += len(content) + 2
    text = "\n\n".join(content for _, content, _ in pieces)
    found = analyse(text, blocks, given, today=today)
    if found.published is None:  # from the address or a date somewhere on the page
        found = replace(found, published=guessed)
    return make_document(text, found, source=source)


def decode_html(data: bytes, source: str, *, place: str | None = None) -> str:
    """Decode a page: by its byte order mark, UTF-16 without one by its zeros, else UTF-8, else by the encoding that it declares.

    Valid UTF-8 comes before the declaration because many pages were converted and still declare
    what they were.
    """
    reject_binary(data, source, place=place)
    if bom_encoding(data) is None:
        if wide := wide_encoding(data):
            return data.decode(wide, "replace")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            declared = _DECLARED.search(data[:_DECLARATION_BYTES])
            name = declared[1].decode("ascii").lower() if declared else ""
            # The WHATWG Encoding Standard reads these labels as windows-1252.
            name = "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
            if _WEB_ENCODING.fullmatch(name) and b"\x00" not in data:
                return data.decode(name, "replace")
    return decode(data, source, place=place)


def _parse(markup: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _extract(tree: Any, url: str | None, today: date) -> tuple[list[tuple[Hint, str]], Metadata]:
    """Return the blocks of the main text and what the page says about itself."""
    import trafilatura

    # It reports each page that it cannot use through logging; here that is an error of its own.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    dates = {"original_date": True, "extensive_search": False, "max_date": today.isoformat()}
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            date_extraction_params=dates,
        )
    except Exception:  # noqa: BLE001 - heuristics over arbitrary markup fail in many ways; the page then has no text
        return [], Metadata()
    if found is None or isinstance(found, dict):
        return [], Metadata()
    stated = Metadata(
        title=_line(found.title),
        author=_author(found.author),
        published=_published(found.date, today),
        url=found.url or None,
        language=found.language or None,
    )
    blocks = list(_blocks(found.body)) if found.body is not None else []
    return blocks, stated


_INLINE = ("span", "a", "time", "b", "strong", "em", "i", "abbr", "small")
_PLAIN_CHARS = 5000
"""A page with more text is left to the extraction of main text."""


def _part_inline(tree: Any) -> None:
    """Part inline elements that follow each other without a blank: "December 27, 2021" and "By Kato Research"."""
    for element in tree.iter(*_INLINE):
        following = element.getnext()
        if element.tail or following is None or following.tag not in _INLINE:
            continue
        before, after = "".join(element.itertext())[-1:], "".join(following.itertext())[:1]
        if before.isalnum() and after.isupper() and not before.isupper():
            element.tail = " "


def _plain_blocks(tree: Any) -> list[tuple[Hint, str]]:
    """Return the blocks of the article or main part of a short page; none for others."""
    root = next((e for tag in ("article", "main") for e in tree.iter(tag)), None)
    if root is None or sum(map(len, root.itertext())) > _PLAIN_CHARS:
        return []
    return list(_blocks(root))


def _compose(
    title: str | None,
    standfirst: list[str],
    body: list[tuple[Hint, str]],
    bio: list[str],
    comments: list[_Comment],
) -> Iterator[tuple[Hint, str, str | None]]:
    seen = {_normalise(title or "")}
    if title:
        yield "title", title, None
    inside = {_normalise(content) for _, content in body}
    for content in standfirst:
        # A teaser that is the first paragraph again stands in the body.
        if _normalise(content) not in inside | seen:
            yield "standfirst", content, None
            seen.add(_normalise(content))
    bio_norms = {_normalise(content) for content in bio}
    for hint, content in body:
        norm = _normalise(content)
        if norm not in bio_norms and (norm not in seen or hint == "text") and norm != _normalise(title or ""):
            yield hint, content, None
    for content in bio:
        if len(content.split()) > 4:
            yield "author_bio", content, None
    for comment in comments:
        for content in comment.paragraphs:
            yield "comment", content, comment.author


def _blocks(root: Any, skip: frozenset[Any] = frozenset()) -> Iterator[tuple[Hint, str]]:
    """Yield the visible text below an element, block by block; elements in `skip` are left out."""
    from lxml import etree

    buffer: list[str] = []
    heads = 0
    hidden = 0

    def flush() -> Iterator[tuple[Hint, str]]:
        content = " ".join("".join(buffer).replace("\xad", "").split()).strip(" |")
        buffer.clear()
        if content:
            yield ("heading" if heads else "text"), storable(content)

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        leaves = tag in _NO_TEXT or element in skip or not tag
        if event == "start":
            if tag in _BREAKS and not hidden:
                yield from flush()
            hidden += leaves
            heads += tag in _HEADS and not hidden
            if tag in ("cell", "td", "th") and buffer:
                buffer.append(" | ")
            if not hidden and element.text:
                buffer.append(element.text)
        else:
            if tag in _BREAKS and not hidden:
                yield from flush()
            heads -= tag in _HEADS and not hidden
            hidden -= leaves
            if element is not root and not hidden and element.tail:
                buffer.append(element.tail)
    yield from flush()


# Parts by markup


@functools.cache
def _patterns(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("page_markup", "part", "attribute", "pattern")
    return tuple((row["attribute"], re.compile(row["pattern"], re.I)) for row in rows if row["part"] == part)


def _is(element: Any, part: str) -> bool:
    if not isinstance(element.tag, str):
        return False
    for attribute, pattern in _patterns(part):
        value = element.get(attribute)
        if value and any(pattern.fullmatch(token) for token in value[:500].split()):
            return True
    return False


def _remove(element: Any) -> None:
    """Take an element out of the tree and keep the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        # The parser of HTML lets pass what the tree then refuses to take.
        if before is not None:
            before.tail = _NOT_XML.sub("\ufffd", (before.tail or "") + element.tail)
        else:
            parent.text = _NOT_XML.sub("\ufffd", (parent.text or "") + element.tail)
        element.tail = None
    parent.remove(element)


def _take_comments(tree: Any) -> list[_Comment]:
    """Remove the comments from the tree and return them with their authors, in order."""
    nodes = [
        e for e in tree.iter("li", "div", "article", "section", "details", "blockquote") if _is(e, "comment")
    ]
    known = frozenset(nodes)
    comments = []
    for node in nodes:
        comment = _read_comment(node, known)
        if comment.paragraphs:
            comments.append(comment)
    for node in nodes:
        _remove(node)
    return comments


def _within(node: Any, known: frozenset[Any]) -> Iterable[Any]:
    """Return the elements of one comment, without those of the replies nested in it."""
    stack = list(reversed(node))
    while stack:
        element = stack.pop()
        if element in known:
            continue
        yield element
        stack.extend(reversed(element))


def _read_comment(node: Any, known: frozenset[Any]) -> _Comment:
    author_node = None
    content_node = None
    skip = {element for element in node.iter() if element in known and element is not node}
    for element in _within(node, known):
        if content_node is None and _is(element, "comment_text"):
            content_node = element
        if author_node is None and _is(element, "comment_author"):
            author_node = element
        if _is(element, "comment_skip"):
            skip.add(element)
    author = None
    if author_node is not None:
        names = [
            e for e in _within(author_node, known) if _is(e, "comment_author") or e.get("itemprop") == "name"
        ]
        chosen = names[0] if names else author_node
        author = _name_of(chosen) or None
        skip.add(author_node)
    paragraphs = [
        content for _, content in _blocks(content_node if content_node is not None else node, frozenset(skip))
    ]
    return _Comment(author, paragraphs)


def _name_of(element: Any) -> str:
    text = element.get("content") or "".join(element.itertext())
    return _SAYS.sub("", " ".join(text.split()))[:100].strip()


def _take_standfirst(tree: Any) -> list[str]:
    """Remove the first element that the markup calls a standfirst and return its paragraphs."""
    low, high = _STANDFIRST_CHARS
    for element in tree.iter("p", "div", "h2", "h3", "h4", "section", "header", "span"):
        if _is(element, "standfirst"):
            paragraphs = [content for _, content in _blocks(element)]
            if low <= sum(len(content) for content in paragraphs) <= high:
                _remove(element)
                return paragraphs
    return []


def _take_part(tree: Any, part: str) -> list[str]:
    for element in tree.iter("div", "section", "aside", "p", "footer"):
        if _is(element, part):
            paragraphs = [content for _, content in _blocks(element)]
            if any(len(content.split()) > 4 for content in paragraphs):
                _remove(element)
                return paragraphs
    return []


def _headline(tree: Any) -> str | None:
    """Return the visible headline: marked as such, else the only first-level heading."""
    marked = [e for e in tree.iter("h1", "h2", "header", "p", "div", "span") if _is(e, "headline")]
    firsts = list(tree.iter("h1"))
    for element in (*(e for e in marked if e.tag == "h1"), *firsts[:1], *marked[:1]):
        text = _line("".join(element.itertext()))
        if text and len(text) <= _HEADLINE_CHARS:
            return text
    return None


def _title(headline: str | None, stated: str | None) -> str | None:
    """Prefer the visible headline where it and the stated title are one; the stated one may carry the site's name."""
    if headline is None or stated is None:
        return headline or stated
    seen, said = _normalise(headline), _normalise(stated)
    return headline if seen and (seen in said or said in seen) else stated


def _line(text: str | None) -> str | None:
    return storable(" ".join(text.split())) or None if text else None


def _normalise(text: str) -> str:
    return _NORM.sub(" ", text).strip().casefold()


def _author(text: str | None) -> str | None:
    names = [_line(name) or "" for name in (text or "").split(";")]
    return join_names(name for name in names if "/" not in name and "@" not in name and not _DAY.search(name))


def _published(text: str | None, today: date) -> date | None:
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if found <= today else None
