"""spaCy without its own command line, which it imports for one function, `spacy.info`.

With it come a project manager, two HTTP clients and a template engine: 0.2 s, of the 2.4 s that one article takes. Only the
command `claimtable` does without; who imports the package gets spaCy as it is.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_STANDING_IN = ("spacy.cli", "spacy.cli.info")


class _StandIn(ModuleType):
    """Stands in for a module of spaCy's command line until spaCy has taken from it what it imports."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name != "info":
            raise AttributeError(name)
        for module in _STANDING_IN:
            sys.modules.pop(module, None)
        return _info


def _info(*args: Any, **options: Any) -> Any:
    return import_module("spacy.cli.info").info(*args, **options)


def without_command_line_of_spacy() -> None:
    """Let the first import of spaCy pass over its command line; an import of that later is the real one."""
    if "spacy" not in sys.modules:
        sys.modules.update({name: _StandIn(name) for name in _STANDING_IN})
