"""Claims on a terminal: sentence by sentence, with what each row makes of it below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from claimtable.cli.ids import short_ids
from claimtable.cli.words import one_line, shown_text
from claimtable.export import groups
from claimtable.export.rows import Row
from claimtable.export.wording import amount_text, is_unsure, number_text, when_text

TITLE_CHARS = 40
"""Most characters of a title that tell which document a row is from."""
SENTENCE_CHARS = 600
"""Most characters of a sentence; what is longer is a list or a broken page."""
MOST_ROWS = 12
"""Rows shown of one sentence, which may be a table with hundreds."""
WIDE = 100
"""From this width on the speaker has a column of its own; below it stands under the subject."""
NARROW = 72
"""Below this width the time stands under the value."""
WHEN_CHARS = 13
"""Width of "by 2020-12-31", the longest time there is."""
INDENT = 6
"""What stands before a sentence: its score."""


def render(sentences: Sequence[groups.Group], *, width: int) -> Iterator[RenderableType]:
    """Yield what shows these sentences, one above the other, on a terminal of this width."""
    ids = short_ids(row["claim_id"] for sentence in sentences for row in sentence.rows)
    several = len({sentence.rows[0]["doc_id"] for sentence in sentences}) > 1
    if not sentences:
        return
    longest = max(map(len, ids.values()))
    heads = _grid(width, longest)
    heads.add_row(*_cells_at(width, _HEADS))
    yield heads
    for sentence in sentences:
        yield Text()
        one_voice = (
            width < WIDE and len({(row["speaker"], row["speaker_type"]) for row in sentence.rows}) == 1
        )
        yield _head(sentence, several=several, speaker=one_voice)
        table = _grid(width, longest)
        for row in sentence.rows[:MOST_ROWS]:
            cells = _cells(row, ids[row["claim_id"]])
            table.add_row(*_cells_at(width, (*cells[:-1], Text()) if one_voice else cells))
        yield table
        left = len(sentence.rows) - MOST_ROWS
        if left > 0:
            yield Padding(Text(f"{left:,} more rows of this sentence", style="dim"), (0, 0, 0, INDENT))
    marks = _marks(sentences)
    if marks:
        yield Text()
        yield Text(marks, style="dim")


_HEADS = tuple(Text(head, style="bold") for head in ("", "Id", "Subject", "Value", "When", "Speaker"))


def _grid(width: int, id_chars: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(width=id_chars, no_wrap=True, style="dim")
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=4, overflow="fold")
    if width >= NARROW:
        table.add_column(width=WHEN_CHARS, overflow="fold")
    if width >= WIDE:
        table.add_column(ratio=3, overflow="fold")
    return table


def _cells_at(width: int, cells: Sequence[Text]) -> list[Text]:
    """Return the cells of a row as a terminal of this width has place for them."""
    mark, claim_id, subject, value, when, speaker = cells
    if width >= WIDE:
        return [mark, claim_id, subject, value, when, speaker]
    below = _below(subject, Text(speaker.plain, style="dim"))
    if width >= NARROW:
        return [mark, claim_id, below, value, when]
    return [mark, claim_id, below, _below(value, when)]


def _below(cell: Text, other: Text) -> Text:
    return Text("\n").join([cell, other]) if cell.plain and other.plain else cell or other


def _head(sentence: groups.Group, *, several: bool, speaker: bool) -> RenderableType:
    score = sentence.check_worthiness
    known = any(row.get("check_worthiness") is not None for row in sentence.rows)
    words = shown_text(sentence.text)
    words.truncate(SENTENCE_CHARS, overflow="ellipsis")
    if speaker and (who := _speaker(sentence.rows[0])):
        words.append(f" — {who.plain}", style="dim")
    if several:
        title = shown_text(sentence.rows[0]["title"] or sentence.rows[0]["doc_id"])
        title.truncate(TITLE_CHARS, overflow="ellipsis")
        words.append(f"  [{title.plain}]", style="dim")
    line = Table.grid(padding=(0, 2, 0, 0), expand=True)
    line.add_column(width=INDENT - 2)
    line.add_column(ratio=1, overflow="fold")
    line.add_row(Text(f"{score:.2f}" if known else "", style="bold" if score >= 0.5 else ""), words)
    return line


def _cells(row: Row, short: str) -> tuple[Text, ...]:
    return (
        Text("?" if is_unsure(row) else "", style="bold yellow"),
        Text(short),
        shown_text(row["subject"]),
        _value(row),
        Text(when_text(row)),
        _speaker(row),
    )


def _speaker(row: Row) -> Text:
    speaker = shown_text(row["speaker"])
    if row["speaker_type"] == "author":
        speaker = Text.assemble(speaker, (" (author)" if speaker else "author", "dim"))
    return speaker


def _value(row: Row) -> Text:
    amount = amount_text(row)
    value = Text("not ", style="bold") if row["polarity"] == "negated" else Text()
    value.append(one_line(" ".join([amount, *_converted(row)] if amount else [])))
    if not amount and row["kind"] == "prediction" and row["predicate"]:
        value.append(one_line(row["predicate"]))
    if row["modality"]:
        value.append(f" “{one_line(row['modality'])}”", style="italic")
        if row["probability_low"] is not None and row["probability_high"] is not None:
            value.append(f" {row['probability_low']:.0%}–{row['probability_high']:.0%}")
    return value


def _converted(row: Row) -> list[str]:
    """Return "(9.3 m)" where `--convert` has put the value beside the one in the document's unit."""
    endings = [name.removeprefix("unit_") for name in row if name.startswith("unit_") and name != "unit_text"]
    for ending in endings:
        unit = row[f"unit_{ending}"]
        ends = [row[f"{name}_{ending}"] for name in ("value", "value_low", "value_high")]
        if unit and unit != row["unit"]:
            number = "–".join(number_text(float(f"{end:.4g}")) for end in ends if end is not None)
            return [f"({number} {unit})" if unit != "1" else f"({number})"]
    return []


def _marks(sentences: Sequence[groups.Group]) -> str:
    rows = [row for sentence in sentences for row in sentence.rows]
    explained = {
        "? some cell of the row is more likely wrong than all are right": any(map(is_unsure, rows)),
        "not: the text denies it": any(row["polarity"] == "negated" for row in rows),
        "“…”: the words that say how sure it is": any(row["modality"] for row in rows),
    }
    return " · ".join(words for words, there in explained.items() if there)


def fits(console: Console, shown: Group) -> bool:
    """Return whether this fits on the terminal as it is, with a line for the prompt."""
    return len(console.render_lines(shown, pad=False)) < console.height
