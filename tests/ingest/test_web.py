"""Addresses: what is fetched, and what is refused."""

import gzip
import socket
import sys
from datetime import date
from pathlib import Path

import pytest

from claimtable import ingest
from claimtable.errors import IngestError
from claimtable.ingest import inputs, web
from claimtable.ingest.feeds import Entry, read_feed
from claimtable.ingest.web import FEEDS, Fetcher, is_public

sys.path.insert(0, str(Path(__file__).parent))
from website import ARTICLE, serving


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture
def fetcher():
    return Fetcher(allowed=lambda _: True, pause=0)


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
    ],
)
def test_private_networks(ip, public):
    assert is_public(ip) is public


def test_a_page_becomes_a_document(site, fetcher, monkeypatch):
    monkeypatch.setattr(inputs, "_fetcher", lambda: fetcher)
    address = site.put("/a?b=1")
    (document,) = ingest.read([address])
    assert (document.url, document.source, document.title) == (address, address, "Exports rise")
    assert "12 million" in document.text
    text = site.put("/t", b"Exports rose to 5 million.", "text/plain; charset=utf-8")
    assert [d.text for d in ingest.read(text)] == ["Exports rose to 5 million."]
    errors = []
    assert list(ingest.read([site.address + "/none"], on_error=errors.append)) == []
    assert "the server answers 404: check the address" in str(errors[0])


def test_redirects_are_followed_and_bounded(site, fetcher):
    site.put("/b")
    first = site.put("/a", status=301, Location="/b")
    assert fetcher.fetch(first).address == f"{site.address}/b"
    loop = site.put("/loop", status=302, Location="/loop")
    with pytest.raises(IngestError, match="over 5 redirects"):
        fetcher.fetch(loop)
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/a"):
        away = site.put("/away", status=302, Location=target)
        with pytest.raises(IngestError, match="no address of the web"):
            fetcher.fetch(away)


def test_a_redirect_into_a_private_network_is_refused(site, monkeypatch):
    real = socket.getaddrinfo
    names = {"open.example": "127.0.0.1", "inside.example": "127.0.0.2"}
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real(names.get(host, host), *a, **k))
    port = site.address.rpartition(":")[2]
    site.put("/a", status=302, Location=f"http://inside.example:{port}/secret")
    with pytest.raises(IngestError, match="it is in a private network"):
        Fetcher(allowed=lambda ip: ip == "127.0.0.1", pause=0).fetch(f"http://open.example:{port}/a")
    assert "/secret" not in site.asked
    with pytest.raises(IngestError, match="it is in a private network: save the page"):
        Fetcher(pause=0).fetch(site.put("/b"))
    assert "/b" not in site.asked


@pytest.mark.parametrize(
    ("robots", "status", "allowed"),
    [
        (b"User-agent: *\nDisallow: /private", 200, {"/public": True, "/private/a": False}),
        (b"User-agent: claimtable\nDisallow: /\n\nUser-agent: *\nDisallow:", 200, {"/public": False}),
        (b"", 404, {"/public": True, "/private/a": True}),
        (b"", 503, {"/public": False}),
    ],
)
def test_robots(site, fetcher, robots, status, allowed):
    site.put("/robots.txt", robots, "text/plain", status)
    for path, may in allowed.items():
        address = site.put(path)
        if may:
            assert fetcher.fetch(address).data == ARTICLE
        else:
            with pytest.raises(IngestError, match=r"robots\.txt of the site"):
                fetcher.fetch(address)
            assert path not in site.asked
    assert site.asked.count("/robots.txt") == 1


def test_size_time_and_type_are_bounded(site, fetcher, monkeypatch):
    monkeypatch.setattr(web, "MAX_HTML_BYTES", 10_000)
    bomb = site.put("/bomb", gzip.compress(b"a" * 5_000_000), **{"Content-Encoding": "gzip"})
    with pytest.raises(IngestError, match="larger than"):
        fetcher.fetch(bomb)
    with pytest.raises(IngestError, match="it is image/png, no article"):
        fetcher.fetch(site.put("/p", b"x", "image/png"))
    monkeypatch.setattr(web, "PAGE_SECONDS", -1)
    with pytest.raises(IngestError, match="not there after"):
        fetcher.fetch(site.put("/late"))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://user:secret@127.0.0.1/", "a name or password"),
        ("http://127.0.0.1:99999/", "no possible address"),
        ("http://[::1", "no possible address"),
        ("http:///a", "no address of the web"),
        ("http://127.0.0.1:9/", "cannot be reached"),
    ],
)
def test_odd_addresses(fetcher, address, message):
    with pytest.raises(IngestError, match=message) as error:
        fetcher.fetch(address)
    assert "secret" not in str(error.value)


RSS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
<link>https://example.org/</link>
<item><title>One &amp; all</title><link>/one</link><pubDate>Tue, 10 Jun 2014 04:00:00 GMT</pubDate>
<dc:creator>Jane Doe</dc:creator></item>
<item><title>Two</title><guid>https://example.org/two</guid><author>a@b.c (John Roe)</author></item>
<item><title>&e;</title><link>javascript:alert(1)</link></item>
<item><title>One again</title><link>https://example.org/one</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">Three</title>
<link rel="self" href="https://example.org/self"/><link href="https://example.org/three"/>
<updated>2014-06-12T10:00:00Z</updated><published>2014-06-11T10:00:00Z</published>
<author><name>Ann Lee</name></author></entry></feed>"""


def test_feeds():
    assert read_feed(RSS, "https://example.org/feed") == [
        Entry("https://example.org/one", "One & all", "Jane Doe", date(2014, 6, 10)),
        Entry("https://example.org/two", "Two", "John Roe", None),
    ]
    assert read_feed(ATOM, "https://example.org/feed") == [
        Entry("https://example.org/three", "Three", "Ann Lee", date(2014, 6, 11))
    ]
    odd = b"<rss><item><dc:creator>x</dc:creator><a:b:c/><link>http://[x</link></item></rss>"
    assert read_feed(odd, "https://example.org/feed") == []
    for data in (b"", b"<html></html>", b"no XML"):
        with pytest.raises(IngestError, match="this is no feed"):
            read_feed(data, "https://example.org/feed")


def test_feeds_are_fetched_by_their_types(site, fetcher):
    assert fetcher.fetch(site.put("/f", RSS, "application/rss+xml"), FEEDS).data == RSS
    with pytest.raises(IngestError, match="it is text/html"):
        fetcher.fetch(site.put("/h"), FEEDS)
