"""Attribution: who (source) says, finds, believes or means (cue) what (content).

The layout follows PolNeAR (Newell et al., LREC 2018) and BBC Citron's data format: a record has a
source, a cue and a content, each a list of spans.

    quotes     quotation marks → quoted passages
    lexicon    the reporting verbs and phrases of `rules/data`
    rules      parse + quotes + lexicon → drafts
    tagger     parse + quotes + trained weights → drafts
    drafts     what rules and tagger hand over, and how their lists are joined
    speaker    kinds, nesting and canonical names: drafts → records
    component  the spaCy component
"""

from __future__ import annotations

from claimtable.nlp.attribution.component import AttributionFinder, make_attribution

__all__ = ["AttributionFinder", "make_attribution"]
