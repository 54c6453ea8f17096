import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_benchmark_of_exports_runs(root):
    result = subprocess.run(
        [
            *(sys.executable, root / "benchmarks" / "exports.py", "--rows", "1001"),
            *("--formats", "csv", "parquet", "jsonl", "xlsx"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("1,001 rows")
    assert [line.split()[0] for line in lines[2:]] == ["csv", "parquet", "jsonl", "xlsx"]
