"""Parses that the trained pipeline gives now and then, built by hand: the rules read them as any reader would."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from claimtable.nlp import syntax
from claimtable.nlp.claims import foretold, lexicon
from claimtable.nlp.claims.subjects.place import mean_of, predicate_of
from claimtable.nlp.corrections import ParseCorrections
from claimtable.nlp.tokens import Tokens

VOCAB = English().vocab


def tokens(parse: str) -> Tokens:
    """Return the columns of a parse, corrected, written as `word/TAG/POS/relation>head`, head as an index into the sentence."""
    rows = [word.rsplit("/", 3) for word in parse.split()]
    links = [row[3].split(">") for row in rows]
    doc = ParseCorrections()(
        Doc(
            VOCAB,
            words=[row[0] for row in rows],
            lemmas=[row[0].lower() for row in rows],
            tags=[row[1] for row in rows],
            pos=[row[2] for row in rows],
            deps=[relation for relation, _ in links],
            heads=[int(head) for _, head in links],
        )
    )
    return Tokens(doc)


def context(parse: str) -> SimpleNamespace:
    return SimpleNamespace(t=tokens(parse), nouns=lexicon.nouns())


@pytest.mark.parametrize(
    ("parse", "i", "expected"),
    [
        pytest.param(
            "Its/PRP$/PRON/nsubj>2 roof/NN/NOUN/nsubj>2 cost/VBD/VERB/root>2", 0, ("nmod:poss", 1), id="owner"
        ),
        pytest.param(
            "Its/PRP$/PRON/nsubj>3 two/CD/NUM/nummod>2 roofs/NNS/NOUN/nsubj>3 leak/VBP/VERB/root>3",
            0,
            ("nmod:poss", 2),
            id="owner-before-modifiers",
        ),
        pytest.param(
            "Hers/PRP/PRON/nsubj>1 cost/VBD/VERB/root>1 more/JJR/ADJ/obj>1", 0, ("nsubj", 1), id="no-owner"
        ),
        pytest.param("Its/PRP$/PRON/root>0 roof/NN/NOUN/compound>0", 0, ("root", 0), id="never-in-a-circle"),
        pytest.param(
            "stays/NNS/NOUN/nsubj>3 on/IN/ADP/case>2 visas/NNS/NOUN/nsubj>3 fell/VBD/VERB/root>3",
            2,
            ("nmod", 0),
            id="behind-preposition",
        ),
        pytest.param(
            "ORVIK/NNP/PROPN/nsubj>3 -/:/PUNCT/punct>0 prices/NNS/NOUN/nsubj>3 fell/VBD/VERB/root>3",
            2,
            ("nsubj", 3),
            id="behind-dash",
        ),
        pytest.param(
            "bills/NNS/NOUN/nsubj>2 were/VBD/AUX/cop>2 15/CD/NUM/nummod>3 percent/NN/NOUN/root>3",
            0,
            ("nsubj", 3),
            id="subject-of-number",
        ),
        pytest.param(
            "bills/NNS/NOUN/nsubj>2 were/VBD/AUX/cop>2 15/CD/NUM/root>2",
            0,
            ("nsubj", 2),
            id="number-as-predicate",
        ),
        pytest.param(
            "of/IN/ADP/case>1 those/DT/PRON/obl>4 asked/VBN/VERB/advcl>4 most/JJS/ADJ/nsubj>4 agreed/VBD/VERB/root>4",
            2,
            ("acl", 1),
            id="which-those-are",
        ),
        pytest.param(
            "in/IN/ADP/case>1 May/NNP/PROPN/obl>4 asked/VBN/VERB/advcl>4 most/JJS/ADJ/nsubj>4 agreed/VBD/VERB/root>4",
            2,
            ("advcl", 4),
            id="behind-a-noun",
        ),
    ],
)
def test_attachments(parse, i, expected):
    t = tokens(parse)
    assert (t.dep[i], t.head[i]) == expected


def test_columns_agree_after_a_correction():
    t = tokens("Its/PRP$/PRON/nsubj>2 roof/NN/NOUN/nsubj>2 cost/VBD/VERB/root>2")
    assert t.rel[0] == "nmod"
    assert list(t.children[1]) == [0]
    assert list(t.children[2]) == [1]


CONTENT = "fact/NN/NOUN/root>0 that/IN/SCONJ/mark>7 by/IN/ADP/case>3 2030/CD/NUM/obl>7 ,/,/PUNCT/punct>3 towns/NNS/NOUN/{} will/MD/AUX/aux>7 need/VB/VERB/acl>0"


@pytest.mark.parametrize(
    ("parse", "expected"),
    [
        pytest.param(CONTENT.format("nmod:unmarked>3"), 5, id="lost-in-the-time"),
        pytest.param(CONTENT.format("nsubj>7"), 5, id="found"),
    ],
)
def test_a_content_clause_has_a_subject_of_its_own(parse, expected):
    assert syntax.subject(tokens(parse), 7) == expected


def test_a_clause_that_describes_its_noun_is_about_it():
    t = tokens(
        "firm/NN/NOUN/root>0 that/IN/SCONJ/mark>3 will/MD/AUX/aux>3 need/VB/VERB/acl>0 steel/NN/NOUN/obj>3"
    )
    assert syntax.subject(t, 3) == 0


@pytest.mark.parametrize(
    ("parse", "expected"),
    [
        pytest.param(
            "takes/VBZ/VERB/root>0 an/DT/DET/det>2 average/NN/NOUN/obj>0 of/IN/ADP/case>4 years/NNS/NOUN/obl>0",
            2,
            id="beside",
        ),
        pytest.param(
            "takes/VBZ/VERB/root>0 an/DT/DET/det>2 average/NN/NOUN/obj>0 of/IN/ADP/case>4 years/NNS/NOUN/nmod>2",
            2,
            id="below",
        ),
        pytest.param(
            "takes/VBZ/VERB/root>0 a/DT/DET/det>2 chunk/NN/NOUN/obj>0 of/IN/ADP/case>4 years/NNS/NOUN/nmod>2",
            None,
            id="no-average",
        ),
    ],
)
def test_what_is_averaged(parse, expected):
    assert mean_of(context(parse), 4) == expected


def test_an_adverb_with_a_subject_is_the_nearer_clause():
    parse = (
        "Counting/VBG/VERB/root>0 these/DT/PRON/obj>0 ,/,/PUNCT/punct>0 sales/NNS/NOUN/{} are/VBP/AUX/cop>5 "
        "off/RB/ADV/advmod>0 $/$/SYM/obj>0"
    )
    assert predicate_of(tokens(parse.format("nsubj>5")), 6) == 5
    assert predicate_of(tokens(parse.format("obj>0")), 6) == 0


def test_what_is_seen_to_act():
    parse = "We/PRP/PRON/nsubj>2 will/MD/AUX/aux>2 see/VB/VERB/root>2 Brel/NNP/PROPN/nsubj>4 travel/{}/VERB/ccomp>2"
    assert foretold._seen(context(parse.format("VB")), 2) == 3
    assert foretold._seen(context(parse.format("VBZ")), 2) is None, "that he travels is seen, not he"
