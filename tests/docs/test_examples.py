"""The Python examples of the documentation run, page by page, from the checkout."""

import re

import pytest


@pytest.mark.pipeline
@pytest.mark.parametrize("page", ["python"])
def test_the_examples_run(page, root, monkeypatch):
    monkeypatch.chdir(root)
    names: dict[str, object] = {}
    examples = re.findall(r"^```python\n(.*?)^```", (root / f"docs/{page}.md").read_text(), re.M | re.S)
    assert examples
    for example in examples:
        exec(compile(example, f"docs/{page}.md", "exec"), names)
