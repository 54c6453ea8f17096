"""Frames: what a document declares beside its sentences, and who may lend what to a claim that does not say it itself.

A document is a tree: document → section → turn, list or table → row. Each node declares what it knows: speaker, time,
place, scale and unit, topic. A cell that its own clause leaves empty is filled from the nearest node that may lend it;
`rules/data/frame_lending.tsv` says which may.
"""

from __future__ import annotations

from claimtable.nlp.frames.records import Frame, Frames
from claimtable.nlp.frames.tree import frames_of

__all__ = ["Frame", "Frames", "frames_of"]
