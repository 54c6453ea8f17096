"""The spaCy component `claimtable_attribution`: reads the parse and the actors, writes the attributions."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.attribution import continuation, rules, speaker
from claimtable.nlp.attribution.layout import Layout
from claimtable.schema import Attribution


def find_attributions(doc: Doc) -> list[Attribution]:
    """Returns the attributions of a parsed `doc` in text order; offsets are code points into the document text."""
    layout = Layout(doc)
    drafts = continuation.extend(layout, rules.find(layout))
    return speaker.records(doc, layout, drafts)


class AttributionFinder:
    """Writes `doc._.claimtable_attributions`."""

    def __call__(self, doc: Doc) -> Doc:
        """Adds the layer to `doc`."""
        extensions.set_layer(doc, "attributions", find_attributions(doc))
        return doc


@Language.factory(
    "claimtable_attribution",
    assigns=["doc._.claimtable_attributions", "doc.spans"],
    requires=["token.dep", "token.head", "token.lemma", "doc._.claimtable_actor_mentions"],
)
def make_attribution(nlp: Language, name: str) -> AttributionFinder:
    """Creates the component."""
    extensions.register()
    return AttributionFinder()
