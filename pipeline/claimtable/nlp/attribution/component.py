"""The spaCy component `claimtable_attribution`: reads the parse and the actors, writes the attributions."""

from __future__ import annotations

from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.attribution import continuation, rules, speaker, standing
from claimtable.nlp.attribution.layout import Layout
from claimtable.nlp.attribution.tagger import Tagger
from claimtable.schema import Attribution

NAME = "claimtable_attribution"


def find_attributions(doc: Doc, tagger: Tagger | None = None) -> list[Attribution]:
    """Return the attributions of a parsed `doc` in text order; offsets are code points into the document text.

    Args:
        doc: the parsed text with its actors.
        tagger: the trained part; None leaves it to the rules alone.
    """
    layout = Layout(doc)
    found = rules.find(layout)
    if tagger is not None:
        found = tagger.find(doc, layout, found)
    found = standing.settle(doc, layout, continuation.extend(layout, found))
    return speaker.records(doc, layout, found)


@cache
def _shipped() -> Tagger:
    return Tagger.shipped()


class AttributionFinder:
    """Writes `doc._.claimtable_attributions`."""

    def __init__(self, *, trained: bool) -> None:
        self.trained = trained

    def __call__(self, doc: Doc) -> Doc:
        """Add the layer to `doc`."""
        extensions.require(doc, NAME)
        found = find_attributions(doc, _shipped() if self.trained else None)
        extensions.set_layer(doc, "attributions", found)
        return doc


@Language.factory(
    NAME,
    assigns=["doc._.claimtable_attributions", "doc.spans"],
    requires=["token.dep", "token.head", "token.lemma", "token.tag", "doc._.claimtable_actor_mentions"],
    default_config={"trained": True},
)
def make_attribution(nlp: Language, name: str, trained: bool) -> AttributionFinder:
    """Create the component; `trained` uses the trained tagger beside the rules."""
    extensions.register()
    extensions.announce(nlp, NAME)
    return AttributionFinder(trained=trained)
