"""Writes `rules/data/units.tsv` from ucumvert, Pint and `rules/data/unit_aliases.tsv`.

    pip install "ucumvert==0.3.2" "pint==0.25.3"
    python tools/make_units.py

The registries give names, symbols, prefixes and conversions; the aliases file says which units news
text uses, their dimension, and the forms that no registry has. Committing the result keeps the
registries (seconds to import) out of the package's run time.
"""

from __future__ import annotations

import csv
import math
import sys
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import ucumvert
from ucumvert import PintUcumRegistry

DATA = Path(__file__).parents[1] / "pipeline" / "claimtable" / "rules" / "data"
ESSENCE = Path(ucumvert.__file__).parent / "vendor" / "ucum-essence.xml"
NAMED_BY_HAND = {
    "[cup_us]",
    "a",
    "10.a",
    "100.a",
    "14.d",
    "'",
    "''",
    "[g]",
    "H",
    "G",
    "u",
    "P",
    "R",
    "U",
    "eq",
    "REM",
    "S",
    "[pH]",
    "Cel",
    "[degF]",
    "deg",
    "cal",
    "[Cal]",
    "[fth_i]",
    "RAD",
    "[MET]",
    "[tb'U]",
    "[p'diop]",
    "[hnsf'U]",
}
IRREGULAR = {
    "foot": "feet",
    "inch": "inches",
    "century": "centuries",
    "hertz": "hertz",
    "calories": "calories",
    "gray": "grays",
}
NEVER_PREFIXED = {"gf", "Cel", "Np", "RAD", "[g]", "[ly]", "[IU]", "K"}
"""Metric by UCUM, but nobody says so; "millikelvin" is a line of its own."""
BINARY = {"Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"}
MIN_NAME = 3
"""Letters of a name that takes further prefixes."""
PREFIXED_ONLY = {"T"}
"""Their bare names are those of something else, "12 Teslas"."""
# Own units: factor to the SI unit where the registries have no code.
OWN = {"[pp]": 0.01, "[bp]": 0.0001}
LEVELS = {"dB", "Np", "[pH]"}
"""Logarithmic: no linear conversion."""
# Signs that are words, clock times or list marks in running text far more often than units.
AMBIGUOUS = {
    "in",
    "pm",
    "gr",
    "ac",
    "day",
    "inch",
    "inches",
    "ton",
    "at",
    "us",
    "as",
    "amp",
    "lux",
    "bar",
    "cd",
    "ct",
    "G",
    "H",
    "S",
    "P",
    "R",
    "U",
    "u",
    "St",
    "eq",
    "sr",
    "'",
    "''",
    "rem",
    "erg",
    "mho",
    "pP",
    "mR",
    "mS",
    "kG",
    "mG",
    "mP",
    "mU",
    "kU",
    "gal",
    "BF",
}
# Signs of two letters that are written in any case: "KM", "Kg". Those of three letters and more all are, unless two units share the letters.
ANY_CASE = {"km", "kg", "cm", "kw", "gw", "hz"}
WORDS = {
    "cal",
    "bar",
    "lux",
    "rad",
    "rem",
    "erg",
    "gal",
    "mol",
    "ins",
    "btu",
    "osm",
    "bps",
    "mts",
    "kat",
    "ppt",
    "pps",
    "mas",
    "dyn",
}
"""Lower-case signs that are words, or too rare to be worth a name."""
# ucumvert 0.3.2 maps these codes to Pint names that mean something else (cft: centifoot; Cal: cal).
EQUIVALENT: dict[str, tuple[float, str]] = {
    "[cft_i]": (1.0, "[ft_i]3"),
    "[cyd_i]": (1.0, "[yd_i]3"),
    "[cin_i]": (1.0, "[in_i]3"),
    "[Cal]": (1.0, "kcal"),
    # Minutes of arc became seconds of time; gauss and oersted units of the CGS system.
    "'": (1 / 60, "deg"),
    "''": (1 / 3600, "deg"),
    "G": (1e-4, "T"),
    "Oe": (1000 / (4 * math.pi), "A/m"),
    "10.a": (10.0, "a"),
    "100.a": (100.0, "a"),
    "14.d": (14.0, "d"),
}


def read_aliases() -> list[dict[str, str]]:
    """Return the lines of the aliases file."""
    with (DATA / "unit_aliases.tsv").open(encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_essence() -> tuple[dict[str, list[str]], dict[str, tuple[str, str]], dict[str, float], set[str]]:
    """Return UCUM's English names by code, its prefixes (code → name, print symbol), what they stand for, and the codes that take them."""
    root = ElementTree.parse(ESSENCE).getroot()
    space = "{" + root.tag.split("}")[0][1:] + "}"
    names: dict[str, list[str]] = {}
    metric = set()
    for tag in ("unit", "base-unit"):
        for unit in root.iter(space + tag):
            code = unit.get("Code", "")
            names[code] = [n.text or "" for n in unit.findall(space + "name")]
            if tag == "base-unit" or unit.get("isMetric") == "yes":
                metric.add(code)
    prefixes, times = {}, {}
    for prefix in root.iter(space + "prefix"):
        symbol = prefix.find(space + "printSymbol")
        name = prefix.find(space + "name")
        prefixes[prefix.get("Code", "")] = (
            (name.text or "").strip() if name is not None else "",
            "".join(symbol.itertext()).strip() if symbol is not None else "",
        )
        value = prefix.find(space + "value")
        times[prefix.get("Code", "")] = float(value.get("value", "")) if value is not None else math.nan
    return names, prefixes, times, metric


def further_prefixes(
    line: dict[str, str], metric: set[str], prefixes: dict[str, tuple[str, str]]
) -> list[str]:
    """Return the prefixes beside those of the line that make names of a metric unit ("exajoule"), though no signs ("as", "pm")."""
    if line["code"] not in metric or line["code"] in NEVER_PREFIXED:
        return []
    listed = line["prefixes"].split(",")
    return [p for p in prefixes if p not in listed and p not in BINARY]


def plural(name: str) -> str:
    """Return the plural of a unit name; the part before `per` or `of` bears the ending."""
    for joint in (" per ", " an ", " a ", " of ", " to the "):
        head, found, rest = name.partition(joint)
        if found:
            return plural(head) + joint + rest
    head, found, rest = name.partition(" ")
    if head in ("degree", "deg") and found:
        return f"{head}s {rest}" if head == "degree" else name
    words = name.replace("-", " - ").split(" ")
    last = words[-1]
    if last == "squared":
        return plural(name[: -len(" squared")]) + " squared"
    if last in IRREGULAR.values():
        return name
    ending = IRREGULAR.get(last) or (last + "es" if last.endswith(("s", "x", "ch")) else last + "s")
    return (" ".join([*words[:-1], ending])).replace(" - ", "-")


def conversion(registry: PintUcumRegistry, code: str) -> tuple[float, float, str]:
    """Return (factor, offset, SI unit): SI value = value * factor + offset."""
    if code in OWN:
        return OWN[code], 0.0, "1"
    if code in LEVELS:
        return 1.0, 0.0, code
    if code in EQUIVALENT:
        times, same = EQUIVALENT[code]
        factor, offset, base = conversion(registry, same)
        return float(f"{times * factor:.12g}"), offset, base
    unit = registry.from_ucum(code.replace("{rev}", "1").replace("{beat}", "1")).units
    zero = registry.Quantity(0.0, unit).to_base_units()
    one = registry.Quantity(1.0, unit).to_base_units()
    offset = zero.magnitude
    base = f"{one.units:~}".replace(" ", "").replace("**", "").replace("*", ".") or "1"
    if base == "bit":
        return one.magnitude - offset, offset, "bit"
    return float(f"{one.magnitude - offset:.12g}"), float(f"{offset:.12g}"), base


def prefixed(
    registry: PintUcumRegistry, code: str, prefix: str, times: dict[str, float]
) -> tuple[float, float, str]:
    """Return the conversion of a unit with a prefix, from that of the unit: to the registry `hbar` is a constant of nature."""
    factor, offset, base = conversion(registry, code)
    if not prefix:
        return factor, offset, base
    return float(f"{factor * times[prefix]:.12g}"), offset, base


def registry_forms(registry: PintUcumRegistry, code: str) -> tuple[list[str], list[str]]:
    """Return (names, symbols) that Pint has for a UCUM code; compound units have none."""
    definition = registry._units.get(str(registry.from_ucum(code).units))
    if definition is None or definition.name == "dimensionless":
        return [], []
    names, symbols = [], []
    for form in (definition.name, definition.defined_symbol, *definition.aliases):
        if form is None or form.startswith("delta"):
            continue
        if len(form) >= 4 and form.replace("_", "").isalpha() and form.lower() == form:
            names.append(form.replace("_", " "))
        elif len(form) <= 4:
            symbols.append(form)
    return names, symbols


def label(rule: str, prefix: str, singular: str) -> str:
    """Return the name where the aliases file says that the layer shows it, else nothing."""
    if rule.startswith("="):
        return rule[1:]
    shown = not prefix if rule == "name" else bool(prefix) and prefix in rule.split(",")
    return singular if shown else ""


def _any_case(sign: str) -> bool:
    """Return whether a sign is read in any case, "5.8Ghz", "KM"."""
    low = sign.lower()
    if not (sign.isascii() and sign.isalpha()) or low in WORDS or low in AMBIGUOUS:
        return False
    return len(sign) > 2 or low in ANY_CASE


def forms_of(name: str, prefix: str, prefix_name: str, is_further: bool) -> list[str]:
    """Return the forms of a unit's name with a prefix; `name=p` is the name of the unit with the prefix `p` alone."""
    base, found, own_prefix = name.partition("=")
    if found and own_prefix and own_prefix != prefix:
        return []
    if is_further and (found or not base.isalpha() or len(base) < MIN_NAME):
        return []
    if found:
        return [base, plural(base)] if own_prefix else [prefix_name + base]
    return [prefix_name + base, plural(prefix_name + base)]


def main() -> int:
    """Write the file and return the exit code."""
    registry = PintUcumRegistry()
    essence, prefixes, times, metric = read_essence()
    taken_names: dict[str, str] = {}
    taken_symbols: dict[str, str] = {}
    rows = []
    for line in read_aliases():
        code = line["code"]
        own = [n for n in line["names"].split("|") if n]
        own_symbols = [s for s in line["symbols"].split("|") if s]
        names, symbols = (
            ([], [])
            if code in OWN or "{" in code or code in NAMED_BY_HAND or line["dimension"] == "assay"
            else registry_forms(registry, code)
        )
        names += [
            n for n in essence.get(code, []) if n.isascii() and n.replace(" ", "").replace("-", "").isalpha()
        ]
        further = further_prefixes(line, metric, prefixes)
        bare = [] if code in PREFIXED_ONLY else [""]
        for prefix in [*bare, *[p for p in line["prefixes"].split(",") if p], *further]:
            prefix_name, prefix_symbol = prefixes[prefix] if prefix else ("", "")
            variants = [
                v
                for name in dict.fromkeys([*own, *names])
                for v in forms_of(name, prefix, prefix_name, prefix in further)
            ]
            # `mb=m` is the sign of the unit with that prefix alone.
            alone = [s.partition("=")[0] for s in own_symbols if prefix and s.endswith(f"={prefix}")]
            plain = [s for s in dict.fromkeys([*own_symbols, *symbols]) if "=" not in s]
            signs = [*(prefix_symbol + s for s in plain), *alone]
            if prefix in further:
                signs = []
            if prefix == "u":
                signs = [m + s[len(prefix_symbol) :] for s in signs for m in ("µ", "μ", "u")]
            if prefix == "k" and code == "By":
                signs += ["KB"]
            full = prefix + code
            factor, offset, base_unit = prefixed(registry, code, prefix, times)
            variants += [s.lower() for s in signs if _any_case(s)]
            variants += [s.lower() + "s" for s in signs if s.lower() in ANY_CASE - {"hz"}]
            # The first unit that claims a form keeps it: the file's order is by frequency in news.
            variants = [
                v
                for v in dict.fromkeys(v.lower() for v in variants)
                if taken_names.setdefault(v, full) == full
            ]
            signs = [
                s
                for s in dict.fromkeys(signs)
                if s not in AMBIGUOUS and taken_symbols.setdefault(s, full) == full and " " not in s.strip()
            ]
            if not variants and prefix in further:
                continue
            singular = next((v for v in variants), full)
            rows.append(
                [
                    f"unit.{full}",
                    full,
                    label(line["label"], prefix, singular),
                    line["dimension"],
                    singular,
                    "|".join(variants),
                    "|".join(signs),
                    repr(factor),
                    repr(offset),
                    base_unit,
                    line["source"],
                ]
            )
    with (DATA / "units.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            "# Generated by tools/make_units.py from "
            f"ucumvert {version('ucumvert')} (UCUM 2.2, ucum.org licence), Pint {version('pint')} (BSD-3-Clause) "
            "and unit_aliases.tsv. Do not edit.\n"
        )
        file.write("id\tcode\tlabel\tdimension\tname\tnames\tsymbols\tfactor\toffset\tsi\tsource\n")
        for row in rows:
            file.write("\t".join(row) + "\n")
    sys.stderr.write(f"{len(rows)} units\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
