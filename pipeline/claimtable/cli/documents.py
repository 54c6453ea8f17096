"""`claimtable documents`: which articles are in a database; taking one out, and bringing it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.ids import document_of, short_ids
from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import Run, running
from claimtable.cli.status import StatusFormat
from claimtable.errors import ClaimTableError

if TYPE_CHECKING:
    from claimtable.store import DocumentEntry, Store

documents_app = typer.Typer(
    no_args_is_help=True, help="List the articles of a database, take one out, and bring it back."
)

DocIds = Annotated[
    list[str], typer.Argument(metavar="DOC_ID", help="Ids, as list shows them.", show_default=False)
]

AnyIds = Annotated[
    list[str],
    typer.Argument(metavar="ID", help="Ids of articles or claims, or how they begin.", show_default=False),
]


@documents_app.command("list")
def list_command(
    db: Database = DEFAULT_DB,
    removed: Annotated[bool, typer.Option("--removed", help="Those that were removed instead.")] = False,
    output_format: Annotated[
        StatusFormat, typer.Option("--format", help="How to print it; json is one document a line.")
    ] = StatusFormat.text,
    debug: Debug = False,
) -> None:
    """List the articles: id, texts, claims, how many are reviewed, title and file."""
    from claimtable.store import Store

    with running(debug=debug), Store.open(db, read_only=True) as store:
        for entry in store.document_list(removed=removed):
            typer.echo(
                json.dumps(asdict(entry), ensure_ascii=False)
                if output_format is StatusFormat.json
                else _line(entry)
            )


@documents_app.command("show")
def show_command(ids: AnyIds, db: Database = DEFAULT_DB, debug: Debug = False) -> None:
    """Show an article: where it comes from, its claims with their state, and its text."""
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, read_only=True) as store:
        entries = {entry.doc_id: entry for entry in store.document_list()}
        _each(ids, lambda given: show(store, document_of(store, given, entries), entries), run)


def show(store: Store, doc_id: str, entries: dict[str, DocumentEntry]) -> None:
    """Print one article.

    Raises:
        StoreError: there is none.
    """
    document = store.document(doc_id)
    typer.echo(_line(entries[doc_id]))
    about = (document.author, document.published and document.published.isoformat(), document.url)
    typer.echo("  " + " · ".join(part for part in about if part))
    claims = list(store.claims(doc_ids=[doc_id]))
    ids = short_ids(claim.claim_id for claim in claims)
    for claim in claims:
        verdict = f", {claim.verdict}" if claim.verdict else ""
        typer.echo(f"  {ids[claim.claim_id]}  {claim.status}{verdict}  {' '.join(claim.text.split())}")
    typer.echo("")
    typer.echo(document.text)


@documents_app.command("remove")
def remove_command(doc_ids: DocIds, db: Database = DEFAULT_DB, debug: Debug = False) -> None:
    """Take articles and their claims out of everything that is shown; what people said stays in the history.

    Ingesting the file again does not bring it back; restore does.
    """
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, create=False) as store:
        _each(doc_ids, store.remove_document, run)
        if run.done:
            run.say(f"{run.done:,} removed; claimtable documents restore brings them back")


@documents_app.command("restore")
def restore_command(doc_ids: DocIds, db: Database = DEFAULT_DB, debug: Debug = False) -> None:
    """Bring articles back that were removed, with their claims and reviews."""
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, create=False) as store:
        _each(doc_ids, store.restore_document, run)


def _each(doc_ids: list[str], what: Callable[[str], object], run: Run) -> None:
    for doc_id in doc_ids:
        try:
            what(doc_id)
        except ClaimTableError as error:
            run.fail(error)
        else:
            run.done += 1


def _line(entry: DocumentEntry) -> str:
    texts = f", text {entry.version} of {entry.versions}" if entry.versions > 1 else ""
    removed = f", removed {entry.removed_at}" if entry.removed_at else ""
    where = ", ".join(entry.paths)
    return (
        f"{entry.doc_id}  {entry.claims:,} claims, {entry.reviewed:,} reviewed{texts}{removed}"
        f"  {entry.title or '(no title)'}  {where}"
    )
