"""What a start must not import: libraries that take long and are not needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"spacy", "numpy", "pandas", "pyarrow", "trafilatura", "onnxruntime", "label_studio_sdk", "rich"}


def imported_by(code: str, *arguments: str) -> set[str]:
    """Returns the packages of `HEAVY` that a fresh interpreter has imported after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, file=sys.stderr)", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return HEAVY & set(done.stderr.split())


def test_importing_the_package_imports_no_library():
    assert imported_by("import claimtable") == set()


def test_the_command_line_imports_little_before_a_verb_runs():
    assert imported_by("import claimtable.cli") <= {"rich"}


@pytest.mark.pipeline
def test_extracting_to_csv_imports_neither_pandas_nor_pyarrow(articles):
    run = (
        "from claimtable.cli import app\n"
        "import sys\n"
        "try:\n    app(['extract', sys.argv[1], '--format', 'csv'])\nexcept SystemExit as end:\n    assert not end.code"
    )
    found = imported_by(run, str(articles))
    assert "spacy" in found
    assert not found & {"pandas", "pyarrow"}


def test_spacy_comes_without_its_command_line_until_that_is_wanted():
    code = (
        "from claimtable.cli.lean import without_command_line_of_spacy\n"
        "without_command_line_of_spacy()\n"
        "import spacy, sys\n"
        "assert not {'weasel', 'httpx', 'spacy.cli', 'spacy.cli.info'} & set(sys.modules)\n"
        "assert spacy.info(silent=True)['spacy_version'] == spacy.__version__\n"
        "import spacy.cli.train\n"
        "assert spacy.cli.__file__ and 'weasel' in sys.modules"
    )
    assert "spacy" in imported_by(code)
