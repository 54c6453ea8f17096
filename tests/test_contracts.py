"""What others build on: exported names, columns, layers, factories, and that README and documentation tell of them."""

import importlib.metadata
import re
from pathlib import Path

import pytest
import typer

import claimtable
from claimtable.cli import app
from claimtable.schema import COLUMNS, Claim

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTATION = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

NAMES = {
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
}

# fmt: off
COLUMN_NAMES = [
    "claim_id", "kind", "text", "subject", "subject_id", "predicate", "bound", "value", "value_low", "value_high",
    "unit", "unit_text", "dimension", "change", "time_text", "time_start", "time_end", "deadline",
    "place", "speaker", "speaker_id", "speaker_text", "cue", "speaker_type", "polarity", "modality",
    "probability_low", "probability_high", "probability_scale", "condition", "check_worthiness",
    "confidence", "doc_id", "title", "url", "author", "published", "section", "page", "start", "end",
    "prefix", "suffix", "rule", "status", "verdict", "evidence_url", "note", "reviewer",
    "reviewed_at",
]
# fmt: on

LAYERS = {
    "claims": set(COLUMN_NAMES),
    "quantities": {
        *("doc_id", "start", "end", "text", "value", "value_low", "value_high"),
        *("bound", "change", "unit", "unit_text", "dimension", "subject"),
    },
    "times": {"doc_id", "start", "end", "text", "type", "value", "mod", "time_start", "time_end"},
    "entities": {"doc_id", "start", "end", "text", "label"},
    "attributions": {"doc_id", "start", "end", "text", "source", "cue", "content", "speaker"},
    "actors": {"doc_id", "actor_id", "name", "type", "aliases", "mentions", "wikidata", "code"},
    "sentences": {"doc_id", "start", "end", "text", "check_worthiness", "prediction", "section"},
}

FACTORIES = {
    f"claimtable_{name}"
    for name in (
        *("line_breaks", "parse_corrections", "quantities", "times", "actors", "attribution"),
        *("predictions", "claims", "check_worthiness"),
    )
}


def test_exported_names():
    assert set(claimtable.__all__) == NAMES
    for name in NAMES:
        assert getattr(claimtable, name) is not None


def test_columns():
    assert [column.name for column in COLUMNS] == COLUMN_NAMES
    assert list(Claim().to_dict()) == COLUMN_NAMES
    for column in COLUMNS:
        assert column.description.endswith("."), column.name


def test_layers():
    from claimtable.cli.extract import LayerName
    from claimtable.nlp.layers import LAYERS as layers

    assert {name: {c.name for c in layer.columns} for name, layer in layers.items()} == LAYERS
    assert [name.value for name in LayerName] == list(layers)


def test_factories():
    from claimtable.nlp.pipeline import COMPONENTS

    entry_points = importlib.metadata.entry_points(group="spacy_factories")
    ours = {point.name: point for point in entry_points if point.name.startswith("claimtable_")}
    assert set(ours) >= FACTORIES
    assert set(COMPONENTS) <= FACTORIES
    for name in FACTORIES:
        assert callable(ours[name].load())


def verbs():
    """Name → command; those of a group as "group verb"."""
    found = {}
    for name, command in typer.main.get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        found |= {name: command} if inner is None else {f"{name} {verb}": inner[verb] for verb in inner}
    return found


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_and_option_is_documented(verb):
    command = verbs()[verb]
    assert f"claimtable {verb}" in DOCUMENTATION
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in DOCUMENTATION, option


@pytest.mark.parametrize("column", COLUMN_NAMES)
def test_every_column_is_documented(column):
    assert re.search(rf"^\| .*`{column}`.* \|", DOCUMENTATION, re.MULTILINE)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_and_its_fields_are_documented(layer):
    row = re.search(rf"^\| `{layer}` .*$", DOCUMENTATION, re.MULTILINE)
    assert row is not None
    if layer != "claims":
        for field in LAYERS[layer] - {"doc_id", "start", "end", "text"}:
            assert f"`{field}`" in row[0], field


def test_the_version_is_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{claimtable.__version__}]" in changelog or "## [Unreleased]" in changelog
