"""`claimtable ingest`: articles into the claims database, with what is extracted from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from claimtable.cli.options import (
    DEFAULT_DB,
    Database,
    Debug,
    Fast,
    InputFormat,
    Inputs,
    Model,
    TimeLimit,
    WeightsFile,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.limits import TIME_LIMIT

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from claimtable.schema import Document, Review
    from claimtable.store import Extraction, Store

SHOWN_CHARS = 60
"""Most characters of a quote in a message: it stays on one line."""


def ingest_command(
    inputs: Inputs,
    db: Database = DEFAULT_DB,
    input_format: InputFormat = None,
    model: Model = None,
    fast: Fast = False,
    weights: WeightsFile = None,
    time_limit: TimeLimit = TIME_LIMIT,
    debug: Debug = False,
) -> None:
    """Put articles into a database, with the claims that are in them.

    Running it again is safe: what is there already is not read again, and a changed article keeps its reviews.
    """
    check_inputs(inputs)
    check_model(model, fast=fast)
    with running(debug=debug, time_limit=time_limit) as run:
        ingest(inputs, db=db, input_format=input_format, model=model, fast=fast, weights=weights, run=run)


def ingest(
    inputs: Sequence[str],
    *,
    db: Path,
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    run: Run,
) -> None:
    """Read, extract and store, and say what was new; inputs that fail go to `run`, and the others go on.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        StoreError: the database cannot be opened or written.
    """
    from claimtable import ingest as reader

    documents = reader.read(
        inputs,
        input_format=input_format,
        time_limit=run.time_limit,
        on_error=run.fail,
        on_notice=run.say,
    )
    store_documents(
        documents, db=db, input_format=input_format, model=model, fast=fast, weights=weights, run=run
    )


def store_documents(
    documents: Iterator[Document],
    *,
    db: Path,
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    run: Run,
) -> None:
    """Extract from documents, store each as soon as it is done, and say what was new.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        StoreError: the database cannot be opened or written.
    """
    from claimtable.errors import RecordError
    from claimtable.ingest import file_of
    from claimtable.store import Store

    kinds: Counter[str] = Counter()
    changed: set[str] = set()
    with Store.open(db) as store:

        def to_extract() -> Iterator[Document]:
            for document in documents:
                file = file_of(document, input_format)
                try:
                    with store.transaction():
                        document = document if file is None else store.identify(document, file)
                        change = store.add_document(document)
                except RecordError as error:
                    run.fail(error)
                    continue
                kinds[change.kind] += 1
                if change.kind == "changed":
                    changed.add(document.id)
                # Also what an earlier run stored and did not come to extract from.
                if change.pipeline is None and change.kind != "removed":
                    yield document
                else:
                    run.done += 1

        claims = extract_into(store, to_extract(), model, fast, run, weights=weights)
        names = {
            "added": "new",
            "changed": "changed",
            "updated": "with other metadata",
            "unchanged": "unchanged",
            "removed": "removed before and left out (claimtable documents restore)",
        }
        parts = [f"{kinds[kind]} {words}" for kind, words in names.items() if kinds[kind]]
        run.say(
            f"{db}: {_documents(kinds.total())}: {', '.join(parts) or 'none'}; {_claims(claims)} extracted"
        )
        lost = [review for review in store.unanchored_reviews() if review.doc_id in changed]
        _say_lost(lost, run)


def extract_again(
    *, db: Path, model: str | None = None, fast: bool = False, weights: Path | None = None, run: Run
) -> None:
    """Extract from all documents of a database with the present rules; reviews stay.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        StoreError: there is no such database, or it cannot be written.
    """
    from claimtable.store import Store

    with Store.open(db, create=False) as store:
        claims = extract_into(store, store.documents(), model, fast, run, weights=weights)
        run.say(f"{db}: {_documents(run.done)}; {_claims(claims)} extracted")
        vanished = store.status().vanished
        if vanished:
            rows = "1 row that is" if vanished == 1 else f"{vanished} rows that are"
            run.say(f"{rows} no longer extracted stay, because a person reviewed them")


def loaded(model: str | None, *, fast: bool, weights: Path | None) -> Language:
    """Return the language pipeline that the options of a command name."""
    from claimtable.nlp import pipeline

    if weights is None:
        return pipeline.load(model, fast=fast)
    return pipeline.load(model, fast=fast, weights=weights)


def extract_into(
    store: Store,
    documents: Iterator[Document],
    model: str | None,
    fast: bool,
    run: Run,
    *,
    weights: Path | None = None,
) -> int:
    """Extract from the documents batch by batch, store each as soon as it is done, and return the number of claims."""
    from claimtable.errors import RecordError
    from claimtable.nlp import pipeline

    # Loading the language pipeline takes seconds: not for nothing.
    first = next(documents, None)
    if first is None:
        return 0
    nlp = loaded(model, fast=fast, weights=weights)
    run.survive(nlp)
    name = _pipeline_name(nlp)
    claims = 0
    docs = pipeline.annotate(
        chain([first], documents), nlp, time_limit=run.time_limit, on_error=run.fail, keep=False
    )
    for doc in run.progress(docs, "documents"):
        extraction = _extraction(doc)
        try:
            store.save_extraction(doc._.claimtable_document, extraction, pipeline=name)
        except RecordError as error:
            run.done -= 1
            run.fail(error)
            continue
        claims += len(extraction.claims)
    return claims


def _extraction(doc: Doc) -> Extraction:
    from claimtable.store import Extraction

    layers = ("actor_mentions", "quantities", "times", "attributions", "predictions")
    return Extraction(
        claims=doc._.claimtable_claims,
        actors=doc._.claimtable_actors,
        mentions=tuple(mention for layer in layers for mention in doc._.get(f"claimtable_{layer}")),
    )


def _pipeline_name(nlp: Language) -> str:
    from claimtable._version import __version__

    meta = nlp.meta
    return f"{meta['lang']}_{meta['name']}@{meta['version']} claimtable@{__version__}"


def _say_lost(lost: list[Review], run: Run) -> None:
    if not lost:
        return
    run.say(
        ("1 review no longer finds its" if len(lost) == 1 else f"{len(lost)} reviews no longer find their")
        + " words in the changed text, and stay in the history alone:"
    )
    for review in lost:
        words = " ".join(review.exact.split())
        words = words if len(words) <= SHOWN_CHARS else words[: SHOWN_CHARS - 1] + "…"
        run.say(
            f"  {review.doc_id}, claim {review.claim_id}, {review.decision} by {review.reviewer}: {words!r}"
        )


def _documents(number: int) -> str:
    return "1 document" if number == 1 else f"{number:,} documents"


def _claims(number: int) -> str:
    return "1 claim" if number == 1 else f"{number:,} claims"
