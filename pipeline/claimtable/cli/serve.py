"""`claimtable serve`: the extractor as an ML backend of Label Studio."""

from __future__ import annotations

import io
import ipaddress
import json
import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.ingest import loaded
from claimtable.cli.options import DEFAULT_DB, Database, Debug, Fast, Model, WeightsFile, check_model
from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.run import Run, running
from claimtable.errors import ReviewError, StoreError
from claimtable.schema import Document

if TYPE_CHECKING:
    from spacy.language import Language

TOKEN_VARIABLE = "CLAIMTABLE_SERVE_TOKEN"
"""Where the token is read from: a command line is seen by others."""
STOP_SECONDS = 7
"""How long requests that are under way may take to end after SIGTERM; two seconds later the process is gone in any case."""
TASK_SECONDS = 90.0
"""Most time for one task: Label Studio waits 100 s for an answer."""

_METADATA = ("title", "author", "published", "url")


def serve_command(
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help=f"Address to listen on; beyond this machine only with {TOKEN_VARIABLE}."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free one.")] = 9090,
    db: Database = DEFAULT_DB,
    model: Model = None,
    fast: Fast = False,
    weights: WeightsFile = None,
    debug: Debug = False,
) -> None:
    """Answer Label Studio when it asks for predictions of tasks that have none (an ML backend)."""
    check_model(model, fast=fast)
    token = os.environ.get(TOKEN_VARIABLE) or None
    if not _is_loopback(host) and token is None:
        raise typer.BadParameter(
            f"{host} can be reached from other machines: set {TOKEN_VARIABLE} to a token that they have to give",
            param_hint="--host",
        )
    with running(debug=debug) as run:
        serve(host, port, db=db, model=model, fast=fast, weights=weights, token=token, run=run)


def serve(
    host: str,
    port: int,
    *,
    db: Path,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    token: str | None = None,
    run: Run,
) -> None:
    """Listen until the process is told to end.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        ReviewError: the address is taken or not this machine's, or the extra is not installed.
    """
    from claimtable.review.backend import make_app

    try:
        import uvicorn

        from claimtable.cli.connections import PromptServer, bounded_protocol
    except ImportError as error:
        raise ReviewError('serving needs Starlette and uvicorn: pip install "claimtable[serve]"') from error
    predictor = Predictor(loaded(model, fast=fast, weights=weights), db)
    # A task without a prediction is no failure of the server.
    app = make_app(
        predictor,
        version=EXTRACTOR,
        token=token,
        # Without a token a page in the browser of this machine could ask, by a name that leads here (DNS rebinding).
        hosts=None if token is not None else ("localhost", "127.0.0.1", "::1", host),
        on_error=lambda error: run.say(str(error)),
    )
    try:
        listener = socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise ReviewError(
            f"cannot listen on {host} port {port} ({error.strerror or error}): choose another --port"
        ) from error
    with listener:
        run.say(
            f"listening on http://{host}:{listener.getsockname()[1]}: add this address in Label Studio under Model"
        )
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            http=bounded_protocol(),
            server_header=False,
        )
        # uvicorn ends what is under way when told to stop, and then raises the signal again: to stop when told is no failure.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        PromptServer(config, STOP_SECONDS + 2).run(sockets=[listener])
    run.say("stopped")


class Predictor:
    """Predictions of tasks: as `claimtable review push` would send them, where the document is in the database."""

    def __init__(self, nlp: Language, db: Path) -> None:
        self._nlp = nlp
        self._db = db

    def __call__(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the prediction of a task.

        Raises:
            ClaimTableError: there can be none.
        """
        return self._stored(data) or self._extracted(data)

    def _stored(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        from claimtable.review.claim_tasks import stored_claim_tasks
        from claimtable.review.tasks import stored_tasks
        from claimtable.store import Store

        key, doc_id = data.get("task_key"), data.get("doc_id")
        if not isinstance(key, str) or not isinstance(doc_id, str) or not self._db.exists():
            return None
        with Store.open(self._db, create=False, read_only=True) as store:
            known = store.task(key)
            try:
                make = stored_claim_tasks if isinstance(data.get("claim_id"), str) else stored_tasks
                tasks = make(
                    store,
                    doc_id if known is None else known.doc_id,
                    extractor=EXTRACTOR,
                    annotator=data.get("annotator"),
                )
            except StoreError:
                # Made from another database: the text in the task has to do.
                return None
        return next((task.prediction() for task in tasks if task.task_key == key), None)

    def _extracted(self, data: Mapping[str, Any]) -> dict[str, Any]:
        from claimtable.nlp import pipeline
        from claimtable.review.backend import joined
        from claimtable.review.tasks import make_tasks

        document = _document(data)
        (doc,) = pipeline.annotate([document], self._nlp, time_limit=TASK_SECONDS)
        tasks = make_tasks(
            document,
            doc._.claimtable_claims,
            doc._.claimtable_actors,
            doc._.claimtable_quantities,
            extractor=EXTRACTOR,
        )
        return {
            "model_version": EXTRACTOR,
            "score": max(task.check_worthiness for task in tasks),
            "result": joined({task.start: task.result for task in tasks}),
        }


def _document(data: Mapping[str, Any]) -> Document:
    """Return the text of a task as a document, with as much as the task knows of it."""
    from claimtable import ingest

    known = {"text": data["text"]} | {
        name: data[name] for name in _METADATA if isinstance(data.get(name), str) and data[name]
    }
    (read,) = ingest.read_jsonl(io.BytesIO(json.dumps(known).encode()), source="the task")
    if not isinstance(read, Document):
        raise read
    return read


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
