"""A real Label Studio for the tests marked `label_studio`, and databases with something to review."""

from __future__ import annotations

import os
from itertools import count

import pytest
from tests.review import label_studio_server
from tests.review.proxy import proxying

from claimtable.schema import CONTEXT_CHARS, Actor, Claim, Document, Quantity, Section
from claimtable.store import Extraction, Store

_numbers = count()


@pytest.fixture(scope="session")
def label_studio():
    """A running server."""
    if not label_studio_server.installed():
        if os.environ.get("CLAIMTABLE_NEEDS_LABEL_STUDIO"):
            pytest.fail("Label Studio is not installed: run make label-studio")
        pytest.skip("Label Studio is not installed: run make label-studio")
    with label_studio_server.running() as server:
        yield server


@pytest.fixture
def proxy(label_studio):
    with proxying(label_studio.port) as proxy:
        yield proxy


@pytest.fixture
def title():
    """A title that no other test's project has."""
    return f"claims {os.getpid()} {next(_numbers)}"


@pytest.fixture
def connect(label_studio):
    """Returns a function that connects to the server, or to a proxy of it."""
    from claimtable.review.client import Client
    from claimtable.review.credentials import Credentials

    def connect(url=None, *, timeout=120.0, key=label_studio.token):
        return Client(Credentials(url or label_studio.url, key), timeout=timeout)

    return connect


@pytest.fixture
def impatient(monkeypatch):
    """Waits of hundredths of a second between attempts."""
    from claimtable.review import client, push

    for module in (client, push):
        monkeypatch.setattr(module, "FIRST_WAIT_SECONDS", 0.02)
        monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.2)


SENTENCE = "Moscow hopes that trade will reach ${0} billion by 2020, from a low level. "


def article(number, sentences=3):
    """Returns an article with a claim in each sentence, and what was extracted from it."""
    text = "👍🏽 " + "".join(SENTENCE.format(number * sentences + n) for n in range(sentences))
    claims, quantities, start = [], [], 0
    for n in range(sentences):
        value = number * sentences + n
        words = f"trade will reach ${value} billion by 2020"
        start = text.index(words, start)
        at = start + words.index("$")
        quantities.append(Quantity(at, at + len(f"${value} billion"), f"${value} billion", value=value * 1e9))
        claims.append(
            Claim(
                claim_id=f"c{number:08x}{n:08x}",
                kind="prediction",
                text=words,
                subject="trade",
                bound="=",
                value=value * 1e9,
                unit="USD",
                time_text="by 2020",
                speaker="Russia",
                speaker_text="Moscow",
                cue="hopes",
                check_worthiness=(number % 100) / 100,
                confidence=0.5,
                doc_id=f"d{number}",
                title=f"Article {number}",
                section="body",
                start=start,
                end=start + len(words),
                prefix=text[max(0, start - CONTEXT_CHARS) : start],
                suffix=text[start + len(words) :][:CONTEXT_CHARS],
            )
        )
        start += len(words)
    document = Document(
        f"d{number}", text, title=f"Article {number}", sections=(Section(0, len(text), "body"),)
    )
    actor = Actor("a1", "Russia", "GPE", mentions=((text.index("Moscow"), text.index("Moscow") + 6),))
    return document, Extraction(tuple(claims), (actor,), tuple(quantities))


def fill(path, articles=6, sentences=3):
    with Store.open(path) as store, store.transaction():
        for number in range(articles):
            document, extraction = article(number, sentences)
            store.add_document(document)
            store.save_extraction(document, extraction, pipeline="test@1")
    return path


@pytest.fixture
def store(tmp_path):
    """A database with six articles of three claims."""
    with Store.open(fill(tmp_path / "claims.db")) as store:
        yield store
