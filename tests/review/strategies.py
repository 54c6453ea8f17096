"""Generated documents with claims and actors, as awkward as texts get."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from claimtable.schema import CONTEXT_CHARS, Actor, Claim, Document, Quantity, Section

# What has shifted spans in annotation tools: beyond the basic plane, combining, invisible, right to left, markup.
AWKWARD = [
    "👍🏽",
    "👩‍👩‍👧",
    "🇰🇵",
    "é",
    "é",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\u00a0",
    "  ",
    "<b>",
    "&amp;",
    "</p>",
    "مرحبا",
    "שלום",
    "中文",
]
WORDS = [
    "trade",
    "rose",
    "to",
    "34",
    "million",
    "in",
    "2018",
    "Moscow",
    "said",
    "may",
    "fall",
    "%",
    "$",
    ".",
    ",",
]
UNSENDABLE = ["\ud800", "\udfff", "\ufeff", "\x00"]

pieces = st.sampled_from([*WORDS, *WORDS, *AWKWARD])
any_pieces = st.sampled_from([*WORDS, *AWKWARD, *UNSENDABLE])
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([34e6, 0.1, 1e-9, 1e22, -3.0]),
)
dates = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1)))


@st.composite
def texts(draw, pieces=pieces):
    return " ".join(draw(st.lists(pieces, min_size=3, max_size=40)))


@st.composite
def documents(draw, pieces=pieces):
    text = draw(texts(pieces))
    title = draw(st.one_of(st.none(), texts(pieces)))
    return Document(
        id=draw(st.uuids()).hex,
        text=text,
        title=title,
        published=draw(dates),
        sections=(Section(0, len(text), "body"),),
    )


@st.composite
def spans(draw, length):
    start = draw(st.integers(0, length - 1))
    return start, draw(st.integers(start + 1, length))


@st.composite
def claims_of(draw, document, max_size=5):
    places = draw(st.lists(spans(len(document.text)), max_size=max_size))
    return [draw(claim_at(document, start, end, number)) for number, (start, end) in enumerate(places)]


@st.composite
def claim_at(draw, document, start, end, number):
    def words(of=document.text):
        """Words of the document, which are found in it again, or others."""
        low, high = draw(spans(len(of)))
        return draw(st.one_of(st.none(), st.just(of[low:high]), phrases))

    return Claim(
        claim_id=f"c{document.id[:12]}{number:04x}",
        kind=draw(st.sampled_from(["quantitative", "prediction"])),
        text=document.text[start:end],
        subject=words(),
        bound=draw(st.sampled_from([None, "=", "~", "<", "<=", ">", ">="])),
        value=draw(numbers),
        value_low=draw(numbers),
        value_high=draw(numbers),
        unit=draw(st.sampled_from([None, "USD", "%", "citizen", "USD/barrel"])),
        change=draw(st.sampled_from([None, "up", "down", "flat"])),
        time_start=draw(dates),
        time_end=draw(dates),
        deadline=draw(dates),
        time_text=words(),
        speaker=words(),
        speaker_text=words(),
        cue=words(),
        condition=words(),
        polarity=draw(st.sampled_from(["affirmed", "negated"])),
        modality=words(),
        check_worthiness=draw(st.floats(0, 1)),
        confidence=draw(st.floats(0, 1)),
        doc_id=document.id,
        title=document.title,
        published=document.published,
        section="body",
        start=start,
        end=end,
        prefix=document.text[max(0, start - CONTEXT_CHARS) : start],
        suffix=document.text[end : end + CONTEXT_CHARS],
    )


@st.composite
def cases(draw, pieces=pieces):
    """A document, its claims, its actors, and mentions of quantities in it."""
    document = draw(documents(pieces))
    claims = draw(claims_of(document))
    actors = [
        Actor(f"a{number}", name, "ORG", mentions=(place,))
        for number, (name, place) in enumerate(
            draw(st.lists(st.tuples(phrases, spans(len(document.text))), max_size=3))
        )
    ]
    quantities = [
        Quantity(claim.start, claim.end, claim.text, value=claim.value)
        for claim in claims
        if draw(st.booleans())
    ]
    return document, claims, actors, quantities
