"""`claimtable review start`: from a database to a page to review, and back, in one command."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import socket
import stat
import time

import pytest
from tests.review import label_studio_server
from tests.review.conftest import fill
from tests.review.exchange import remote_tasks, submit
from tests.review.test_kept import choice

from claimtable.errors import ReviewError
from claimtable.review import local_server
from claimtable.review.client import Client
from claimtable.review.credentials import Credentials
from claimtable.store import Store

WAIT_SECONDS = 300


def test_where_there_is_none_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(local_server.shutil, "which", lambda _: None)
    with pytest.raises(ReviewError, match="pip install label-studio"):
        local_server.find_command()


def test_the_account_is_its_owners_alone_and_stays(tmp_path):
    folder = tmp_path / "data"
    made = local_server.account(folder)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.token not in repr(made) and made.password not in repr(made)
    assert local_server.account(folder) == made


def start(path, port):
    from claimtable.cli.review.start import start_command

    # Where the tests run in the background of a shell, interrupts are ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    start_command(db=path, port=port, every=2.0, open_browser=False)


@pytest.mark.label_studio
@pytest.mark.slow
def test_from_a_database_to_a_review(tmp_path, monkeypatch):
    if not label_studio_server.installed():
        pytest.skip("Label Studio is not installed: run make label-studio")
    path = fill(tmp_path / "claims.db", articles=1, sentences=2)
    folder = local_server.data_folder(path)
    # A prepared folder, as its migrations take long, with the account that it was prepared with.
    version = label_studio_server.VERSION
    shutil.copytree(label_studio_server.cache() / f"data-{version}", folder)
    known = {
        "user": label_studio_server.USER,
        "password": label_studio_server.PASSWORD,
        "token": label_studio_server.TOKEN,
    }
    (folder / "claimtable.json").write_text(json.dumps(known))
    command = label_studio_server.cache() / f"venv-{version}" / "bin" / "label-studio"
    monkeypatch.setenv(local_server.COMMAND_VARIABLE, str(command))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    process = multiprocessing.get_context("fork").Process(target=start, args=(path, port))
    process.start()
    try:
        client = Client(Credentials(f"http://127.0.0.1:{port}", label_studio_server.TOKEN))
        with Store.open(path) as store:
            end = time.monotonic() + WAIT_SECONDS
            while sum(task.state == "pushed" for task in store.tasks()) < 2:
                assert process.is_alive() and time.monotonic() < end
                time.sleep(0.5)
            for task in remote_tasks(store, client, "claimtable").values():
                submit(client, task, lambda items: [*items, choice("decision", "right")])
            os.kill(process.pid, signal.SIGINT)
            process.join(WAIT_SECONDS)
            assert process.exitcode == 0
            # What was submitted last is in the database before it ends.
            assert {claim.status for claim in store.claims()} == {"accepted"}
    finally:
        process.kill()
        process.join()
