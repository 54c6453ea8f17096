"""`claimtable learn`: what people corrected, as weights for the extraction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug, Fast, Force, Model, check_model
from claimtable.cli.run import Run, running
from claimtable.errors import ExportError

if TYPE_CHECKING:
    from claimtable.learning import Lesson, Reviewed
    from claimtable.store import Store

JUDGED = "status IN ('accepted', 'corrected', 'rejected')"
"""The rows that say something of what was extracted."""


def learn_command(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Where the weights go.", show_default=True),
    ] = Path("weights.tsv"),
    db: Database = DEFAULT_DB,
    model: Model = None,
    fast: Fast = False,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Learn from what people corrected: weights that `extract --weights FILE` takes.

    Says how right the extraction is with them and without, on reviewed documents that they were not learned from, and leaves
    out what is not better there.
    """
    from claimtable.export.files import check_free

    check_model(model, fast=fast)
    try:
        check_free(output, overwrite=force)
    except ExportError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None
    with running(debug=debug) as run:
        learn(db, output, model=model, fast=fast, overwrite=force, run=run)


def learn(
    db: Path,
    output: Path,
    *,
    model: str | None = None,
    fast: bool = False,
    overwrite: bool = False,
    run: Run,
) -> Lesson:
    """Write the weights that the reviews of a database teach, say what they are worth, and return both.

    Raises:
        ClaimTableError: too little was reviewed.
        ExportError: the file cannot be written.
        ModelError: the language pipeline cannot be loaded.
        StoreError: there is no such database, or it cannot be read.
    """
    from claimtable import learning
    from claimtable.nlp import pipeline
    from claimtable.store import Store

    with Store.open(db, create=False, read_only=True) as store:
        nlp = pipeline.load(model, fast=fast)
        run.survive(nlp)
        lesson = learning.learn(lambda: run.progress(_reviewed(store), "documents"), nlp)
    _say(lesson, db, run)
    if lesson.weights.is_empty:
        run.say(f"{output} is not written: nothing learned is better on documents kept apart")
    else:
        _write(lesson, db, output, overwrite=overwrite)
        run.say(f"{output}: claimtable extract --weights {output} takes it")
    return lesson


def _reviewed(store: Store) -> Iterator[Reviewed]:
    """Yield the documents that have judged rows, with these."""
    doc_ids = sorted({row.doc_id for row in store.claims(where=JUDGED)})
    for doc_id in doc_ids:
        yield store.document(doc_id), list(store.claims(where=JUDGED, doc_ids=[doc_id]))


def _say(lesson: Lesson, db: Path, run: Run) -> None:
    gone = f"; {lesson.gone:,} more are no longer extracted and teach nothing" if lesson.gone else ""
    run.say(f"{db}: {lesson.rows:,} reviewed rows in {lesson.documents:,} documents{gone}")
    run.say(
        f"Subjects, on documents kept apart: {lesson.subjects.before:,.0f} of {lesson.choices:,} choices right before, "
        f"{lesson.subjects.after:,.0f} after{'' if lesson.keeps_subjects else ': left as they were'}"
    )
    run.say(
        f"Confidence, likewise: {lesson.error.before:.3f} calibration error before, {lesson.error.after:.3f} after"
        f"{'' if lesson.keeps_confidence else ': left as it was'}"
    )


def _write(lesson: Lesson, db: Path, output: Path, *, overwrite: bool) -> None:
    from claimtable._version import __version__
    from claimtable.export.files import replace_file
    from claimtable.nlp.lines import weights_text

    notes = (
        f"claimtable {__version__}, {datetime.now(UTC):%Y-%m-%d}, from {lesson.rows} reviewed rows in {lesson.documents} documents of {db.name}",
        f"choices of subjects right on documents kept apart: {lesson.subjects.before:.0f} of {lesson.choices} before, {lesson.subjects.after:.0f} after",
        f"calibration error of confidence there: {lesson.error.before:.3f} before, {lesson.error.after:.3f} after",
    )
    with replace_file(output, overwrite=overwrite) as file:
        file.write(weights_text(lesson.weights, notes).encode())
