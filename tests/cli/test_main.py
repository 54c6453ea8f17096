import subprocess
import sys

import pytest
import typer

from claimtable import __version__
from claimtable.cli import VERBS, app
from claimtable.cli.defaults import defaults_of

HEAVY = ("spacy", "pandas", "numpy", "pyarrow", "trafilatura", "onnxruntime")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], *([verb, "--help"] for verb in ("extract", "evaluate", "ingest", "explore"))],
)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom claimtable.cli import app\n"
        f"try: app({arguments!r})\nexcept SystemExit as e: assert not e.code, e.code\n"
        f"found = [m for m in {HEAVY} if m in sys.modules]\nassert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_version(claimtable):
    assert claimtable("--version").stdout == f"claimtable {__version__}\n"


def test_no_arguments_show_the_help(claimtable):
    result = claimtable()
    assert "extract" in result.output
    assert result.exit_code == 2


def test_the_help_shows_groups_and_examples(claimtable):
    text = claimtable("--help").output
    assert all(group in text for group in VERBS)
    for verbs in VERBS.values():
        for name, (_, example) in verbs.items():
            assert example.startswith(f"claimtable {name} ") or example == f"claimtable {name}"
            assert example.split()[-1] in claimtable(name, "--help").output


def test_completion_is_offered(claimtable):
    assert "--install-completion" in claimtable("--help").output


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('db = "x.db"', {"ingest": {"db": "x.db"}}),
        ("[extract]\ntime-limit = 5\nformat = 'csv'", {"extract": {"time_limit": 5, "output_format": "csv"}}),
        ("fast = true\n[ingest]\nfast = false", {"ingest": {"fast": False}, "export": {"fast": True}}),
        ("[documents.list]\nremoved = true", {"documents": {"list": {"removed": True}}}),
    ],
)
def test_defaults_of_a_file(tmp_path, content, expected):
    path = tmp_path / "claimtable.toml"
    path.write_text(content)
    found = defaults_of(path, typer.main.get_command(app))
    for verb, options in expected.items():
        for name, value in options.items():
            assert found[verb][name] == value
    assert "db" not in found.get("extract", {})


def test_the_command_takes_defaults_from_the_working_folder(claimtable, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Exports rose to 14 million dollars in 2013.")
    (tmp_path / "claimtable.toml").write_text('db = "mine.db"\n[extract]\nformat = "jsonl"\n')
    assert claimtable("extract", "a.txt").stdout.startswith('{"claim_id"')
    assert claimtable("extract", "a.txt", "--format", "csv").stdout.startswith("claim_id,")
    assert claimtable("ingest", "a.txt").exit_code == 0
    assert (tmp_path / "mine.db").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("colour = 1", "no verb has the option colour"),
        ("[extract]\ncolour = 1", "extract has no option colour"),
        ("[paint]\ncolour = 1", "there is no verb paint"),
        ("no toml", "it cannot be read"),
    ],
)
def test_wrong_defaults_are_wrong_usage(claimtable, tmp_path, monkeypatch, content, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "claimtable.toml").write_text(content)
    result = claimtable("status")
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
