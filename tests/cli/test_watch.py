"""`claimtable watch`: what feeds announce and folders hold, once each."""

import sys
from pathlib import Path

import pytest

from claimtable.cli import watch as module
from claimtable.ingest import web
from claimtable.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "ingest"))
from website import ARTICLE, serving

FEED = """<rss><channel>{}</channel></rss>"""
ITEM = "<item><title>{0}</title><link>{1}</link><pubDate>Tue, 10 Jun 2014 04:00:00 GMT</pubDate></item>"


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(web, "Fetcher", lambda: real(allowed=lambda _: True, pause=0))
    with serving() as site:
        yield site


real = web.Fetcher


def test_what_is_new_is_stored_once(claimtable, site, tmp_path):
    db = tmp_path / "a.db"
    one, gone = site.put("/one"), f"{site.address}/gone"
    feed = site.put(
        "/feed", FEED.format(ITEM.format("One", one) + ITEM.format("Gone", gone)).encode(), "text/xml"
    )
    feeds = tmp_path / "feeds.txt"
    feeds.write_text(f"# News\n{feed}  # of the site\n\nnot an address\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("Imports rose to 14 million dollars in 2013.")

    first = claimtable("watch", feeds, folder, "--db", db)
    assert first.exit_code == 1
    assert "feeds.txt, line 4: not an address is no address" in first.stderr
    assert f"{gone}: the server answers 404" in first.stderr
    assert "2 documents: 2 new; 2 claims extracted" in first.stderr
    with Store.open(db) as store:
        page = next(d for d in store.documents() if d.url)
        assert (page.source, page.title, str(page.published)) == (one, "Exports rise", "2014-06-10")

    site.put("/gone", ARTICLE.replace(b"12 million", b"13 million"))
    site.asked.clear()
    feeds.write_text(feed)
    second = claimtable("watch", feeds, folder, "--db", db)
    assert second.exit_code == 0
    assert "2 documents: 1 new, 1 unchanged; 1 claim extracted" in second.stderr
    assert "/one" not in site.asked
    third = claimtable("watch", feed, "--db", db)
    assert "0 documents: none; 0 claims extracted" in third.stderr


def test_it_looks_again(claimtable, site, tmp_path, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(module.time, "sleep", sleep)
    feed = site.put("/feed", FEED.format("").encode(), "text/xml")
    result = claimtable("watch", feed, "--db", tmp_path / "a.db", "--every", "5")
    assert result.exit_code == 0
    assert slept == [300, 300]
    assert result.stderr.count("0 documents: none") == 2


def test_no_such_file(claimtable, tmp_path):
    result = claimtable("watch", tmp_path / "none.txt", "--db", tmp_path / "a.db")
    assert result.exit_code == 1
    assert "give a text with one address of a feed a line" in result.stderr
