"""One network under a whole language pipeline: a single ONNX graph in place of spaCy's tagger, lemmatizer, parser and recogniser.

Trained and exported by `models/scripts/train_network.py` and `export_network.py`. What follows it sees the same annotations as
after the pipelines that are shipped.
"""

from __future__ import annotations

from spacy.language import Language

from claimtable.nlp.network.component import Network
from claimtable.nlp.network.weights import NetworkWeights

__all__ = ["FACTORY", "Network", "NetworkWeights", "make_network"]

FACTORY = "claimtable_network"


@Language.factory(
    FACTORY,
    assigns=[
        "token.tag",
        "token.pos",
        "token.morph",
        "token.lemma",
        "token.dep",
        "token.head",
        "token.is_sent_start",
        "token.ent_iob",
        "token.ent_type",
        "doc.sents",
        "doc.ents",
        "doc.tensor",
    ],
    default_config={"threads": 1},
    default_score_weights={"tag_acc": 0.2, "dep_las": 0.4, "ents_f": 0.4},
)
def make_network(nlp: Language, name: str, threads: int) -> Network:
    """Create the component, empty until weights are loaded."""
    return Network(nlp.vocab, name, threads=threads)
