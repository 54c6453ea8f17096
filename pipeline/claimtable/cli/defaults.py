"""Defaults of one's own: the options that a file `claimtable.toml` in the working folder sets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import typer

FILE = Path("claimtable.toml")
NOT_EVERYWHERE = frozenset((("extract", "db"),))
"""Options that mean something else there: `extract --db` takes no articles."""


def defaults_of(file: Path, command: Any) -> dict[str, Any]:
    """Return the defaults that a file sets for the verbs of a command, as click takes them.

    Keys at the top hold for every verb that has such an option, those of a table `[verb]` for that verb, those of
    `[review.push]` for a verb of a group. A key is an option without its dashes: `time-limit = 60`.

    Raises:
        typer.BadParameter: the file cannot be read, or names an option that there is not.
    """
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _wrong(file, f"it cannot be read ({error})") from error
    everywhere = {key: value for key, value in given.items() if not isinstance(value, dict)}
    used: set[str] = set()
    found = _of_group(file, command, given, everywhere, used)
    unknown = sorted(set(everywhere) - used)
    if unknown:
        raise _wrong(file, f"no verb has the option {unknown[0]}")
    return found


def _of_group(
    file: Path, group: Any, given: dict[str, Any], everywhere: dict[str, Any], used: set[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    tables = {key: value for key, value in given.items() if isinstance(value, dict)}
    unknown = sorted(set(tables) - set(group.commands))
    if unknown:
        raise _wrong(file, f"there is no verb {unknown[0]}")
    for name, command in group.commands.items():
        own = tables.get(name, {})
        if hasattr(command, "commands"):
            found[name] = _of_group(file, command, own, everywhere, used)
            continue
        options = {opt[2:]: param for param in command.params for opt in param.opts if opt.startswith("--")}
        for key, value in own.items():
            if key not in options:
                raise _wrong(file, f"{name} has no option {key}")
            found.setdefault(name, {})[options[key].name] = value
        for key, value in everywhere.items():
            if key in options and (name, key) not in NOT_EVERYWHERE:
                used.add(key)
                found.setdefault(name, {}).setdefault(options[key].name, value)
    return found


def _wrong(file: Path, what: str) -> typer.BadParameter:
    return typer.BadParameter(f"{what}: mend it, or take it away", param_hint=str(file))
