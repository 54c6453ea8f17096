"""claimtable turns articles into a table of checkable claims.

import claimtable
claims = claimtable.extract("Unemployment rose to 8.1 percent in May.")
table = claimtable.to_frame(claims)

`extract` takes texts, paths and documents, one or many; `read` makes documents of files and folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimtable._version import __version__
from claimtable.errors import ClaimTableError
from claimtable.schema import Claim, Document

if TYPE_CHECKING:
    from claimtable.export.tabular import read_table, to_frame
    from claimtable.ingest import read
    from claimtable.nlp.pipeline import load
    from claimtable.nlp.quantities.conversion import convert
    from claimtable.texts import extract

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
    "extract": "claimtable.texts",
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


def __dir__() -> list[str]:
    return sorted(__all__)
