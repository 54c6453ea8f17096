"""Nothing of the outside runs, and nothing is fetched: what the package may use at all, and what it does at work."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest
from tests.fuzz.targets import page, pdf

from claimtable import ingest
from claimtable.errors import IngestError
from claimtable.nlp import layers, pipeline

PACKAGE = Path(__file__).parents[1] / "pipeline" / "claimtable"

NEVER = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "marshal",
    "shelve",
    "yaml",
    "tarfile",
    "xmlrpc",
}
"""They run, unpack or expand what they read."""
ONLY_IN = {
    # They start Datasette, a Label Studio of one's own, and Python itself, each with a list of arguments.
    "subprocess": {"cli/explore.py", "review/local_server.py", "ingest/apart.py"},
    # They listen, or look for a free port of this machine.
    # Or look up the one host whose page was asked for, to see that it is no private one.
    "socket": {"cli/serve.py", "review/sync.py", "review/local_server.py", "ingest/web.py"},
    "urllib3": {"ingest/web.py"},  # fetches the pages whose addresses are given
    "httpx": {"review/client.py"},  # talks to the Label Studio that its user named
    "label_studio_sdk": {"review/client.py", "review/checks.py"},
    "uvicorn": {"cli/serve.py", "cli/connections.py"},
    "ctypes": {"limits.py", "nlp/matrices.py"},  # a time limit; which kernel BLIS takes on this processor
    # Write one; names an error; reads documents that are archives, part by part, with a limit on them all.
    "zipfile": {"export/brat.py", "export/datapackage.py", "nlp/attribution/tagger.py", "ingest/packed.py"},
    "xml": {"review/checks.py"},  # the labelling configuration
    "urllib.request": {"review/local_server.py"},  # the Label Studio that it started, on the loopback address
    "http.client": set(),
    "ftplib": set(),
    "requests": set(),
    "aiohttp": set(),
    "fsspec": {"scale/"},  # object storage that its user named
    "webbrowser": {"cli/review/start.py"},  # opens the page of that one, when asked
}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "breakpoint",
    "system",
    "popen",
    "extractall",
    "load_extension",
}
"""Functions, by their last name. `re.compile` is no such thing."""


def modules() -> list[tuple[str, ast.Module]]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths]


MODULES = modules()


def names_imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found | {name.partition(".")[0] for name in found}


def test_what_runs_or_fetches_is_imported_nowhere_or_where_it_must_be():
    wrong = []
    for path, tree in MODULES:
        names = names_imported(tree)
        wrong += [f"{path} imports {name}" for name in names & NEVER]
        wrong += [
            f"{path} imports {name}" for name in names & {*ONLY_IN} if not path.startswith((*ONLY_IN[name],))
        ]
    assert not wrong


def test_no_text_is_run_as_code():
    wrong = []
    for path, tree in MODULES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            of = ast.unparse(node.func).partition(".")[0]
            if name in CALLS and not (name == "compile" and of == "re"):
                wrong.append(f"{path}:{node.lineno} {ast.unparse(node.func)}")
            options = {option.arg: ast.unparse(option.value) for option in node.keywords}
            if options.get("shell") == "True" or options.get("allow_pickle", "False") != "False":
                wrong.append(f"{path}:{node.lineno} {options}")
            if of == "np" and name == "load" and "allow_pickle" not in options:
                wrong.append(f"{path}:{node.lineno} np.load may unpickle")
    assert not wrong


@pytest.fixture
def no_network(monkeypatch):
    """Fails a test that looks up a name or opens a connection."""

    def refuse(*arguments, **_options):
        raise AssertionError(f"the network was used: {arguments}")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)


REMOTE = (
    '<html><head><link rel="stylesheet" href="http://192.0.2.1/a.css"><base href="http://192.0.2.1/">'
    '<meta http-equiv="refresh" content="0; url=http://192.0.2.1/"></head><body><img src="http://192.0.2.1/a.png">'
    '<iframe src="http://192.0.2.1/b"></iframe><script src="http://192.0.2.1/c.js"></script>'
    "<p>Exports rose to $12 million in 2013, the ministry said.</p></body></html>"
)


@pytest.fixture
def inputs(tmp_path):
    (tmp_path / "a.html").write_text(REMOTE)
    (tmp_path / "b.html").write_bytes(page())
    (tmp_path / "c.pdf").write_bytes(pdf())
    (tmp_path / "d.md").write_text("![](http://192.0.2.1/a.png)\n\nExports rose to 5 million.\n")
    (tmp_path / "e.txt").write_text("http://192.0.2.1/a\n\nExports rose to 5 million.\n")
    (tmp_path / "f.jsonl").write_text('{"text": "Exports rose to 5 million.", "url": "http://192.0.2.1/a"}\n')
    return tmp_path


def test_reading_fetches_nothing(no_network, inputs):
    assert len(list(ingest.read([inputs]))) == 6


@pytest.mark.pipeline
def test_extracting_fetches_nothing(no_network, inputs, nlp):
    for doc in pipeline.annotate(ingest.read([inputs]), nlp):
        for layer in layers.LAYERS.values():
            list(layer.rows(doc))


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "s3://bucket/a.jsonl", "ftp://192.0.2.1/a.txt"],
)
def test_an_address_is_not_fetched_but_refused(no_network, address):
    with pytest.raises(
        IngestError, match="it is an address, and nothing but http and https is fetched: save"
    ):
        list(ingest.read([address]))


def test_files_beside_an_input_are_read_and_no_others(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("Nobody should read this.")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").write_text("Exports rose.")
    (inside / "a.txt.meta.json").write_text(
        '{"id": "../outside", "title": "../outside.txt", "source": "../outside.txt"}'
    )
    (inside / "b.jsonl").write_text(
        '{"text": "Two.", "source": "../outside.txt", "file": "../outside.txt"}\n'
    )
    found = list(ingest.read([inside]))
    assert [document.text for document in found] == ["Exports rose.", "Two."]
    assert {path.name for path in tmp_path.iterdir()} == {"outside.txt", "inside"}
