import subprocess
import sys

import pytest


@pytest.mark.pipeline
@pytest.mark.slow
def test_ingest_takes_no_more_memory_for_a_larger_file(root):
    result = subprocess.run(
        [sys.executable, root / "benchmarks" / "streaming.py", "--mb", "1", "60"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [
        *(["warc", "1"], ["warc", "60"], ["jsonl", "1"], ["jsonl", "60"])
    ]
