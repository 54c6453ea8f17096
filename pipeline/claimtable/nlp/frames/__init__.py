"""Frames: what a document declares beside its sentences, and who may lend what to a claim that does not say it itself.

A document is a tree: document → section → turn, and document → page → list for what heads date. An empty cell is filled from the
nearest node that may lend it, in the order of `rules/data/frame_lenders.tsv`.
What tables lend to their cells is read in `claims/tables`; which heads and openings date what, in `claims/discourse`.
"""

from __future__ import annotations

from claimtable.nlp.frames.records import Frame, Frames
from claimtable.nlp.frames.tree import frames_of

__all__ = ["Frame", "Frames", "frames_of"]
