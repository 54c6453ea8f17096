"""Average trained pipelines that began from the same weights, component by component.

    python scripts/average_pipelines.py work/averaged work/seed-1/model-last work/seed-2/model-last work/seed-3/model-last

Trainings that go on from one pipeline with different seeds end in one basin: their mean is often better than
each, at no cost in speed. Labels and settings are those of the first pipeline.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

Place = tuple[str, int, str]
"""Component, number of the layer in its model, name of the weight."""


def weights_by_place(nlp: Language) -> dict[Place, Any]:
    """Return the weights of all trained components, as they are: not copies."""
    return {
        (name, place, weight): node.get_param(weight)
        for name, pipe in nlp.pipeline
        if hasattr(pipe, "model")
        for place, node in enumerate(pipe.model.walk())
        for weight in node.param_names
        if node.has_param(weight)
    }


def set_weights(nlp: Language, weights: dict[Place, Any]) -> None:
    """Put `weights` in the places that they name."""
    for name, pipe in nlp.pipeline:
        if hasattr(pipe, "model"):
            for place, node in enumerate(pipe.model.walk()):
                for weight in node.param_names:
                    if (name, place, weight) in weights:
                        node.set_param(weight, weights[name, place, weight])


def mean(parts: Iterable[tuple[dict[Place, Any], float]]) -> dict[Place, Any]:
    """Return the weighted mean of weights; the shares need not add up to 1.

    Raises:
        ValueError: the parts have not the same places, or other shapes there.
    """
    total = 0.0
    sums: dict[Place, Any] = {}
    for weights, share in parts:
        if sums and sums.keys() != weights.keys():
            raise ValueError("the pipelines do not have the same weights: average only what began as one")
        for place, value in weights.items():
            if place in sums and sums[place].shape != value.shape:
                raise ValueError(f"{place} differs in shape: average only what began as one")
            sums[place] = sums.get(place, 0.0) + value * share
        total += share
    return {place: value / total for place, value in sums.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path, help="pipeline folder to write")
    parser.add_argument("pipelines", type=Path, nargs="+")
    args = parser.parse_args()
    first, *others = map(spacy.load, args.pipelines)
    set_weights(first, mean((weights_by_place(nlp), 1.0) for nlp in (first, *others)))
    first.to_disk(args.output)


if __name__ == "__main__":
    main()
