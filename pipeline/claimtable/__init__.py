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
    from claimtable.export.tabular import to_frame
    from claimtable.ingest import read
    from claimtable.nlp.pipeline import extract, load

__all__ = ["Claim", "ClaimTableError", "Document", "__version__", "extract", "load", "read", "to_frame"]

# spaCy and pandas take a second to import: they are loaded when first asked for.
_LAZY = {
    "extract": "claimtable.nlp.pipeline",
    "load": "claimtable.nlp.pipeline",
    "read": "claimtable.ingest",
    "to_frame": "claimtable.export.tabular",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'claimtable' has no attribute {name!r}")
