"""Feeds (RSS 0.9x to 2.0, RDF, Atom): the articles that they announce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree

from claimtable.ingest.problems import problem

MOST_ENTRIES = 1000
"""Of one feed; they announce tens."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as its feed announces it."""

    address: str
    title: str | None = None
    author: str | None = None
    published: date | None = None


def read_feed(data: bytes, address: str) -> list[Entry]:
    """Return the articles of a feed, in its order, each once.

    Args:
        data: the feed, in XML.
        address: where it came from; links count from there.

    Raises:
        IngestError: it is no feed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name(root) not in ("rss", "RDF", "feed"):
        raise problem(
            address, "this is no feed (RSS or Atom)", "give the address of one, as the site names it"
        )
    found: dict[str, Entry] = {}
    for entry in _entries(root, address):
        found.setdefault(entry.address, entry)
    return list(found.values())[:MOST_ENTRIES]


def _entries(root: etree._Element, address: str) -> Iterator[Entry]:
    for element in root.iter(etree.Element):
        if _name(element) not in ("item", "entry"):
            continue
        link = _link(element)
        try:
            target = urljoin(address, link) if link else ""
        except ValueError:  # half an IPv6 address
            continue
        if target.lower().startswith(("http://", "https://")):
            yield Entry(target, _text(element, "title"), _author(element), _day(element))


def _name(element: etree._Element) -> str:
    # Not `QName`, which refuses the odd names that a damaged feed may have.
    return str(element.tag).rpartition("}")[2]


def _children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    for child in element:
        if isinstance(child.tag, str) and _name(child) in names:
            yield child


def _text(element: etree._Element, *names: str) -> str | None:
    words = (" ".join("".join(child.itertext()).split()) for child in _children(element, *names))
    return next(filter(None, words), None)


def _link(element: etree._Element) -> str | None:
    for child in _children(element, "link"):
        if child.get("href") and child.get("rel", "alternate") == "alternate":
            return str(child.get("href"))
    return _text(element, "link") or next(
        (x.text for x in _children(element, "guid") if x.get("isPermaLink", "true") == "true" and x.text),
        None,
    )


def _author(element: etree._Element) -> str | None:
    for child in _children(element, "author"):
        if name := _text(child, "name"):
            return name
    # `author` of RSS is an e-mail address, often with the name in brackets.
    name = _text(element, "creator") or _text(element, "author") or ""
    if "@" in name:
        name = name.partition("(")[2].rstrip(") ")
    return name or None


def _day(element: etree._Element) -> date | None:
    stated = _text(element, "published", "pubDate", "date") or _text(element, "updated")
    if stated is None:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(stated).date()
        except (ValueError, TypeError, IndexError):
            continue
    return None
