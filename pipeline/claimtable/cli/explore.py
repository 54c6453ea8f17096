"""`claimtable explore`: the claims database in a browser, with Datasette."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import SOME_FAILED, running
from claimtable.errors import StoreError
from claimtable.schema import COLUMNS

DEFAULT_PORT = 8001
SETTINGS = {
    # Counting and searching a hundred thousand claims takes longer than the default of a second on a busy laptop.
    "sql_time_limit_ms": 5000,
    "default_page_size": 50,
    # A claim is a sentence; a document is not to fill the screen.
    "truncate_cells_html": 300,
    "facet_time_limit_ms": 1000,
}
DESCRIPTIONS = {
    "claims": "One row is one claim, with the person's value where there is one.",
    "claims_extracted": "The claims as they were extracted, before anybody reviewed them.",
    "reviews_history": "Every review ever made, in every revision.",
    "documents": "The articles, in the latest version of each.",
    "disagreements": "Claims on which reviewers disagree: a line for each field in dispute and reviewer.",
    "findings": "What claimtable check found, a line for each claim that a finding rests on.",
}
"""What a user looks at; every other table is hidden."""


def explore_command(
    db: Database = DEFAULT_DB,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = DEFAULT_PORT,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    debug: Debug = False,
) -> None:
    """Look through a database in the browser, read-only and from this machine alone, until Ctrl-C."""
    with running(debug=debug), tempfile.TemporaryDirectory() as folder:
        arguments = datasette_arguments(db, Path(folder))
        arguments += ["--host", "127.0.0.1", "--port", str(port), *(["--open"] if open_browser else [])]
        process = subprocess.Popen([sys.executable, "-m", "datasette", *arguments], stdout=sys.stderr)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            process.terminate()
            process.wait()
        if code:
            raise typer.Exit(SOME_FAILED)


def datasette_arguments(db: Path, folder: Path) -> list[str]:
    """Return the arguments of Datasette that serve a database; `folder` takes the file with descriptions.

    Raises:
        StoreError: there is no such database, or no Datasette.
    """
    from claimtable.store import Store

    if find_spec("datasette") is None:
        raise StoreError('explore needs Datasette: install it with pip install "claimtable[explore]"')
    # Says in our words what may be wrong, and brings an old database up to date.
    with Store.open(db, read_only=True) as store:
        tables = store.tables()
    described = folder / "metadata.json"
    described.write_text(json.dumps(metadata(db, tables)), encoding="utf-8")
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, str(value))]
    plugins = Path(__file__).with_name("datasette_plugins")
    templates = Path(__file__).with_name("datasette_templates")
    places = ["--plugins-dir", str(plugins), "--template-dir", str(templates)]
    return ["serve", str(db), "--metadata", str(described), *places, *settings]


def metadata(db: Path, tables: list[str]) -> dict[str, Any]:
    """Return what Datasette shows beside the data: titles, what the columns mean, and the ready queries."""
    from claimtable.store import queries

    columns = {column.name: column.description for column in COLUMNS}
    described: dict[str, Any] = {
        name: {
            "description": text,
            # What is to be looked at first stands first.
            **({"columns": columns, "sort_desc": "check_worthiness"} if name.startswith("claims") else {}),
        }
        for name, text in DESCRIPTIONS.items()
    }
    hidden = {name: {"hidden": True} for name in tables if name not in DESCRIPTIONS}
    ready = {
        query.name: {"title": query.title, "description": query.description, "sql": query.sql}
        for query in queries()
    }
    return {
        "title": "claimtable",
        "databases": {db.stem: {"tables": {**described, **hidden}, "queries": ready}},
    }
