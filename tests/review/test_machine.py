"""Whatever people, pushes and pulls do in whatever order: the table is what a page of code says that it is.

Two databases, each with a project of its own on a real Label Studio, two people who review in both. CLAIMTABLE_MACHINE_RUNS
sets how many sequences are tried (10).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from tests.review.conftest import article
from tests.review.exchange import receive, remote_tasks, send
from tests.review.label_studio_server import COLLEAGUE, USER, colleague
from tests.review.test_kept import cell, choice, put, with_cells

from claimtable.errors import ReviewError
from claimtable.review import files
from claimtable.review.client import Client
from claimtable.review.credentials import Credentials
from claimtable.review.exchange import open_project, setup
from claimtable.review.tasks import claim_region
from claimtable.schema import Section
from claimtable.store import Extraction, Store

pytestmark = [pytest.mark.label_studio, pytest.mark.slow]

PLACES = 2
CLAIMS = 2 * PLACES
"""Of each place of the text two: rules read one or the other figure there."""
EXTRACTED = {n: (n % PLACES + 100 * (n // PLACES)) * 1e9 for n in range(CLAIMS)}
"""Claim → the value that was extracted."""
WORDS = {"accepted": "right", "corrected": "right", "rejected": "wrong"}
_numbers = count()


# The model.


@dataclass(frozen=True)
class State:
    """A claim on the screen and in the table."""

    status: str
    value: float
    verdict: str | None = None


def said(shown: State, action: tuple, value: float, by: str) -> State | None:
    """What somebody says of a claim by what they did with it; None: nothing."""
    what, given = action
    if what == "delete":
        return State("rejected", value)
    word = {"wrong": "wrong", "right": "right", "unsure": "unsure", "correct": "right"}.get(
        what, WORDS.get(shown.status)
    )
    now = given if what == "correct" else shown.value
    verdict = given if what == "verdict" else shown.verdict
    if by == "claim" and word is None:
        return None if verdict == shown.verdict else State("unsure", now, verdict)
    if word in ("wrong", "unsure"):
        return State({"wrong": "rejected"}.get(word, "unsure"), now, verdict)
    if now == shown.value and shown.status in ("accepted", "corrected"):
        return State(shown.status, now, verdict)
    return State("accepted" if now == value else "corrected", now, verdict)


def row(statements: dict, claim: int, made: bool = True) -> State | None:
    """What the table shows of a claim, of all that was said: (annotation, person) → (time, {claim: state}).

    None: it has no such row, as rules no longer make it and nobody spoke of it.
    """
    latest = {}
    for (_, person), (time, states) in sorted(statements.items(), key=lambda item: item[1][0]):
        if claim in states:
            latest[person] = (time, states[claim])
    voices = [state for _, state in sorted(latest.values(), key=lambda voice: voice[0])]
    judged = [state for state in voices if state.status != "unsure"] or voices
    if not judged:
        return State("extracted", EXTRACTED[claim]) if made else None
    chosen = judged[-1]
    found = [state.verdict for state in voices if state.verdict]
    verdict = chosen.verdict if chosen.verdict or chosen.status == "rejected" or not found else found[-1]
    if chosen.status == "rejected":
        return State("rejected", EXTRACTED[claim], verdict)
    return State("extracted" if chosen.status == "unsure" else chosen.status, chosen.value, verdict)


@dataclass
class Work:
    """An annotation on the server."""

    task: int
    editor: str
    time: int
    items: list
    states: dict[int, State]


@dataclass
class Side:
    """A database with its project."""

    store: Store
    title: str
    by: str
    version: int = 0
    """Of the article."""
    rules: int = 0
    """Version of the rules; claims have other ids under each."""
    made: tuple[int, ...] = tuple(range(PLACES))
    """The claims that these make."""
    server: dict[int, Work] = field(default_factory=dict)
    """Annotations that are there now."""
    pulled: dict = field(default_factory=dict)
    """What the database knows: (annotation, person) → (time, {claim: state})."""

    def take(self, *, deleted: bool) -> None:
        """What a pull, or an import, brings."""
        for number, work in self.server.items():
            self.pulled[number, work.editor] = (work.time, work.states)
        if deleted:
            self.pulled = {key: what for key, what in self.pulled.items() if key[0] in self.server}


# The machine.

ACTIONS = st.one_of(
    st.sampled_from([("keep", None), ("wrong", None), ("right", None), ("unsure", None), ("delete", None)]),
    st.sampled_from([("verdict", "refuted"), ("verdict", "supported")]),
    st.sampled_from([("correct", 13e9), ("correct", 17e9)]),
)
SIDES = st.sampled_from([0, 1])
PEOPLE = st.sampled_from([0, 1])


class Machine:
    def __init__(self, server, kinds):
        self.server = server
        self.folder = tempfile.TemporaryDirectory()
        keys = [self.server.token, colleague(self.server)]
        self.people = [Client(Credentials(self.server.url, key), timeout=60.0) for key in keys]
        self.names = [USER, COLLEAGUE]
        self.ids = dict(self.people[0].reviewers())
        self.time = count()
        self.sides = []
        for kind in kinds:
            title = f"machine {os.getpid()} {next(_numbers)}"
            side = Side(Store.open(Path(self.folder.name) / f"{len(self.sides)}.db"), title, kind)
            self.sides.append(side)
            self.ingest(side)
            setup(side.store, self.people[0], title, by=kind)
            send(side.store, self.people[0], title, documents=["d0"])

    def ingest(self, side):
        """The article in its present text, with what is extracted from it."""
        document, extraction = article(0, PLACES)
        prefix = "New! " * side.version
        text = prefix + document.text
        document = replace(document, text=text, sections=(Section(0, len(text), "body"),))
        claims = [
            replace(
                claim,
                claim_id=f"c{side.version:04x}{side.rules:04x}{number:08x}",
                value=EXTRACTED[number],
                start=claim.start + len(prefix),
                end=claim.end + len(prefix),
            )
            for number, claim in zip(side.made, extraction.claims, strict=True)
        ]
        side.store.add_document(document)
        side.store.save_extraction(document, Extraction(tuple(claims)), pipeline=f"test@{side.rules}")

    def the_article_changes(self, side):
        self.sides[side].version += 1
        self.ingest(self.sides[side])

    def extract(self, side, figures, other_ids):
        """Other rules read one or the other figure at each place."""
        side = self.sides[side]
        side.rules += other_ids
        side.made = tuple(place + PLACES * figure for place, figure in enumerate(figures))
        self.ingest(side)

    def another_database_comes(self, side):
        """It may neither take the project nor push into it."""
        mine, other = self.sides[side], self.sides[1 - side]
        with pytest.raises(ReviewError, match="another database"):
            setup(other.store, self.people[1], mine.title)
        other.store.set_sync_value(self.people[0].url, mine.title, "remote_id", self.project(mine))
        with pytest.raises(ReviewError, match="another database"):
            send(other.store, self.people[1], mine.title, documents=["d0"])

    def project(self, side):
        return open_project(side.store, self.people[0], side.title).remote_id

    def push(self, side):
        side = self.sides[side]
        send(side.store, self.people[0], side.title, documents=["d0"])
        # What nobody answered yet shows what stands.
        for task in self.tasks(side):
            if not task["annotations"]:
                for claim, shown in self.screen(side, task).items():
                    assert shown == row(side.pulled, claim, claim in side.made)

    def tasks(self, side):
        found = remote_tasks(side.store, self.people[0], side.title).values()
        return sorted(found, key=lambda task: task["id"])

    def screen(self, side, task):
        """What somebody sees: claim → its state."""
        if not task["predictions"]:
            return {}
        items = task["predictions"][0]["result"]
        shown = {}
        for item in items:
            claim_id = (item.get("meta") or {}).get("claim_id")
            if claim_id is None:
                continue
            fields = {
                i["from_name"]: i["value"]
                for i in items
                if i.get("id") == item["id"]
                or (side.by == "claim" and "start" not in (i.get("value") or {"start": 0}))
            }
            word = fields.get("decision", {}).get("choices", [None])[0]
            value = fields["value"]["number"] if side.by == "article" else float(task["data"]["value"])
            verdict = fields.get("verdict", {}).get("choices", [None])[0]
            claim = int(claim_id[9:], 16)
            status = item["meta"].get("status", "extracted")
            assert word == WORDS.get(status)
            shown[claim] = State(status, value, verdict)
        return shown

    def answered(self, side, task, items, actions):
        """The items after somebody did this with each claim."""
        if side.by == "claim":
            items = with_cells(task)(items)
        for claim, (what, new) in actions.items():
            claim_id = next(
                i["meta"]["claim_id"]
                for i in items
                if (i.get("meta") or {}).get("claim_id") and int(i["meta"]["claim_id"][9:], 16) == claim
            )
            items = self.act(side, items, claim_id, what, new)
        return items

    def act(self, side, items, claim_id, what, given):
        word = {"wrong": "wrong", "right": "right", "unsure": "unsure", "correct": "right"}.get(what)
        if side.by == "claim":
            names = {"decision": word, "verdict": given if what == "verdict" else None}
            if what == "correct":
                items = [*(i for i in items if i["from_name"] != "value"), cell("value", f"{given:g}")]
            for name, chosen in names.items():
                if chosen:
                    items = [*(i for i in items if i["from_name"] != name), choice(name, chosen)]
            return items
        if what == "delete":
            return [i for i in items if claim_region(claim_id) not in (i.get("id"), i.get("from_id"))]
        if what == "correct":
            items = put(items, claim_id, "value", number=given)
        if what == "verdict":
            items = put(items, claim_id, "verdict", choices=[given])
        return items if word is None else put(items, claim_id, "decision", choices=[word])

    def submit(self, side, person, which, actions, skip):
        side = self.sides[side]
        tasks = self.tasks(side)
        if not tasks:
            return
        task = tasks[which % len(tasks)]
        shown = self.screen(side, task)
        allowed = {
            claim: ("keep", None) if side.by == "claim" and actions[claim][0] == "delete" else actions[claim]
            for claim in shown
        }
        prediction = task["predictions"][0] if task["predictions"] else {"result": [], "id": None}
        items = self.answered(side, task, [dict(i) for i in prediction["result"]], allowed) if shown else []
        fields = {} if prediction["id"] is None else {"parent_prediction": prediction["id"]}
        made = self.people[person]._sdk.annotations.create(
            task["id"], result=items, was_cancelled=skip, **fields
        )
        states = {
            claim: state
            for claim, action in allowed.items()
            if (state := said(shown[claim], action, EXTRACTED[claim], side.by)) is not None
        }
        side.server[made.id] = Work(
            task["id"], self.names[person], next(self.time), items, {} if skip else states
        )

    def two_submit_and_it_is_pulled(self, side, one, other):
        for number, (person, actions) in enumerate((one, other)):
            self.submit(side, person, number, actions, False)
        self.receive(self.sides[side])

    def edit(self, side, person, which, verdict):
        """Somebody finds another verdict in an annotation of theirs, or of a colleague."""
        side = self.sides[side]
        if not side.server:
            return
        number = sorted(side.server)[which % len(side.server)]
        work = side.server[number]
        # Where a claim is unsure, or nothing is said of it, a verdict would need the rules of `said` once more.
        claim = next((c for c, s in work.states.items() if s.status in ("accepted", "corrected")), None)
        if claim is None or work.states[claim].verdict == verdict:
            return
        marked = [i["meta"]["claim_id"] for i in work.items if (i.get("meta") or {}).get("claim_id")]
        claim_id = next(one for one in marked if int(one[9:], 16) == claim)
        items = self.act(side, work.items, claim_id, "verdict", verdict)
        self.people[person]._sdk.annotations.update(number, result=items)
        states = work.states | {claim: replace(work.states[claim], verdict=verdict)}
        side.server[number] = Work(work.task, self.names[person], next(self.time), items, states)

    def delete(self, side, which):
        side = self.sides[side]
        if side.server:
            number = sorted(side.server)[which % len(side.server)]
            self.people[0]._sdk.annotations.delete(number)
            del side.server[number]

    def predictions_are_deleted(self, side):
        side = self.sides[side]
        project = self.project(side)
        body = {"selectedItems": {"all": True, "excluded": []}}
        # Before that, what is out is pulled: nobody can know later what was shown.
        self.receive(side)
        self.people[0]._ask(
            "POST", "api/dm/actions", {"id": "delete_tasks_predictions", "project": project}, body
        )

    def receive(self, side, **options):
        receive(side.store, self.people[0], side.title, **options)
        side.take(deleted=True)

    def pull(self, side, everything):
        self.receive(self.sides[side], everything=everything)

    def take_an_export(self, side):
        side = self.sides[side]
        project = self.project(side)
        path = Path(self.folder.name) / "export.json"
        tasks = self.people[0]._sdk.projects.exports.as_json(int(project))
        path.write_text(json.dumps(tasks, default=str))
        read = files.read_annotations(path, side.store, reviewers=self.ids, on_error=pytest.fail)
        side.store.add_annotations(read, on_error=pytest.fail)
        side.take(deleted=False)

    def the_table_is_what_the_model_says(self):
        for side in self.sides:
            table = {
                int(one.claim_id[9:], 16): State(one.status, one.value, one.verdict)
                for one in side.store.claims(doc_ids=["d0"])
            }
            model = {claim: row(side.pulled, claim, claim in side.made) for claim in range(CLAIMS)}
            assert table == {claim: state for claim, state in model.items() if state is not None}

    def teardown(self):
        for side in self.sides:
            side.store.close()
        self.folder.cleanup()


SAID = st.tuples(PEOPLE, st.tuples(*[ACTIONS] * CLAIMS))
NUMBERS = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(
        st.just("submit"),
        SIDES,
        PEOPLE,
        NUMBERS,
        st.tuples(*[ACTIONS] * CLAIMS),
        st.sampled_from([False] * 5 + [True]),
    ),
    st.tuples(st.just("two_submit_and_it_is_pulled"), SIDES, SAID, SAID),
    st.tuples(st.just("edit"), SIDES, PEOPLE, NUMBERS, st.sampled_from(["mixed", "unverifiable"])),
    st.tuples(st.just("delete"), SIDES, NUMBERS),
    st.tuples(st.just("the_article_changes"), SIDES),
    st.tuples(st.just("extract"), SIDES, st.tuples(*[st.sampled_from([0, 1])] * PLACES), st.booleans()),
    st.tuples(st.just("another_database_comes"), SIDES),
    st.tuples(st.just("push"), SIDES),
    st.tuples(st.just("pull"), SIDES, st.booleans()),
    st.tuples(st.just("take_an_export"), SIDES),
    st.tuples(st.just("predictions_are_deleted"), SIDES),
)


@pytest.fixture(scope="module")
def counted():
    """How often each action was taken; pytest -s shows it."""
    actions = Counter()
    yield actions
    print(f"\n{sum(actions.values()) - actions['sequences']} actions: {dict(actions.most_common())}")


@given(
    kinds=st.sampled_from([("claim", "article"), ("article", "claim")]),
    steps=st.lists(STEPS, min_size=8, max_size=14),
)
@settings(
    max_examples=int(os.environ.get("CLAIMTABLE_MACHINE_RUNS", "10")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_happens(label_studio, counted, kinds, steps):
    machine = Machine(label_studio, kinds)
    counted["sequences"] += 1
    try:
        for name, side, *given_to_it in steps:
            event(name)
            counted[name] += 1
            getattr(machine, name)(side, *given_to_it)
            machine.the_table_is_what_the_model_says()
    finally:
        machine.teardown()
