"""claimtable turns articles into a table of checkable claims.

import claimtable
nlp = claimtable.load()
claims = claimtable.extract(documents, nlp)
table = claimtable.to_frame(claims)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimtable._version import __version__
from claimtable.errors import ClaimTableError
from claimtable.schema import Claim, Document

if TYPE_CHECKING:
    from claimtable.export.tabular import read_table, to_frame
    from claimtable.ingest import read
    from claimtable.nlp.pipeline import extract, load
    from claimtable.nlp.quantities.conversion import convert

__all__ = [
    "Claim",
    "ClaimTableError",
    "Document",
    "__version__",
    "convert",
    "extract",
    "load",
    "read",
    "read_table",
    "to_frame",
]

# spaCy and pandas take a second to import: they are loaded when first asked for.
_LAZY = {
    "convert": "claimtable.nlp.quantities.conversion",
    "extract": "claimtable.nlp.pipeline",
    "load": "claimtable.nlp.pipeline",
    "read": "claimtable.ingest",
    "read_table": "claimtable.export.tabular",
    "to_frame": "claimtable.export.tabular",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'claimtable' has no attribute {name!r}")
