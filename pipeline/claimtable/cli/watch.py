"""`claimtable watch`: what is new in feeds and folders, into the claims database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.ingest import store_documents
from claimtable.cli.options import (
    DEFAULT_DB,
    Database,
    Debug,
    Fast,
    Model,
    TimeLimit,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.errors import IngestError
from claimtable.limits import TIME_LIMIT

if TYPE_CHECKING:
    from claimtable.ingest.feeds import Entry
    from claimtable.ingest.web import Fetcher
    from claimtable.schema import Document


def watch_command(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files with addresses of feeds, one a line; addresses of feeds; folders of articles.",
            show_default=False,
        ),
    ],
    db: Database = DEFAULT_DB,
    every: Annotated[
        float | None,
        typer.Option(
            min=1,
            metavar="MINUTES",
            help="Look again after so many minutes, until Ctrl-C; default: once.",
            show_default=False,
        ),
    ] = None,
    model: Model = None,
    fast: Fast = False,
    time_limit: TimeLimit = TIME_LIMIT,
    debug: Debug = False,
) -> None:
    """Put into a database what is new in feeds and folders, with its claims.

    What is in the database is not fetched again, so that it can be stopped and started at any time. What cannot be
    fetched is tried again the next time. Of each site robots.txt is respected, and nothing is asked twice within a second.
    """
    check_inputs(inputs)
    check_model(model, fast=fast)
    with running(debug=debug, time_limit=time_limit) as run:
        while True:
            watch(inputs, db=db, model=model, fast=fast, run=run)
            if every is None:
                return
            try:
                time.sleep(every * 60)
            except KeyboardInterrupt:
                return


def watch(
    inputs: Sequence[str],
    *,
    db: Path,
    model: str | None = None,
    fast: bool = False,
    run: Run,
    fetcher: Fetcher | None = None,
) -> None:
    """Look once, and store what is new; feeds and pages that fail go to `run`, and the others go on.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        StoreError: the database cannot be opened or written.
    """
    from claimtable.ingest.web import Fetcher
    from claimtable.store import Store

    with Store.open(db) as store:
        known = store.sources()
    documents = _new(inputs, known, fetcher or Fetcher(), run)
    store_documents(documents, db=db, model=model, fast=fast, run=run)


def _new(inputs: Sequence[str], known: set[str], fetcher: Fetcher, run: Run) -> Iterator[Document]:
    from claimtable import ingest

    for feed in _feeds(inputs, run):
        if isinstance(feed, Path):
            yield from ingest.read(feed, time_limit=run.time_limit, on_error=run.fail, on_notice=run.say)
            continue
        for entry in _entries(feed, fetcher, run):
            if entry.address in known:
                continue
            known.add(entry.address)
            try:
                yield _article(entry, fetcher, run)
            except IngestError as error:
                run.fail(error)


def _feeds(inputs: Sequence[str], run: Run) -> Iterator[str | Path]:
    """Yield the addresses of feeds, and the folders."""
    from claimtable.ingest.web import is_address

    for name in inputs:
        if is_address(name):
            yield name
        elif Path(name).is_dir():
            yield Path(name)
        else:
            yield from _listed(name, run)


def _listed(name: str, run: Run) -> Iterator[str]:
    from claimtable.ingest.web import is_address

    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        run.fail(
            IngestError(f"{name}: cannot be read ({reason}): give a text with one address of a feed a line")
        )
        return
    for number, line in enumerate(lines, 1):
        address = line.partition(" #")[0].strip()
        if is_address(address):
            yield address
        elif address and not address.startswith("#"):
            run.fail(
                IngestError(
                    f"{name}, line {number}: {address:.60} is no address: write one of a feed, https://…"
                )
            )


def _entries(feed: str, fetcher: Fetcher, run: Run) -> list[Entry]:
    from claimtable.ingest.feeds import read_feed
    from claimtable.ingest.web import FEEDS

    try:
        fetched = fetcher.fetch(feed, FEEDS)
        return read_feed(fetched.data, fetched.address)
    except IngestError as error:
        run.fail(error)
        return []


def _article(entry: Entry, fetcher: Fetcher, run: Run) -> Document:
    """Return the article; what its page does not say of title, author and day is taken from the feed.

    Raises:
        IngestError: it cannot be fetched or read.
    """
    from claimtable.ingest import Metadata, read_page

    page = fetcher.fetch(entry.address)
    document = read_page(page, seconds=run.time_limit)
    missing = {
        name: getattr(entry, name)
        for name in ("title", "author", "published")
        if getattr(document, name) is None and getattr(entry, name) is not None
    }
    if missing:
        document = read_page(page, seconds=run.time_limit, metadata=Metadata(**missing))
    return replace(document, source=entry.address)
