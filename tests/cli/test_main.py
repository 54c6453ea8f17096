import subprocess
import sys

import pytest

from claimtable import __version__

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
