"""`claimtable evaluate`: scores of the extraction against gold, and the errors themselves."""

from __future__ import annotations


def evaluate_command() -> None:
    """Score the extraction against gold."""
