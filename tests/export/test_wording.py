import pytest

from claimtable.export.wording import number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [(97e6, "97 million"), (1948, "1,948"), (0.25, "0.25"), (200 / 3, "66.67"), (13200.25, "13,200.25")],
)
def test_numbers(value, text):
    assert number_text(value) == text
