"""What is mended in the markup of a page before it is parsed: characters that stop the parser, tags that cost it hours."""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 100
"""Of one tag. libxml2 compares each with all before it: 200,000 took 25 minutes, in C, where no time limit reaches."""
MAX_ROOTS = 20
"""Tags `html` and `body` of one page, whose attributes the parser puts together."""

# XML 1.0 has none of these (https://www.w3.org/TR/xml/#charsets), and lxml gives up a page that has one.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9A-Fa-f]{1,400})|0*([0-9]{1,400}));?")
_WORD_BREAKS = frozenset(map(ord, _SPACES))
_ATTRIBUTE = r"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_LONG_TAG = re.compile(rf"(<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{{MAX_ATTRIBUTES}}}+)(?:{_ATTRIBUTE})*+")
_ROOT = re.compile(r"<(?:html|body)\b", re.I)


def mended(markup: str) -> str:
    """Return the markup with what would stop the parser taken out; what a reader sees stays.

    Control characters, also those of numeric references, show as nothing in a browser, but some of them as a space.
    References to 128-159 mean Windows-1252, as the HTML standard has it. Of a tag with more than `MAX_ATTRIBUTES` the first stay.
    """
    markup = _CONTROL.sub(lambda match: " " if match[0] in _SPACES else "", markup)
    if "&#" in markup:
        markup = _REFERENCE.sub(_reference, markup)
    return _with_few_roots(_LONG_TAG.sub(r"\1", markup))


def _reference(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    number = int(digits, 16 if match[1] else 10) if len(digits) <= 8 else 0
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("cp1252", "replace")
    if number in _WORD_BREAKS:
        return " "
    if number > 0x10FFFF or _CONTROL.match(chr(number)):
        return ""
    return match[0]


def _with_few_roots(markup: str) -> str:
    parts = _ROOT.split(markup, MAX_ROOTS)
    if len(parts) <= MAX_ROOTS:
        return markup
    end = len(markup) - len(parts[-1])
    return markup[:end] + _ROOT.sub("<div", parts[-1])
