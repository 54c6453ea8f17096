"""A pipeline whose network is small and random."""

import os
import sys
from pathlib import Path

import pytest

FOLDER = str(Path(__file__).parent)
sys.path.insert(0, FOLDER)
# Processes that the tests start import `tiny_network` too.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [FOLDER, os.environ.get("PYTHONPATH")]))


@pytest.fixture(scope="package")
def nlp():
    from tiny_network import make_pipeline

    return make_pipeline()
