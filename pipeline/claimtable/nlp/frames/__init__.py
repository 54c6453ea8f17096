"""Frames: what a document declares beside its sentences, and who may lend what to a claim that does not say it itself.

A document is a tree: document → section → turn. Each node declares its speaker, and an empty cell is filled from the nearest node.
What tables lend to their cells is read in `claims/tables`, what heads and openings lend to times in `claims/discourse`.
"""

from __future__ import annotations

from claimtable.nlp.frames.records import Frame, Frames
from claimtable.nlp.frames.tree import frames_of

__all__ = ["Frame", "Frames", "frames_of"]
