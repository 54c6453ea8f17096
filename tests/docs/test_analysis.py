from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "analysis.ipynb"


@pytest.mark.pipeline
@pytest.mark.slow
def test_the_notebook_runs_and_shows_what_it_says():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "commit it without outputs"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    tables = [output["data"]["text/plain"] for output in outputs if "text/html" in output.get("data", {})]
    assert any("with_deadline" in table for table in tables)
    assert any("2018" in table for table in tables)
