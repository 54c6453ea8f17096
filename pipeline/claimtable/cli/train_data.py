"""`claimtable train-data`: what people reviewed, as training data for spaCy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug, Force
from claimtable.cli.run import Run, running
from claimtable.errors import ExportError

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from claimtable.store import Store

NAMES = ("train", "dev")


def train_data_command(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Folder for train.spacy and dev.spacy.",
            show_default=False,
        ),
    ],
    db: Database = DEFAULT_DB,
    dev_share: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="SHARE", help="Share of the documents that go into dev.spacy."),
    ] = 0.2,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Write reviewed texts as spaCy training data: claims and their parts as spans, confirmed names as entities."""
    from claimtable.export.files import check_free
    from claimtable.store import Store

    with running(debug=debug) as run:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{output} cannot be made a folder: {error.strerror or error}") from error
        try:
            for name in NAMES:
                check_free(output / f"{name}.spacy", overwrite=force)
        except ExportError as error:
            raise typer.BadParameter(str(error), param_hint="--output") from None
        with Store.open(db, create=False, read_only=True) as store:
            train_data(store, output, dev_share=dev_share, overwrite=force, run=run)


def train_data(store: Store, folder: Path, *, dev_share: float, overwrite: bool, run: Run) -> None:
    """Write `train.spacy` and `dev.spacy` and say what is in them; which review holds follows the store's rule.

    Raises:
        ExportError: nothing was reviewed yet, or a file cannot be written.
        StoreError: the store cannot be read.
    """
    from claimtable.docbin import to_bytes
    from claimtable.export.files import replace_file
    from claimtable.review.confirmed import confirmed
    from claimtable.review.work import read_work
    from claimtable.training import is_dev, make_doc

    docs: dict[str, list[Doc]] = {name: [] for name in NAMES}
    unaligned = 0
    for works in read_work(store):
        document = works[0].document
        extracted = tuple(store.extracted_claims(document.id, sha256=document.sha256))
        for part in confirmed(works, store.adjudication, extracted):
            gold = make_doc(part.document, part.start, part.end, part.spans)
            unaligned += gold.unaligned
            docs["dev" if is_dev(part.document.id, dev_share) else "train"].append(gold.doc)
    if not any(docs.values()):
        raise ExportError(f"{store.path} holds no reviewed text: pull or import reviews first")
    for name, of_name in docs.items():
        path = folder / f"{name}.spacy"
        with replace_file(path, overwrite=overwrite) as file:
            file.write(to_bytes(of_name))
        spans = sum(len(doc.spans["sc"]) for doc in of_name)
        names = sum(len(doc.ents) for doc in of_name)
        run.say(f"{path}: {len(of_name):,} texts, {spans:,} spans, {names:,} names")
    if unaligned:
        run.say(f"{unaligned:,} names are left out, as they begin or end inside a token")
