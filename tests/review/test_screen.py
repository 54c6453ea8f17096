"""What an annotator sees and does, in a real headless Chromium on a real Label Studio, and what the table makes of it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from tests.review import chromium, label_studio_server
from tests.review.exchange import receive, remote_tasks, send

from claimtable.review.exchange import open_project, setup
from claimtable.review.fields import on_screen
from claimtable.review.tasks import claim_region
from claimtable.schema import CONTEXT_CHARS, Actor, Claim, Document, Quantity, Section
from claimtable.store import Extraction

pytestmark = [pytest.mark.label_studio, pytest.mark.slow]

WAIT_SECONDS = 180
"""None of them is waited for longer than it takes: a busy machine may take long."""
# Emoji of several code points, a composed and a combining accent, CRLF and LF, markup, a right-to-left script.
TEXT = (
    "👍🏽 The ministre\u0301 said exports rose to $34 million in 2018, up from $12 million.\r\n\r\n"
    "<b>Imports</b> &amp; debt  will fall by 5 %, José Ibáñez hopes, if the 🇰🇵 border opens.\r\n"
    "قال الوزير إن التجارة بلغت 7 مليارات دولار in 2019 according to the bank.\n"
    "👩‍👩‍👧 families may reach 40,000 by 2030, the bank warned; 12 % of </p> them today."
)
ROSE, FALL, ARABIC, REACH = (f"c{number:016x}" for number in range(4))
WORDS = {
    ROSE: "exports rose to $34 million in 2018",
    FALL: "<b>Imports</b> &amp; debt  will fall by 5 %",
    ARABIC: "إن التجارة بلغت 7 مليارات دولار in 2019",
    REACH: "👩‍👩‍👧 families may reach 40,000 by 2030",
}
MISSED = "12 % of </p> them today"


def place(words):
    start = TEXT.index(words)
    return start, start + len(words)


def claim(claim_id, **fields):
    start, end = place(WORDS.get(claim_id, claim_id))
    return Claim(
        claim_id=claim_id,
        doc_id="awkward",
        text=TEXT[start:end],
        start=start,
        end=end,
        prefix=TEXT[max(0, start - CONTEXT_CHARS) : start],
        suffix=TEXT[end : end + CONTEXT_CHARS],
        section="body",
        title="Trade & <figures>",
        **fields,
    )


CLAIMS = (
    claim(
        ROSE,
        subject="exports",
        value=34e6,
        unit="USD",
        bound="=",
        change="up",
        time_text="in 2018",
        time_start=date(2018, 1, 1),
        time_end=date(2018, 12, 31),
        speaker_text="The ministre\u0301",
        cue="said",
    ),
    claim(
        FALL,
        kind="prediction",
        subject="Imports",
        value=5.0,
        unit="%",
        bound="=",
        speaker_text="José Ibáñez",
        cue="hopes",
        condition="if the 🇰🇵 border opens",
    ),
    claim(ARABIC, subject="التجارة", value=7e9, unit="USD", bound="=", speaker_text="the bank"),
    # The reporting verb is taken for a condition.
    claim(REACH, kind="prediction", subject="families", value=4e4, unit="family", condition="warned"),
)
FIGURES = {"$34 million": 34e6, "5 %": 5.0, "40,000": 4e4}

# The text as it is on the screen, in pieces: [words, ids of the regions that they are highlighted for].
PIECES = """
const pieces = [];
const walk = (node, regions) => {
  if (node.nodeType === Node.TEXT_NODE) pieces.push([node.nodeValue, regions]);
  if (node.tagName === 'BR') pieces.push(['\\n', regions]);
  const region = /htx-highlight-(\\S+)-\\d+/.exec(node.className || '');
  for (const child of node.childNodes) walk(child, region ? [...regions, region[1]] : regions);
};
walk(document.querySelector('.lsf-richtext__line').parentElement, []);
return pieces;
"""
# Where the words begin and end on the screen: two points, just inside.
ENDS = """
const [words] = arguments;
const walker = document.createTreeWalker(
  document.querySelector('.lsf-richtext__line').parentElement, NodeFilter.SHOW_TEXT);
const nodes = [];
let all = '';
while (walker.nextNode()) {
  nodes.push([walker.currentNode, all.length]);
  all += walker.currentNode.nodeValue;
}
const begin = all.indexOf(words), end = begin + words.length;
const box = (from) => {
  const [node, offset] = nodes.filter(([_, offset]) => offset <= from).at(-1);
  const range = document.createRange();
  range.setStart(node, from - offset);
  range.setEnd(node, from - offset + 1);
  return range.getBoundingClientRect();
};
const seen = box(begin);
for (let above = nodes[0][0].parentElement; above; above = above.parentElement) {
  if (above.scrollHeight > above.clientHeight && /auto|scroll/.test(getComputedStyle(above).overflowY)) {
    if (seen.top < 80 || seen.bottom > innerHeight - 80) above.scrollTop += seen.top - innerHeight / 2;
    break;
  }
}
const first = box(begin), last = box(end - 1);
return [[first.left + 1, first.top + first.height / 2], [last.right - 1, last.top + last.height / 2]];
"""


@pytest.fixture
def browser(tmp_path):
    if not chromium.found():
        if os.environ.get("CLAIMTABLE_NEEDS_BROWSER"):
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with chromium.browsing() as browser:
        try:
            yield browser
        finally:
            browser.save_screenshot(tmp_path / "screen.png")


class Annotator:
    """A person in front of a screen."""

    def __init__(self, browser, server):
        self.browser = browser
        self.server = server

    def wait(self, condition):
        return WebDriverWait(self.browser, WAIT_SECONDS).until(lambda _: condition())

    def find(self, css, words=""):
        """Waits for an element, the first that has these words."""

        def found():
            elements = self.browser.find_elements("css selector", css)
            return next((element for element in elements if words in element.text), None)

        return self.wait(found)

    def log_in(self):
        self.browser.get(f"{self.server.url}/user/login/")
        self.find("input[name=email]").send_keys(label_studio_server.USER)
        self.find("input[name=password]").send_keys(label_studio_server.PASSWORD)
        self.find("button[type=submit]").click()
        self.wait(lambda: "/login" not in self.browser.current_url)

    def open(self, project, task):
        self.browser.get(f"{self.server.url}/projects/{quote(str(project))}/data?task={task}")
        self.find(".htx-highlight")

    def press(self, *keys):
        actions = ActionChains(self.browser)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def drag(self, words):
        """Marks words with the mouse."""
        begin, end = self.browser.execute_script(ENDS, words)
        actions = ActionBuilder(self.browser)
        actions.pointer_action.move_to_location(*begin).pointer_down().move_to_location(*end).pointer_up()
        actions.perform()

    def click(self, words):
        """Clicks words of the text, and waits until their region is selected."""
        selected = self.find(".lsf-info").text
        begin, end = self.browser.execute_script(ENDS, words)
        actions = ActionBuilder(self.browser)
        actions.pointer_action.move_to_location((begin[0] + end[0]) / 2, begin[1]).click()
        actions.perform()
        self.wait(lambda: self.find(".lsf-info").text not in (selected, ""))

    def label(self, name):
        """Clicks a label above the text."""
        self.find(".lsf-label", name).click()

    def tie(self, words):
        """Ties the selected region to the one of these words."""
        ActionChains(self.browser).key_down(Keys.ALT).send_keys("r").key_up(Keys.ALT).perform()
        self.click(words)

    def choose(self, option):
        self._field(option).click()

    def write(self, field, words):
        self._field(field).send_keys(words, Keys.ENTER)

    def submit(self):
        self.find("button", "Submit").click()
        self.find("button", "Update")

    def _field(self, name):
        element = self.find(f".claims-form input[name='{name}']")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def highlighted(self):
        """Returns the text on the screen, and region → the code points that are highlighted for it."""
        text = ""
        regions: dict[str, set[int]] = {}
        for words, ids in self.browser.execute_script(PIECES):
            for region in ids:
                regions.setdefault(region, set()).update(range(len(text), len(text) + len(words)))
            text += words
        return text, regions


@pytest.fixture
def opened(store, connect, title, label_studio, browser):
    """An annotator who has opened the task, and the task."""
    client = connect()
    document = Document("awkward", TEXT, title="Trade & <figures>", sections=(Section(0, len(TEXT), "body"),))
    quantities = tuple(Quantity(*place(words), words, value=value) for words, value in FIGURES.items())
    actor = Actor("a1", "José Ibáñez", "PERSON", mentions=(place("José Ibáñez"),))
    store.add_document(document)
    store.save_extraction(document, Extraction(CLAIMS, (actor,), quantities), pipeline="test@1")
    setup(store, client, title)
    send(store, client, title, documents=["awkward"])
    (task,) = remote_tasks(store, client, title).values()
    annotator = Annotator(browser, label_studio)
    annotator.log_in()
    annotator.open(open_project(store, client, title).remote_id, task["id"])
    return annotator, task


def rows(store, **blank):
    return {claim.claim_id: replace(claim, **blank) for claim in store.claims(doc_ids=["awkward"])}


UNTOUCHED = {"status": "extracted", "reviewer": None, "reviewed_at": None}


def test_what_is_highlighted_and_that_submit_alone_accepts_it(opened, store, connect, title):
    annotator, task = opened
    text, regions = annotator.highlighted()
    assert text == on_screen(TEXT)
    assert regions == {
        item["id"]: set(range(item["value"]["start"], item["value"]["end"]))
        for item in task["predictions"][0]["result"]
        if item["type"] == "labels"
    }
    for claim_id, words in WORDS.items():
        assert "".join(text[n] for n in sorted(regions[claim_region(claim_id)])) == words
    before = rows(store)
    annotator.submit()
    assert receive(store, connect(), title).new == 1
    assert {claim.status for claim in rows(store).values()} == {"accepted"}
    assert rows(store, **UNTOUCHED) == before
    assert not any(review.fields for review in store.reviews())


def test_what_an_annotator_does_is_what_comes_back(opened, store, connect, title):
    annotator, _ = opened
    before = rows(store)
    # A verdict.
    annotator.click("rose to")
    annotator.choose("supported")
    annotator.write("evidence_url", "https://example.org/1")
    # Not a claim.
    annotator.click("debt")
    annotator.press(Keys.BACKSPACE)
    # A wrong field.
    annotator.click("بلغت")
    annotator.choose("negated")
    # A wrong label.
    annotator.click("warned")
    annotator.label("Cue")
    # A claim that is missing, with a part.
    annotator.press(Keys.ESCAPE, "c")
    annotator.drag(MISSED)
    annotator.press("t")
    annotator.drag("today")
    annotator.click("</p>")
    annotator.choose("quantitative")
    annotator.write("value", "12")
    annotator.write("unit", "%")
    annotator.tie("today")
    annotator.submit()

    assert receive(store, connect(), title).new == 1
    after = rows(store, reviewer=None, reviewed_at=None)
    (added,) = after.keys() - before.keys()
    assert after == {
        ROSE: replace(
            before[ROSE], status="accepted", verdict="supported", evidence_url="https://example.org/1"
        ),
        FALL: replace(before[FALL], status="rejected"),
        ARABIC: replace(before[ARABIC], status="corrected", polarity="negated"),
        REACH: replace(before[REACH], status="corrected", condition=None, cue="warned"),
        added: replace(
            claim(MISSED), claim_id=added, status="added", value=12.0, unit="%", time_text="today"
        ),
    }
    assert {claim.reviewer for claim in rows(store).values()} == {label_studio_server.USER}
