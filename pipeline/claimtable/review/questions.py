"""What is unlikely to be meant: it is stored as it was said, and questioned."""

from __future__ import annotations

from collections.abc import Iterator

from claimtable.schema import Review


def questions(review: Review) -> Iterator[str]:
    """Yield what to ask about a review, in words."""
    fields = review.fields
    low, high = fields.get("value_low"), fields.get("value_high")
    if fields.get("value") is not None and (low is not None or high is not None):
        yield f"it has a value ({fields['value']:g}) and a range: empty one of them"
    if low is not None and high is not None and low > high:
        yield f"its range runs from {low:g} down to {high:g}: turn it round"
    start, end = fields.get("time_start"), fields.get("time_end")
    if start is not None and end is not None and start > end:
        yield f"its first day {start} is after its last {end}: turn them round"
