"""The tests that the table of faults in docs/review.md names are there."""

import re

ROW = re.compile(r"`((?:tests/)?[\w/]+\.py)::(test_\w+)`")


def test_each_row_names_a_test_that_there_is(root):
    found = ROW.findall((root / "docs" / "review.md").read_text(encoding="utf-8"))
    assert len(found) > 30
    for name, test in found:
        path = root / name if name.startswith("tests/") else root / "tests" / "review" / name
        assert f"def {test}(" in path.read_text(encoding="utf-8"), f"{name}::{test}"
