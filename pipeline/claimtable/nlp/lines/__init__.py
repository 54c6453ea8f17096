"""Lines that compete: tables of lines propose what a cell holds, one chooser takes the best, and the row names the line.

A line of a table in `rules/data` has an id, the kinds of place that it speaks for, a path in the tree (or the name of a generator
in code, for what needs memory), a weight, an example and a near miss. All lines of a table are asked; the candidate with the highest
score wins. CONTRIBUTING ("Add a rule in ten minutes") works one through.

    records   `Line`, `Candidate`, `Choice`, `choose`, `tracing`
    paths     the small language of paths in the tree
    tables    reads and checks a table of lines
    versions  the text of the column `rule`, and the hash of code and tables that ends it
    weights   what reviews taught, laid over the weights of the tables
    fit       weights from data; calibration: of the confidence (both for learning alone: nothing here imports them)
"""

from claimtable.nlp.lines.paths import Path, compile_path
from claimtable.nlp.lines.records import (
    Candidate,
    Choice,
    Line,
    Trace,
    choose,
    is_tracing,
    note_row,
    rename_row,
    tracing,
)
from claimtable.nlp.lines.tables import Marked, lines_of, marked
from claimtable.nlp.lines.versions import cell_ids, rule_text, version
from claimtable.nlp.lines.weights import Weights, parse_weights, read_weights, weights_text

__all__ = [
    "Candidate",
    "Choice",
    "Line",
    "Marked",
    "Path",
    "Trace",
    "Weights",
    "cell_ids",
    "choose",
    "compile_path",
    "is_tracing",
    "lines_of",
    "marked",
    "note_row",
    "parse_weights",
    "read_weights",
    "rename_row",
    "rule_text",
    "tracing",
    "version",
    "weights_text",
]
