import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.pipeline
def test_many_clients_are_answered_and_the_server_stops_when_told(root):
    result = subprocess.run(
        [
            *(sys.executable, root / "benchmarks" / "serve_load.py", "--fast"),
            *("--clients", "20", "--seconds", "3"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "p99" in result.stdout
