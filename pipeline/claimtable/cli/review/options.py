"""What the verbs of `claimtable review` that talk to a server share: their options, and the connection."""

from __future__ import annotations

import importlib.util
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.errors import ReviewError

if TYPE_CHECKING:
    from claimtable.review.client import Client

DEFAULT_PROJECT = "claimtable"

ProjectTitle = Annotated[
    str, typer.Option("--project", metavar="TITLE", help="Title of the Label Studio project.")
]


class Kind(StrEnum):
    """What one task of a project is."""

    claim = "claim"
    article = "article"


class ClaimOrder(StrEnum):
    """Which claims come first in a project by claim."""

    worth = "worth"
    uncertain = "uncertain"
    mixed = "mixed"


TaskKind = Annotated[
    Kind | None,
    typer.Option(
        "--by",
        help="What one task is: a claim with its sentence (the default in a new project), or an article with all of "
        "its claims.",
        show_default=False,
    ),
]
Annotators = Annotated[
    int,
    typer.Option(
        "--annotators",
        min=1,
        max=20,
        metavar="N",
        help="Blind annotation by N people: a project, with tasks of its own, for each.",
    ),
]


def require_client() -> None:
    """Raise `ReviewError` where the extra is not installed."""
    if importlib.util.find_spec("label_studio_sdk") is None:
        raise ReviewError('Label Studio\'s client is not installed: pip install "claimtable[review]"')


def connect() -> Client:
    """Return the server that environment or configuration file name.

    Raises:
        ReviewError: they name none, or the extra is not installed.
    """
    require_client()
    from claimtable.review.client import Client
    from claimtable.review.credentials import read_credentials

    return Client(read_credentials())
