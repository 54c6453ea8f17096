"""One claim a task, in a real headless Chromium: what each answer takes, and what the table makes of it.

With CLAIMTABLE_PICTURES=1 the pictures of the reviewers' page are taken anew.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from tests.review.exchange import receive, send
from tests.review.test_screen import Annotator, browser

from claimtable.review.exchange import open_project, setup
from claimtable.schema import CONTEXT_CHARS, Claim, Document, Quantity, Section
from claimtable.store import Extraction

__all__ = ["browser"]
pytestmark = [pytest.mark.label_studio, pytest.mark.slow]

PICTURES = Path(__file__).parents[2] / "annotations" / "pictures"
PARAGRAPHS = (
    "The ministry published the figures on Tuesday, a week later than planned. Officials blamed a change in the "
    "method, which makes a comparison with earlier years hard. The opposition had asked for the report since spring.",
    "The unemployment rate will probably rise by at least 11.1 percent by 2030, according to the finance ministry. "
    "Coal exports fell to 34 million tonnes in 2018, the harbour board said.",
    "Wind farms supplied 40 percent of the electricity in May. Some 1,200 people work on them, and the number of "
    "trains doubled to 66 a day, the railway said. The region has 12 harbours.",
    "Traders had expected a smaller move. “We do not see how this can go on,” said an analyst at Norrvik Bank, who "
    "did not want to be named. The next report is due in March.",
)
TEXT = "\n\n".join(PARAGRAPHS)


def make(number, words, **fields):
    start = TEXT.index(words)
    end = start + len(words)
    return Claim(
        claim_id=f"c{number:016x}",
        doc_id="norrvik",
        text=words,
        start=start,
        end=end,
        prefix=TEXT[max(0, start - CONTEXT_CHARS) : start],
        suffix=TEXT[end : end + CONTEXT_CHARS],
        section="body",
        title="Coal, wind and trains",
        bound=fields.pop("bound", "="),
        check_worthiness=0.9 - number / 10,
        confidence=0.3 + number / 10,
        **fields,
    )


RATE, COAL, WIND, PEOPLE, TRAINS = (f"c{number:016x}" for number in range(5))
CLAIMS = (
    make(
        0,
        "The unemployment rate will probably rise by at least 11.1 percent by 2030, according to the finance ministry",
        kind="prediction",
        subject="unemployment rate",
        bound=">=",
        value=11.1,
        unit="%",
        change="up",
        deadline=date(2030, 12, 31),
        time_text="by 2030",
        speaker="Finance Ministry",
        speaker_text="the finance ministry",
        cue="according to",
        modality="probably",
    ),
    make(
        1,
        "Coal exports fell to 34 million tonnes in 2018, the harbour board said",
        subject="Coal exports",
        value=34e6,
        unit="t",
        change="down",
        time_text="in 2018",
        time_start=date(2018, 1, 1),
        time_end=date(2018, 12, 31),
        speaker="Harbour Board",
        speaker_text="the harbour board",
        cue="said",
    ),
    make(
        2,
        "Wind farms supplied 40 percent of the electricity in May",
        subject="Wind farms",
        value=40.0,
        unit="%",
    ),
    make(3, "Some 1,200 people work on them", subject="people", bound="~", value=1200.0, unit="person"),
    make(
        4,
        "the number of trains doubled to 66 a day, the railway said",
        subject="trains",
        value=66.0,
        unit="train",
    ),
)
FIGURES = {
    "11.1 percent": 11.1,
    "34 million tonnes": 34e6,
    "40 percent": 40.0,
    "1,200 people": 1200.0,
    "66 a day": 66.0,
}


MARKED = "return [...document.querySelectorAll('.htx-highlight')].map((mark) => mark.textContent).join('');"
CHECKED = (
    "return [...document.querySelectorAll('.cr-card input:checked')].map((box) => box.name || box.value);"
)


class Counted(Annotator):
    """An annotator whose actions are counted: a key or chord, a click, a drag, or words that are typed, each as one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.actions = 0

    def key(self, *chord):
        self.actions += 1
        keys = ActionChains(self.browser)
        for one in chord[:-1]:
            keys.key_down(one)
        keys.send_keys(chord[-1])
        for one in chord[:-1]:
            keys.key_up(one)
        keys.perform()

    def type_in(self, cell, words):
        """Clicks a cell, writes over it, and leaves it with Enter."""
        element = self.cell(cell)
        element.click()
        self.actions += 1
        self.wait(lambda: self.browser.switch_to.active_element.tag_name in ("input", "textarea"))
        ActionChains(self.browser).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(
            words
        ).perform()
        self.actions += 1
        self.key(Keys.ENTER)

    def mark(self, words):
        """Marks words with the mouse."""
        self.actions += 1
        self.drag(words)

    def option(self, word):
        """Clicks a choice."""
        self.actions += 1
        self.choose(word)

    def cell(self, name):
        return self.find(
            f"[name='{name}'], .cr-row [data-name='{name}'] input, .lsf-text-area input[name='{name}']"
        )

    def stream(self, project):
        """Opens the label stream."""
        self.browser.get(f"{self.server.url}/projects/{project}/data?labeling=1")
        self.find(".htx-highlight")
        return self.shown()

    def shown(self):
        """Returns the words that are marked as the claim and its parts; empty while a task is loading."""
        return self.browser.execute_script(MARKED)

    def submit_by_key(self):
        """Submits with the keyboard, and waits for the next claim."""
        before = self.shown()
        self.key(Keys.CONTROL, Keys.ENTER)
        self.wait(lambda: self.shown() not in ("", before))

    def chosen(self):
        """Returns the answers that are checked."""
        return self.browser.execute_script(CHECKED)

    def picture(self, name):
        """Takes the screen at two widths."""
        if os.environ.get("CLAIMTABLE_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            for suffix, size in (("-1920", (1920, 1080)), ("", (1440, 900))):
                self.browser.set_window_size(*size)
                time.sleep(1)
                self.browser.save_screenshot(str(PICTURES / f"{name}{suffix}.png"))


@pytest.fixture
def by_claim(store, connect, title, label_studio, browser):
    """An annotator in the label stream of a project by claim, and its number."""
    client = connect()
    document = Document(
        "norrvik",
        TEXT,
        title="Coal, wind and trains",
        author="Norrvik Times",
        published=date(2026, 11, 2),
        url="https://news.example/a/1",
        sections=(Section(0, len(TEXT), "body"),),
    )
    quantities = tuple(
        Quantity(
            TEXT.index(words),
            TEXT.index(words) + len(words),
            words,
            value=value,
            unit="%" if "per" in words else "1",
        )
        for words, value in FIGURES.items()
    )
    store.add_document(document)
    store.save_extraction(document, Extraction(CLAIMS, (), quantities), pipeline="test@1")
    setup(store, client, title, by="claim")
    send(store, client, title, documents=["norrvik"])
    annotator = Counted(browser, label_studio)
    annotator.log_in()
    return annotator, open_project(store, client, title).remote_id


def rows(store):
    return {claim.claim_id: claim for claim in store.claims(doc_ids=["norrvik"])}


def test_what_each_answer_takes(by_claim, store, connect, title):
    annotator, project = by_claim
    before = rows(store)
    annotator.stream(project)
    # The most check-worthy first; accepted with one key.
    annotator.picture("review-by-claim")
    annotator.key("1")
    annotator.submit_by_key()
    assert annotator.actions == 2
    # A wrong value: three actions, and the word that the row is right now.
    annotator.type_in("value", "33 million")
    assert annotator.actions == 2 + 3
    annotator.key("1")
    annotator.submit_by_key()
    # No claim: one key.
    annotator.key("2")
    annotator.submit_by_key()
    # A verdict: one key more.
    annotator.key("1")
    annotator.key("8")
    annotator.submit_by_key()
    annotator.key("3")
    annotator.key(Keys.CONTROL, Keys.ENTER)
    annotator.wait(lambda: receive_all(store, connect, title) == 5)
    after = {
        key: replace(row, reviewer=None, reviewed_at=None, rule=None) for key, row in rows(store).items()
    }
    expected = {
        RATE: replace(before[RATE], status="accepted"),
        COAL: replace(before[COAL], status="corrected", value=33e6),
        WIND: replace(before[WIND], status="rejected"),
        PEOPLE: replace(before[PEOPLE], status="accepted", verdict="refuted"),
        TRAINS: before[TRAINS],
    }
    assert after == expected


def receive_all(store, connect, title):
    receive(store, connect(), title)
    return len(list(store.annotations()))
