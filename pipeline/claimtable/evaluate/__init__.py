"""Scores of extracted rows against gold, and the mistakes behind them.

The definitions are the same for all users of the gold sets, so they are stated where they are
computed: `claims`, `actors`, `quantities`, `spans` (times, entities, attributions), `sentences`.
"""
