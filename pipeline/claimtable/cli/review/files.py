"""`claimtable review export-tasks` and `import-annotations`: the exchange with Label Studio by files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug, Force
from claimtable.cli.review.options import TaskKind
from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.run import Run, running
from claimtable.errors import ExportError, ReviewError

if TYPE_CHECKING:
    from claimtable.review.fields import By
    from claimtable.schema import Submission
    from claimtable.store import Store


def export_tasks_command(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write here.", show_default=False)
    ],
    db: Database = DEFAULT_DB,
    query: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION",
            help="Documents with claims that fit this SQL condition, as for export.",
            show_default=False,
        ),
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(metavar="DOC_ID", help="This document; may be given several times.", show_default=False),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Make tasks of their own for this annotator.", show_default=False),
    ] = None,
    by: TaskKind = None,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Write tasks with their pre-annotations into a file that Label Studio imports, most check-worthy first."""
    from claimtable.export.files import check_free

    if documents and query is not None:
        raise typer.BadParameter("goes without --query", param_hint="--documents")
    try:
        check_free(output, overwrite=force)
    except ExportError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, create=False) as store:
        kind: By = "article" if by is None else by.value
        tasks = export_tasks(store, query=query, documents=documents, annotator=annotator, by=kind, run=run)
        from claimtable.export.files import replace_file

        with replace_file(output, overwrite=force) as file:
            run.done = _write_list(tasks, file)
        run.say(f"{output}: {run.done:,} tasks")


def _write_list(items: Iterable[dict[str, Any]], file: BinaryIO) -> int:
    """Write a JSON list, one item a line, and return their number; memory holds one at a time."""
    count = 0
    for count, item in enumerate(items, 1):
        file.write(b"[\n" if count == 1 else b",\n")
        file.write(json.dumps(item, ensure_ascii=False).encode())
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def export_tasks(
    store: Store,
    *,
    query: str | None = None,
    documents: Sequence[str] | None = None,
    annotator: str | None = None,
    by: By = "article",
    run: Run,
) -> Iterator[dict[str, Any]]:
    """Yield the tasks of the documents that are asked for; those that cannot be made go to `run`.

    Raises:
        StoreError: the condition is none, or the store cannot be read.
    """
    from claimtable.review import files

    chosen = documents or dict.fromkeys(
        chain(
            (claim.doc_id for claim in store.claims(where=query, order="check_worthiness")),
            () if query else (document.id for document in store.documents()),
        )
    )
    return files.export_tasks(
        store, chosen, extractor=EXTRACTOR, annotator=annotator, by=by, on_error=run.fail
    )


def import_annotations_command(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="JSON exports of Label Studio projects.", show_default=False),
    ],
    db: Database = DEFAULT_DB,
    reviewer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=NAME",
            help="Name or e-mail address of the user with this id, as exports have the id alone; may be given "
            "several times.",
            show_default=False,
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Take what people submitted from files that Label Studio exported; taking a file twice changes nothing."""
    names = _names(reviewer or ())
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, create=False) as store:
        for path in inputs:
            import_annotations(store, path, reviewers=names, run=run)


def import_annotations(store: Store, path: Path, *, reviewers: Mapping[Any, str], run: Run) -> None:
    """Store what people submitted from one file; what cannot be read goes to `run`.

    Raises:
        StoreError: the store cannot be written.
    """
    from claimtable.review import files
    from claimtable.review.annotations import QuestionError

    def on_error(error: Exception) -> None:
        # What is questioned was read and stored.
        (run.say(str(error)) if isinstance(error, QuestionError) else run.fail(error))

    try:
        found: list[Submission] = list(
            files.read_annotations(path, store, reviewers=reviewers, on_error=on_error)
        )
    except ReviewError as error:
        run.fail(error)
        return
    counts = store.add_annotations(found, on_error=run.fail)
    run.done += counts.new + counts.changed + counts.unchanged
    run.say(
        f"{path}: {counts.new:,} new annotations, {counts.changed:,} changed, {counts.unchanged:,} known already"
    )


def _names(given: Sequence[str]) -> dict[Any, str]:
    names: dict[Any, str] = {}
    for each in given:
        number, equals, name = each.partition("=")
        if not equals or not number.strip().isdigit() or not name.strip():
            raise typer.BadParameter(
                f"{each!r} is not ID=NAME, such as 3=ann@example.org", param_hint="--reviewer"
            )
        names[int(number)] = name.strip()
    return names
