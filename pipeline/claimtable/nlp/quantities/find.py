"""`find_quantities`: text → quantities, without any language model."""

from __future__ import annotations

from claimtable.nlp.quantities import context, grammar
from claimtable.nlp.quantities.currency import settle_money
from claimtable.nlp.quantities.lexer import Lexed
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.places import settle_units
from claimtable.schema import Quantity


def scan(text: str) -> tuple[Lexed, list[Mention]]:
    """Return the tokens of `text` and every mention in it, numbers of names among them (`named`)."""
    lex = Lexed(text)
    found = context.settle(lex, grammar.mentions(lex))
    settle_money(lex, found)
    settle_units(lex, found)
    return lex, found


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of `text` in order.

    Works on the text alone: no tokenizer, parser or names. Offsets are code points into `text`. The time
    is linear in its length. A counted noun is guessed from the words; the component has the parse for it.
    """
    lex, found = scan(text)
    return [to_record(lex, mention) for mention in found if not mention.named]


def to_record(lex: Lexed, mention: Mention, subject: str | None = None) -> Quantity:
    """Return the record of one mention."""
    start, end = lex.start[mention.first], lex.end[mention.last - 1]
    unit_text = None
    if mention.unit_first >= 0 and mention.unit_last > mention.unit_first:
        unit_text = lex.text[lex.start[mention.unit_first] : lex.end[mention.unit_last - 1]]
    return Quantity(
        start=start,
        end=end,
        text=lex.text[start:end],
        value=_tidy(mention.value),
        value_low=_tidy(mention.low),
        value_high=_tidy(mention.high),
        bound=mention.bound,
        change=mention.change,
        unit=mention.unit,
        unit_text=unit_text,
        dimension=mention.dimension,
        subject=subject,
        number_start=lex.start[mention.number.first],
        number_end=lex.end[mention.number.last - 1],
        role=mention.role,
        rule="+".join(mention.rules),
        direction=mention.direction,
        factor=mention.factor,
        table_unit=mention.table_unit,
        parts=tuple(to_record(lex, part, subject) for part in mention.parts),
    )


def _tidy(value: float | None) -> float | None:
    """Round away the noise of scaling (4.3 * 1e6), far below any written digit."""
    return None if value is None else float(f"{value:.15g}")
