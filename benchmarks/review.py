"""Times `claimtable review push` and `pull` with a real Label Studio on this machine (make label-studio installs it).

    python benchmarks/review.py [DOCUMENTS]        1,000 documents of ten claims each, by default

Each document has ten claims with their parts and about 3,000 characters. Prints seconds of a first push, of a second
one that finds everything there, of a first pull after everything was submitted, and of a second one that finds nothing
new; with the processor seconds of this process and of the server (which tell more on a machine that has other work,
and of which the two run side by side), and the peak memory of this process.

Exits with 1 when the first push or the first pull of 1,000 documents takes more than 30 seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import httpx
from memory import peak_megabytes
from tests.review import label_studio_server
from tests.review.conftest import article

from claimtable.review import pull, push
from claimtable.review.client import Client
from claimtable.review.credentials import Credentials
from claimtable.review.exchange import setup
from claimtable.schema import Document, Section
from claimtable.store import Extraction, Store

DOCUMENTS = 1000
CLAIMS = 10
CHARACTERS = 3000
TITLE = "benchmark"


LIMIT_SECONDS = 30.0
"""Of a first push, and of a first pull, of so many documents as the default."""


def main(documents: int) -> int:
    """Run it, print a line for each step, and return the exit code."""
    slow = 0
    with tempfile.TemporaryDirectory() as folder, label_studio_server.running() as server:
        client = Client(Credentials(server.url, server.token))
        with Store.open(Path(folder) / "claims.db") as store:
            fill(store, documents)
            project = setup(store, client, TITLE)
            for number in ("first", "second"):
                with timed(f"{number} push of {documents:,} documents", server) as took:
                    push.push(
                        store, client, project, push.select(store), extractor="benchmark", on_error=fail
                    )
                slow += number == "first" and took[0] * DOCUMENTS / documents > LIMIT_SECONDS
            submit(server, client.changed_tasks(project.remote_id, None))
            for number in ("first", "second"):
                with timed(f"{number} pull", server) as took:
                    pull.pull(store, client, project, on_error=fail)
                slow += number == "first" and took[0] * DOCUMENTS / documents > LIMIT_SECONDS
            assert store.status().reviews == {"accepted": documents * CLAIMS}, store.status().reviews
    return int(slow > 0)


def fill(store: Store, documents: int) -> None:
    """Store articles with claims, lengthened to the usual size."""
    for number in range(documents):
        document, extraction = article(number, CLAIMS)
        text = (
            document.text + "\n\n" + "Nothing is claimed here. " * ((CHARACTERS - len(document.text)) // 25)
        )
        longer = Document(document.id, text, title=document.title, sections=(Section(0, len(text), "body"),))
        with store.transaction():
            store.add_document(longer)
            store.save_extraction(
                longer,
                Extraction(extraction.claims, extraction.actors, extraction.mentions),
                pipeline="benchmark",
            )


def submit(server: label_studio_server.Server, tasks: Iterable[dict]) -> None:
    """Submit every task as an annotator does who changes nothing."""
    with httpx.Client(headers={"Authorization": f"Token {server.token}"}, timeout=60) as http:
        for task in tasks:
            prediction = task["predictions"][0]
            body = {"result": prediction["result"], "parent_prediction": prediction["id"], "lead_time": 1.0}
            http.post(f"{server.url}/api/tasks/{task['id']}/annotations/", json=body).raise_for_status()


@contextmanager
def timed(what: str, server: label_studio_server.Server) -> Iterator[list[float]]:
    """Print how long the block took, and notes the seconds in the list that it yields."""
    took: list[float] = []
    begun, own, theirs = time.perf_counter(), time.process_time(), server.cpu_seconds()
    yield took
    took.append(time.perf_counter() - begun)
    own, theirs = time.process_time() - own, server.cpu_seconds() - theirs
    print(
        f"{what}: {took[0]:.1f} s (processor: {own:.1f} s here, {theirs:.1f} s the server); "
        f"peak memory {peak_megabytes():,.0f} MB",
        flush=True,
    )


def fail(error: Exception) -> None:
    raise error


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS))
