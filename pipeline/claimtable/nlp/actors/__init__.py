"""Actors: the persons, organisations, states and groups of a document, each with all its names and mentions.

Reads the entities and the parse; gives the entities the labels PERSON, ORG, GPE, LOC, NORP, one for each name.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from claimtable.nlp import extensions
from claimtable.nlp.actors.additions import find
from claimtable.nlp.actors.entities import find_entities
from claimtable.nlp.actors.gazetteer import Gazetteer, gazetteer
from claimtable.nlp.actors.kinds import decide
from claimtable.nlp.actors.linking import Linker, records
from claimtable.nlp.actors.spans import LABELS, Found
from claimtable.nlp.actors.view import View
from claimtable.schema import Actor, ActorMention, Document

NAME = "claimtable_actors"


class Actors:
    """Finds and links the actors of a document."""

    def __init__(self, known: Gazetteer) -> None:
        self.gazetteer = known

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.ents`, `doc._.claimtable_actor_mentions` and `doc._.claimtable_actors`."""
        extensions.require(doc, NAME, annotation="pos")
        entities, mentions, actors = resolve(doc, self.gazetteer)
        doc.ents = entities
        extensions.set_layer(doc, "actor_mentions", mentions)
        extensions.set_layer(doc, "actors", actors)
        return doc


def resolve(doc: Doc, g: Gazetteer) -> tuple[list[Span], list[ActorMention], list[Actor]]:
    """Return the entities of the whole text, and the mentions and actors of its sections."""
    document = extensions.document_of(doc)
    view = View(doc)
    spans = find(view, g)
    types = decide(view, g, spans)
    inside = _in_sections(view, spans, document)
    mentions, actors = records(view, Linker(view, g, inside, types).build(document), document.id)
    return _entities(view, g, spans), mentions, actors


def _entities(view: View, g: Gazetteer, spans: list[Found]) -> list[Span]:
    """Return the names as spans, and the recogniser's spans that are none (dates, money)."""
    doc = view.doc
    names = [Span(doc, f.start, f.end, label=f.label) for f in find_entities(view, g, spans)]
    return names + [e for e in doc.ents if e.label_ not in LABELS]


def _in_sections(view: View, spans: list[Found], document: Document) -> list[Found]:
    """Return the names that lie in a section; page furniture and headings have no actors."""
    out: list[Found] = []
    sections = iter(document.sections)
    section = next(sections, None)
    for found in spans:
        offset = view.start[found.start]
        while section is not None and section.end <= offset:
            section = next(sections, None)
        if section is None:
            break
        if section.start <= offset:
            out.append(found)
    return out


@Language.factory(
    NAME,
    assigns=["doc.ents", "doc._.claimtable_actors", "doc._.claimtable_actor_mentions"],
    requires=["doc.ents", "token.pos", "token.tag", "token.dep"],
)
def make_actors(nlp: Language, name: str) -> Actors:
    """Create the component."""
    extensions.register()
    extensions.announce(nlp, NAME)
    return Actors(gazetteer())
