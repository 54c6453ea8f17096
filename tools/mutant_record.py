"""A pytest plugin for `tools/mutants.py`: writes whether each test passed, and the processor time it took."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run the test, and write what became of it into the file that `MUTANTS_RECORD` names."""
    begun = time.process_time()
    passed = not any(report.failed for report in runtestprotocol(item, log=False, nextitem=nextitem))
    entry = {"test": item.nodeid, "passed": passed, "seconds": time.process_time() - begun}
    with Path(os.environ["MUTANTS_RECORD"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    return True
