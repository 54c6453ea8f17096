import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO

import lxml.html
import pytest
from hostile import hostile
from hypothesis import given
from hypothesis import strategies as st

from claimtable.export.report import ReportDocument, write_report
from claimtable.export.report.article import make_article
from claimtable.export.report.charts import make_series, make_speakers, make_timeline
from claimtable.schema import Actor, Claim, Document, Finding, FoundRow, Section

TODAY = date(2021, 1, 1)
TEXT = (
    "Trade title\nTrade was worth $1 billion in 2014, said Kim.\nIt will reach $2 billion by 2020 & beyond."
)


@pytest.fixture
def rows(claim):
    first = replace(
        *(claim,),
        **{"claim_id": "c1", "kind": "quantitative", "text": TEXT[12:46], "start": 12, "end": 46},
        **{"deadline": None, "modality": None, "subject": "trade", "value": 1e9, "speaker": "Kim"},
        **{"time_start": date(2014, 1, 1), "time_end": date(2014, 12, 31), "check_worthiness": 0.9},
    )
    second = replace(claim, claim_id="c2", text=TEXT[58:97], start=58, end=97, check_worthiness=0.4)
    return [first.to_dict(), second.to_dict()]


@pytest.fixture
def document():
    return Document(
        "d1", TEXT, title="Trade", sections=(Section(0, 11, "title"), Section(12, len(TEXT), "body"))
    )


def page(*documents, today=TODAY):
    file = BytesIO()
    write_report(documents, file, today=today)
    return file.getvalue().decode()


def test_claims_are_marked_in_the_text_and_linked_both_ways(document, rows):
    root = lxml.html.fromstring(
        page(ReportDocument(document, tuple(rows), (Actor("1", "Kim Jong Un", "PERSON", (), ((53, 56),)),)))
    )
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    links = [a.get("href") for a in root.iter("a") if (a.get("href") or "").startswith("#")]
    assert {link[1:] for link in links} <= ids
    marked = {a.get("data-claims"): a.text_content() for a in root.xpath("//a[@data-claims]")}
    assert marked == {"1-1": TEXT[12:46], "1-2": TEXT[58:97]}
    assert root.xpath("//span[@class='actor']/@title") == ["Kim Jong Un"]
    assert [p.text_content() for p in root.xpath("//section[@class='text']/p")] == TEXT.split("\n")
    assert root.xpath("//section[@class='text']/p/@class") == ["title", "body", "body"]


def test_the_most_check_worthy_comes_first(document, rows):
    root = lxml.html.fromstring(page(ReportDocument(document, tuple(reversed(rows)))))
    assert root.xpath("//table[contains(@class, 'claims')]//span[contains(@class, 'score')]/text()") == [
        "0.90",
        "0.40",
    ]


def test_the_column_of_reviews_is_there_where_there_are_some(document, rows):
    def heads(*claims):
        root = lxml.html.fromstring(page(ReportDocument(document, claims)))
        return [th.text_content() for th in root.xpath("//table[contains(@class, 'claims')]//th")]

    assert heads(*rows)[:6] == ["Score", "Subject", "Value", "When", "Speaker", "Id"]
    assert "Review" in heads(rows[0], rows[1] | {"verdict": "refuted"})


def test_no_column_is_empty(document, rows):
    bare = [
        row
        | dict.fromkeys(
            ("time_start", "time_end", "deadline", "speaker", "speaker_type", "modality", "value")
        )
        for row in rows
    ]
    root = lxml.html.fromstring(page(ReportDocument(document, tuple(bare))))
    heads = [th.text_content() for th in root.xpath("//table[contains(@class, 'claims')]/thead//th")]
    assert heads == ["Score", "Subject", "Id"]
    assert {th.get("colspan") for th in root.xpath("//tr[@class='sentence']/th")} == {"2"}


def test_rows_of_a_sentence_stand_together_and_unsure_ones_are_marked(document, rows):
    unsure = rows[0] | {"claim_id": "c3", "value": 2.0, "confidence": 0.1, "polarity": "negated"}
    root = lxml.html.fromstring(page(ReportDocument(document, (rows[0], unsure, rows[1]))))
    bodies = root.xpath("//table[contains(@class, 'claims')]/tbody")
    assert [len(body) for body in bodies] == [3, 2]
    assert bodies[0].xpath("tr[@class='sentence']/th")[0].text_content() == TEXT[12:46]
    marked = root.xpath("//td[@class='mark' and abbr]/following-sibling::td[@class='id']/text()")
    assert marked == ["c3"]
    assert root.xpath("//b[@class='denied']/ancestor::tr//td[@class='id']/text()") == ["c3"]


def test_navigation_of_a_copied_page_is_left_out():
    text = "Home | News\nTrade\nPrices\nTrade rose by 5 percent.\nShare this"
    sections = (Section(12, 17, "title"), Section(25, 49, "body", heading="Prices"))
    claim = Claim(claim_id="c", text="Trade rose by 5 percent", start=25, end=48).to_dict()
    root = lxml.html.fromstring(page(ReportDocument(Document("d", text, sections=sections), (claim,))))
    shown = [p.text_content() for p in root.xpath("//section[@class='text']/p")]
    assert shown == ["Trade", "Prices", "Trade rose by 5 percent."]


def test_two_thousand_claims_make_a_page_of_moderate_size(rows):
    text = "\n".join(f"Trade was worth ${n} billion in 2014, said Kim." for n in range(2000))
    claims, start = [], 0
    for n, line in enumerate(text.split("\n")):
        claims.append(rows[0] | {"claim_id": f"c{n}", "text": line, "start": start, "end": start + len(line)})
        start += len(line) + 1
    document = Document("d", text, sections=(Section(0, len(text), "body"),))
    made = page(ReportDocument(document, tuple(claims)))
    assert len(made) < 1200 * len(claims)
    assert made.count("<tbody>") >= 2000


def test_findings_link_to_their_rows(document, rows):
    def found(check, *claim_ids, reason="they <b>differ</b>"):
        return Finding(check, check, reason, tuple(FoundRow(i, f"words of {i}", "d1") for i in claim_ids))

    file = BytesIO()
    findings = [
        found("conflicts", "c1", "c2", "elsewhere"),
        found("repeats", "elsewhere"),
        found("due", "c1"),
    ]
    write_report([ReportDocument(document, tuple(rows))], file, findings=findings, today=TODAY)
    (section,) = lxml.html.fromstring(file.getvalue().decode()).find_class("findings")
    assert [h.text_content() for h in section.iter("h3")] == ["Rows that cannot all be right 1"]
    assert [p.text_content() for p in section.iter("p")] == ["they <b>differ</b>"]
    assert [a.get("href") for a in section.iter("a")] == ["#c-1-1", "#c-1-2"]
    assert "words of elsewhere" in section.text_content()


def test_due_predictions_are_marked(document, rows):
    def made(is_due):
        file = BytesIO()
        write_report([ReportDocument(document, tuple(rows))], file, today=TODAY, is_due=is_due)
        return file.getvalue().decode()

    due = made(lambda row: row["claim_id"] == "c2")
    assert "1 due on 2021-01-01" in due and 'class="due-mark"' in due
    none = made(lambda row: False)
    assert "0 due on 2021-01-01" in none and 'class="due-mark"' not in none


def test_the_page_allows_nothing_but_its_own_style_and_script(document, rows):
    html = page(ReportDocument(document, tuple(rows)))
    policy = re.search(r'content="(default-src[^"]*)"', html)[1]
    assert policy.startswith("default-src 'none';")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"(src|href)=[\"']?(?!#)[^\"'#]", html.replace(f'href="{rows[0]["url"]}"', ""))


def hostile_documents(claim):
    for number, row in enumerate(hostile(claim)):
        text = f"{row.text} and so on"
        data = replace(row, start=0, end=len(row.text), evidence_url="javascript:alert(1)").to_dict()
        yield ReportDocument(
            Document(f"<b>{number}", text, title=row.text, author=row.text, url="javascript:alert(1)"),
            (data,),
            (Actor("1", row.text, "ORG", (), ((0, 3),)),),
        )


def test_hostile_text_stays_text(claim):
    root = lxml.html.fromstring(page(*hostile_documents(claim)))
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("img", "textarea", "b"))
    assert not [a for a in root.iter("a") if "javascript" in a.get("href")]


def test_an_empty_report_is_a_page():
    assert "0 documents" in page()


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5),
    names=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5),
)
def test_no_character_is_lost_and_each_claim_covers_its_words(text, spans, names):
    def inside(pairs):
        return [(a, b) for a, b in pairs if a < b <= len(text)]

    claims = [
        Claim(claim_id=str(i), start=a, end=b, text=text[a:b]).to_dict()
        for i, (a, b) in enumerate(inside(spans))
    ]
    actor = Actor("1", "x", "ORG", (), tuple(inside(names)))
    article = make_article(1, Document("d", text), claims, [actor])
    lines = ["".join(s.text for s in p.stretches) for p in article.paragraphs]
    assert lines == [line.rstrip() for line in text.splitlines() if line.rstrip()]
    for shown in article.claims:
        covered = "".join(s.text for p in article.paragraphs for s in p.stretches if shown in s.claims)
        assert covered.split() == shown.row["text"].split() or "".join(covered.split()) == "".join(
            shown.row["text"].split()
        )


def test_values_of_one_subject_and_unit_make_a_series(rows):
    later = rows[0] | {"time_start": "2016-01-01", "time_end": "2016-12-31", "value": 3e9, "subject": "Trade"}
    other = rows[0] | {"unit": "EUR", "time_start": "2016-01-01"}
    (series,) = make_series([later, rows[0], other])
    assert [(p.when, p.row["value"]) for p in series.points] == [("2014", 1e9), ("2016", 3e9)]
    assert series.points[0].x < series.points[1].x
    assert series.points[0].y > series.points[1].y


def test_two_places_share_no_line(rows):
    def of(place, year):
        return rows[0] | {"place": place, "time_start": f"{year}-01-01"}

    found = make_series([of("Turkey", 2014), of("Turkey", 2015), of("Norway", 2014), of("Norway", 2016)])
    assert [series.subject for series in found] == ["trade, Norway", "trade, Turkey"]


def test_rejected_rows_are_in_no_chart(rows):
    rejected = [row | {"status": "rejected"} for row in rows]
    assert make_series(rejected) == []
    assert make_timeline(rejected, TODAY, lambda _: True).predictions == ()
    assert make_speakers(rejected) == []


def test_speakers_by_number_and_certainty(rows):
    speakers = make_speakers([rows[0], rows[0], rows[1] | {"speaker": "Kim"}, rows[1]])
    assert [(s.name, s.stated, s.hedged, s.share) for s in speakers] == [
        ("Kim", 2, 1, 1.0),
        ("Russia", 0, 1, 1 / 3),
    ]


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium here")
    return path


@pytest.mark.slow
def test_a_browser_runs_our_script_and_no_other(chromium, claim, document, rows, tmp_path):
    path = tmp_path / "r.html"
    with path.open("wb") as file:
        write_report([ReportDocument(document, tuple(rows)), *hostile_documents(claim)], file, today=TODAY)
    result = subprocess.run(
        [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(
                f"--user-data-dir={tmp_path / 'profile'}",
                "--enable-logging=stderr",
                "--dump-dom",
                path.as_uri(),
            ),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    assert "2 of 2" in result.stdout
    assert "<button" in result.stdout
    assert "Content Security Policy" not in result.stderr
    assert result.stdout.count("<script") == 1
