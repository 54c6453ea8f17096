"""Jobs with real processes and a real Ray on this machine: the rows of one process, whoever is killed in between."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import fsspec
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.errors import ClaimTableError, ModelError
from claimtable.scale import Engine, Settings, Totals, partitions, run
from claimtable.scale.folder import Folder
from claimtable.scale.partitions import Partition
from claimtable.scale.worker import Worker, key_of

pytestmark = [pytest.mark.pipeline, pytest.mark.slow]

DOCUMENTS = 60
ENGINES = [Engine.local, pytest.param(Engine.ray, marks=pytest.mark.ray)]


@pytest.fixture
def articles(tmp_path, monkeypatch):
    """Articles in twelve parts, of which two lines cannot be read."""
    path = tmp_path / "articles.jsonl"
    lines = [
        json.dumps({"id": f"d{i:02}", "text": text(i), "published": "2014-04-15"}) for i in range(DOCUMENTS)
    ]
    lines.insert(20, '{"text": 3}')
    lines.insert(50, "no JSON")
    path.write_text("\n".join(lines) + "\n")
    monkeypatch.setitem(partitions.PART_BYTES, "jsonl", path.stat().st_size // 12)
    return path


def text(number):
    return (
        f"Exports rose from ${number + 1} million in 2012 to ${number + 5} million in 2013, the ministry said. "
        f"Trade will reach ${number + 9} billion by 2020, Ann Lee of the World Bank predicted."
    )


def job(articles, folder, engine=Engine.local, workers=2, **options):
    errors, totals = options.pop("errors", []), Totals()
    done = run(
        [str(articles)],
        str(folder),
        options.pop("settings", Settings.of("claims", None, True)),
        engine=engine,
        workers=workers,
        on_error=errors.append,
        totals=totals,
    )
    return done, totals, errors


def rows(folder, layer="claims"):
    return pq.read_table(folder / layer).to_pylist()


def of_one_process(articles, tmp_path):
    out = tmp_path / "one.parquet"
    result = CliRunner().invoke(app, ["extract", str(articles), "--fast", "-o", str(out)])
    assert result.exit_code == 1, "two lines cannot be read"
    return pq.read_table(out).to_pylist()


def manifests(folder):
    return {path: path.stat().st_mtime_ns for path in folder.glob("manifest/*.json")}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rows_are_those_of_one_process(articles, tmp_path, engine):
    folder = tmp_path / "out"
    done, totals, errors = job(articles, folder, engine)
    assert len(list(done)) == 12
    assert not errors
    assert (totals.documents, totals.failed) == (DOCUMENTS, 2)
    assert rows(folder) == of_one_process(articles, tmp_path)
    failed = rows(folder, "errors")
    assert [row["reason"].rpartition(", line")[0] for row in failed] == [
        f"{articles}, part from {start:,}" for start in sorted(_starts(folder, failed=1))
    ]
    again, totals, _ = job(articles, folder, engine)
    assert list(again) == []
    assert totals.earlier == 12


def _starts(folder, failed):
    entries = [json.loads(path.read_text()) for path in folder.glob("manifest/*.json")]
    return [entry["partition"]["start"] for entry in entries if entry["failed"] == failed]


def test_a_worker_is_killed(articles, tmp_path):
    folder = tmp_path / "out"
    done, totals, errors = job(articles, folder)
    next(done)
    victim = multiprocessing.active_children()[0]
    os.kill(victim.pid, signal.SIGKILL)
    assert len(list(done)) == 11
    assert not errors and totals.parts == 12
    assert rows(folder) == of_one_process(articles, tmp_path)


@pytest.mark.ray
def test_a_worker_of_the_cluster_is_killed(articles, tmp_path):
    folder = tmp_path / "out"
    done, totals, errors = job(articles, folder, Engine.ray)
    next(done)
    workers = [pid for pid, command in below(os.getpid()) if "_PartWorker" in command]
    os.kill(workers[0], signal.SIGKILL)
    list(done)
    assert not errors and totals.parts == 12
    assert rows(folder) == of_one_process(articles, tmp_path)


def below(pid):
    """The processes that a process started, and those that they did, with their commands."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    processes = [line.split(None, 2) for line in listed.stdout.splitlines()]
    found, mine = [], {str(pid)}
    while new := [p for p in processes if p[1] in mine and p[0] not in mine]:
        mine |= {p[0] for p in new}
        found += [(int(p[0]), p[2]) for p in new if len(p) > 2]
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_the_one_who_leads_is_killed_and_the_job_goes_on(articles, tmp_path, engine):
    folder = tmp_path / "out"
    command = (
        "from claimtable.scale import partitions\n"
        f"partitions.PART_BYTES['jsonl'] = {partitions.PART_BYTES['jsonl']}\n"
        "from claimtable.cli import main\nmain()"
    )
    arguments = ["extract", articles, "--fast", "-o", folder, "--engine", engine.value, "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", command, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    give_up = time.monotonic() + 120
    while len(manifests(folder)) < 2 and time.monotonic() < give_up:
        assert process.poll() is None, "done before it could be killed"
        time.sleep(0.01)
    process.kill()
    process.wait()
    finished = settled(folder)
    # As of a job that was killed between a part and its manifest.
    orphan = folder / "claims" / "part-000011-0000000000000000.parquet"
    orphan.write_bytes(next(folder.glob("claims/*.parquet")).read_bytes())

    done, totals, errors = job(articles, folder, engine)
    list(done)
    assert not errors
    assert totals.earlier == len(finished)
    assert totals.parts == 12 - len(finished)
    assert finished.items() <= manifests(folder).items(), "what was done is not done again"
    assert rows(folder) == of_one_process(articles, tmp_path)
    assert not list(folder.glob("*/.*"))


def settled(folder):
    """What is done when the workers, too, have seen that nobody leads any more."""
    before = None
    while before != (before := manifests(folder)):
        time.sleep(3)
    return before


def test_a_worker_that_dies_of_loading_ends_the_job(articles, tmp_path):
    done, _, _ = job(articles, tmp_path / "out", workers=1)

    # Workers of an earlier job may be just ending.
    earlier = {child.pid for child in multiprocessing.active_children()}

    def kill():
        while not (begun := [c.pid for c in multiprocessing.active_children() if c.pid not in earlier]):
            time.sleep(0.01)
        os.kill(begun[0], signal.SIGKILL)

    threading.Thread(target=kill).start()
    with pytest.raises(ClaimTableError, match="fewer --workers"):
        list(done)


def test_a_part_that_kills_its_workers_is_left_out(articles, tmp_path, monkeypatch):
    monkeypatch.setattr("claimtable.scale.local.ATTEMPTS", 1)
    done, totals, errors = job(articles, tmp_path / "out")
    next(done)
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGKILL)
    list(done)
    assert 1 <= len(errors) <= 2
    assert all("the worker died on it" in str(error) for error in errors)
    assert totals.parts == 12 - len(errors)
    again, totals, errors = job(articles, tmp_path / "out")
    list(again)
    assert not errors and totals.earlier + totals.parts == 12


@pytest.mark.ray
def test_a_part_that_kills_its_workers_on_the_cluster_is_left_out(tmp_path, monkeypatch):
    articles = tmp_path / "articles.jsonl"
    # The second takes long enough to be caught at work.
    texts = [text(1), " ".join(map(text, range(500))), text(3)]
    articles.write_text("".join(json.dumps({"id": f"d{i}", "text": x}) + "\n" for i, x in enumerate(texts)))
    one, two, _ = (
        Partition(str(articles), "jsonl", start, start + 1, False, "", k)
        for k, start in enumerate(line_starts(articles))
    )
    monkeypatch.setattr("claimtable.scale.job.plan", lambda *_, **__: (one, two))
    settings = Settings.of("claims", None, True)
    killed, over = [], threading.Event()

    def kill():
        while not over.wait(0.02):
            for note in (tmp_path / "out" / "begun").glob(f"{key_of(two, settings)}-*.json"):
                if note.name not in killed:
                    killed.append(note.name)
                    os.kill(json.loads(note.read_text())["process"], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    done, totals, errors = job(articles, tmp_path / "out", Engine.ray, workers=1, settings=settings)
    try:
        list(done)
    finally:
        over.set()
        killer.join()
    assert len(killed) == 2
    (error,) = errors
    assert f"part from {two.start:,}: the worker died on it 2 times" in str(error)
    assert totals.parts == 1 and {row["doc_id"] for row in rows(tmp_path / "out")} == {"d0"}
    assert not (tmp_path / "out" / "begun").exists()


def line_starts(path):
    starts = [0]
    for line in path.read_bytes().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts[:-1]


def test_another_pipeline_or_another_text_wants_another_folder(articles, tmp_path):
    folder = tmp_path / "out"
    list(job(articles, folder)[0])
    other = Settings("claims", None, True, extractor="another@1")
    with pytest.raises(ClaimTableError, match="choose another folder"):
        list(job(articles, folder, settings=other)[0])
    articles.write_text('{"text": "Exports rose by 5 % in 2013."}\n')
    with pytest.raises(ClaimTableError, match="before it changed"):
        list(job(articles, folder)[0])


def test_a_pipeline_that_is_none(articles, tmp_path):
    with pytest.raises(ModelError):
        Settings.of("claims", "no_such_model", False)
    with pytest.raises(ModelError, match="no_such_model"):
        list(job(articles, tmp_path / "out", settings=Settings("claims", "no_such_model", False))[0])


def test_a_folder_that_cannot_be_written_costs_the_parts(articles, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "claims").write_text("a file")
    done, totals, errors = job(articles, tmp_path / "out")
    list(done)
    assert totals.parts == 0
    assert len(errors) == 12 and "cannot be written" in str(errors[0])


def test_the_command(articles, tmp_path):
    folder = tmp_path / "out"

    def extract(*arguments):
        return CliRunner().invoke(app, ["extract", str(articles), "--fast", *map(str, arguments)])

    result = extract("--engine", "local", "--workers", 2, "-o", folder, "--layer", "quantities")
    assert result.exit_code == 1
    assert f"12 parts; {DOCUMENTS} documents" in result.stderr
    assert "2 documents failed" in result.stderr
    assert {row["unit"] for row in rows(folder, "quantities")} == {"USD"}
    assert "12 done earlier" in extract("--engine", "local", "-o", folder, "--layer", "quantities").stderr
    for wrong in (
        ("--engine", "local"),
        ("--workers", "2", "-o", folder),
        ("--engine", "local", "-o", folder, "--format", "csv"),
        ("--engine", "local", "-o", folder, "--force"),
    ):
        assert extract(*wrong).exit_code == 2


def test_into_an_object_store(articles):
    store = fsspec.filesystem("memory")
    worker = Worker(Settings.of("claims", None, True), Folder("memory://bucket/out"))
    for partition in partitions.plan([str(articles)], on_error=pytest.fail):
        assert worker.work(partition).problem is None
    assert len(store.ls("/bucket/out/claims")) == len(store.ls("/bucket/out/manifest")) == 12
    assert len(list(worker.folder.entries())) == 12
    worker.folder.remove_unfinished(set(), "claims")
    assert store.ls("/bucket/out/claims") == []
    assert [worker.folder.begin("0a1b", 2) for _ in range(3)] == [True, True, False]
    assert worker.folder.begin("0c2d", 1)
    worker.folder.end("0a1b")
    assert not worker.folder.begin("0c2d", 1)
    assert worker.folder.begin("0a1b", 1)
    worker.folder.forget_begun()
    assert not store.exists("/bucket/out/begun")
    assert worker.folder.begin("0c2d", 1)


def test_extracting_has_the_time_limit_of_the_job(articles, tmp_path, monkeypatch):
    worker = Worker(Settings.of("claims", None, True, 7.0), Folder(str(tmp_path / "out")))
    given = {}
    monkeypatch.setattr(
        "claimtable.scale.worker.pipeline.annotate", lambda *_, **options: given.update(options) or iter(())
    )
    assert worker.work(next(iter(partitions.plan([str(articles)], on_error=pytest.fail)))).problem is None
    assert given["time_limit"] == 7.0
