"""What we depend on: bounded on both sides, and under a licence that goes with ours."""

from __future__ import annotations

import re
import tomllib
from collections import deque
from importlib import metadata

import pytest
from packaging.requirements import Requirement

RUNTIME_EXTRAS = ("pdf", "office", "warc", "review", "agreement", "serve", "explore", "scale")
"""Extras of which users install what comes with them; `train` and `dev` are ours."""
ALLOWED = re.compile(
    r"MIT(?:-0|-CMU)?|0?BSD(?:-[234]-Clause)?|Apache-2\.0|ISC|PSF-2\.0|CNRI-Python|MPL-(?:1\.1|2\.0)|Unlicense|CC0-1\.0"
    r"|TCL|Zlib|HPND|CC-BY-SA-4\.0"
)
"""SPDX identifiers. MPL asks nothing of what is merely used beside it; CC BY-SA is that of our trained pipelines."""
CLASSIFIERS = {
    "MIT License", "MIT No Attribution License (MIT-0)", "BSD License", "Apache Software License",
    "ISC License (ISCL)", "Python Software Foundation License", "Mozilla Public License 2.0 (MPL 2.0)",
    "Public Domain", "The Unlicense (Unlicense)", "Historical Permission Notice and Disclaimer (HPND)", "zlib/libpng License",
}  # fmt: skip
WORDS = re.compile(
    r"(?:The )?(?:MIT|Apache|(?:[23]-Clause )?BSD|ISC|PSFL?)(?:[ -](?:[23]-Clause|2(?:\.0)?|License|Software License|"
    r"License,? Version 2\.0|License 2\.0))*"
)
"""The older free text, where there is neither of the others."""
LOOKED_UP = {"label-studio-sdk": "Apache-2.0"}
"""Packages that do not say it in their metadata: the licence of their source."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(root) -> list[tuple[str, Requirement]]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    return [(group, Requirement(text)) for group, texts in groups.items() for text in texts]


def test_every_dependency_is_bounded_above(root):
    loose = [
        f"{group}: {requirement}"
        for group, requirement in requirements(root)
        if not any(specifier.operator in ("<", "<=", "==", "~=") for specifier in requirement.specifier)
        and requirement.name != "claimtable"
    ]
    assert not loose


def installed(root) -> dict[str, metadata.Distribution]:
    """Returns what of the runtime dependencies, those of dependencies among them, is installed here."""
    found: dict[str, metadata.Distribution] = {}
    queue = deque(r for group, r in requirements(root) if group in ("dependencies", *RUNTIME_EXTRAS))
    while queue:
        requirement = queue.popleft()
        name = normal(requirement.name)
        if name in found or name == "claimtable":
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for text in found[name].requires or ():
            needed = Requirement(text)
            extras = {"", *requirement.extras}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(needed)
    return found


def is_allowed(expression: str) -> bool:
    """Tells whether an SPDX expression gives a choice that is allowed."""
    return any(
        all(ALLOWED.fullmatch(part.strip(" ()")) for part in re.split(r"\s+AND\s+", choice))
        for choice in re.split(r"\s+OR\s+", expression)
    )


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("Apache-2.0 AND (MIT)", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND AGPL-3.0-only", False),
    ],
)
def test_an_expression_is_read(expression, allowed):
    assert is_allowed(expression) is allowed


def test_licences_of_what_users_install(root):
    found = installed(root)
    assert len(found) > 30
    assert not forbidden(found)


def forbidden(found: dict[str, metadata.Distribution]) -> list[str]:
    """Returns the packages, with what they say of their licence, that do not go with ours."""
    wrong = []
    for name, distribution in sorted(found.items()):
        data = distribution.metadata
        stated = data.get("License-Expression") or LOOKED_UP.get(name)
        classifiers = {
            c.rpartition(" :: ")[2] for c in data.get_all("Classifier") or () if c.startswith("License ::")
        } - {"OSI Approved"}
        words = (data.get("License") or "").strip()
        if stated:
            fits = is_allowed(stated)
        elif classifiers:
            fits = bool(classifiers & CLASSIFIERS)
        else:
            fits = is_allowed(words) or WORDS.fullmatch(words) is not None
        if not fits:
            wrong.append(f"{name}: {stated or sorted(classifiers) or words[:60]!r}")
    return wrong


@pytest.mark.parametrize(
    ("stated", "fits"),
    [
        ("License-Expression: AGPL-3.0-only", False),
        ("License: GPLv3", False),
        ("License: Proprietary", False),
        ("Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("Summary: says nothing of a licence", False),
        ("License-Expression: MIT", True),
        ("Classifier: License :: OSI Approved :: MIT License", True),
    ],
)
def test_a_package_with_another_licence_is_found(root, tmp_path, monkeypatch, stated, fits):
    """A made-up package, which a dependency of ours is made to need."""
    folder = tmp_path / "made_up-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: made-up\nVersion: 1.0\n{stated}\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        f"{__name__}.requirements", lambda _: [("dependencies", Requirement("made-up>=1,<2"))]
    )
    found = installed(root)
    assert set(found) == {"made-up"}
    assert (forbidden(found) == []) is fits
