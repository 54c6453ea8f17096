"""Features of the trained tagger, as hashed columns: what a token is, and how it stands to a cue.

A feature is a 32-bit row number of the weight table; all arithmetic is done on whole columns. String ids
are those of spaCy (hash of the text), so they are the same in every pipeline and process.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from claimtable.nlp.attribution import lexicon, spans
from claimtable.nlp.attribution.drafts import Draft
from claimtable.nlp.attribution.layout import Layout

Column = NDArray[np.uint64]
Index = NDArray[np.int64]
Feature = tuple[int, tuple[Column, ...]]
"""A number of its own, and the columns that it is made of."""

PAD = 3
"""Columns have this many empty places at both ends, so that neighbours need no bounds."""
LEFT_REACH, RIGHT_REACH = 80, 120
"""Tokens before and after a cue among which source and content are looked for (99 % of PolNeAR's contents)."""
MAX_UP = 5
"""Ancestors of a cue that are told apart."""

_ARGUMENTS = (
    "nsubj",
    "nsubj:pass",
    "csubj",
    "ccomp",
    "xcomp",
    "obj",
    "iobj",
    "parataxis",
    "expl",
    "compound:prt",
    "advcl",
    "acl",
)
_MODIFIERS = (
    "aux",
    "aux:pass",
    "cop",
    "mark",
    "case",
    "obl",
    "nmod",
    "nmod:poss",
    "conj",
    "punct",
    "advmod",
    "appos",
    "det",
    "amod",
)
_BITS = {dep: 1 << k for k, dep in enumerate(_ARGUMENTS + _MODIFIERS)}
_ARGUMENT_MASK = (1 << len(_ARGUMENTS)) - 1
_ATTRS = ("LOWER", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE", "SHAPE", "SUFFIX")
_M1, _M2, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(29)


def _salted(salt: int) -> int:
    return salt * 0x2545F4914F6CDD1D % 2**64


def mix(salt: int, *columns: Column) -> Column:
    """Return one hashed column from several, different for each `salt`."""
    out = np.full(columns[0].shape, np.uint64(_salted(salt)))
    for column in columns:
        out = (out ^ column) * _M1
        out ^= out >> _SHIFT
    return out


def rows(features: Sequence[Feature], size: int) -> Index:
    """Return the features, each hashed as by `mix`, as row numbers below `size`, one line per token or pair.

    Features of more columns come first, so that each step takes all that have so many columns at once: one by one, half of
    the time goes into calls.
    """
    ordered = sorted(features, key=lambda feature: -len(feature[1]))
    salts = np.array([_salted(number) for number, _ in ordered], dtype=np.uint64)
    out: Column = np.repeat(salts[:, None], len(ordered[0][1][0]), axis=1)
    for k in range(len(ordered[0][1])):
        columns = np.array([columns[k] for _, columns in ordered if len(columns) > k])
        part = out[: len(columns)]
        part ^= columns
        part *= _M1
        part ^= part >> _SHIFT
    out *= _M2
    out ^= out >> np.uint64(32)
    out %= np.uint64(size)
    return out.view(np.int64).T


class TokenFeatures:
    """Hashed columns over the tokens of a document; index = token index + `PAD`."""

    def __init__(self, doc: Doc, layout: Layout, drafts: Sequence[Draft]) -> None:
        t = layout.t
        n = t.n
        self.n = n
        self.layout = layout
        array = doc.to_array(list(_ATTRS)).reshape(n, len(_ATTRS)).astype(np.uint64)
        padded = np.zeros((n + 2 * PAD, len(_ATTRS)), dtype=np.uint64)
        padded[PAD : PAD + n] = array
        self.lower, self.lemma, self.pos, self.tag, self.dep, self.ent, self.shape, self.suffix = (
            np.ascontiguousarray(padded.T)
        )
        head = np.array(t.head, dtype=np.int64) if n else np.zeros(0, dtype=np.int64)
        self.head = np.zeros(n + 2 * PAD, dtype=np.int64)
        self.head[PAD : PAD + n] = head + PAD
        self._children(t.dep, head)
        self._quotes()
        self._rules(drafts)

    def _pad(self, values: NDArray[np.int64] | NDArray[np.bool_]) -> Column:
        out = np.zeros(self.n + 2 * PAD, dtype=np.uint64)
        out[PAD : PAD + self.n] = np.asarray(values, dtype=np.int64).astype(np.uint64) if self.n else 0
        return out

    def _children(self, dep: list[str], head: Index) -> None:
        n = self.n
        bits = np.array([_BITS.get(d, 0) for d in dep], dtype=np.int64)
        own = np.arange(n)
        inner = head != own
        frame = np.zeros(n, dtype=np.int64)
        if n:
            np.bitwise_or.at(frame, head[inner], bits[inner])
        self.frame = self._pad(frame & _ARGUMENT_MASK)
        self.frame_all = self._pad(frame)
        self.dependent: dict[str, Index] = {}
        """For each relation the padded index of the (last) dependent with it, 0 for none."""
        for name, relations in (
            ("subject", ("nsubj", "nsubj:pass", "csubj")),
            ("object", ("obj",)),
            ("oblique", ("obl", "nmod")),
            ("clause", ("ccomp", "xcomp")),
            ("case", ("case", "mark")),
            ("auxiliary", ("aux", "cop", "aux:pass")),
            ("particle", ("compound:prt",)),
            ("owner", ("nmod:poss",)),
        ):
            wanted = sum(_BITS[r] for r in relations)
            hit = inner & ((bits & wanted) > 0)
            out = np.zeros(n + 2 * PAD, dtype=np.int64)
            out[head[hit] + PAD] = own[hit] + PAD
            self.dependent[name] = out

    def _quotes(self) -> None:
        layout, n = self.layout, self.n
        inside = np.array(layout.quote, dtype=np.int64) + 1
        self.quote_id = inside
        self.inside = self._pad(inside > 0)
        opens = np.zeros(n, dtype=np.int64)
        closes = np.zeros(n, dtype=np.int64)
        for a, b in layout.ranges:
            if a < b:
                opens[a] = 1
                closes[b - 1] = 1
        self.opens, self.closes = self._pad(opens), self._pad(closes)
        # Distance in tokens to the nearest closing mark before and the nearest opening mark after, in the paragraph.
        paragraph = np.array(layout.paragraph, dtype=np.int64)
        place = np.arange(n)
        last = np.maximum.accumulate(np.where(closes > 0, place, -10_000)) if n else place
        following = np.minimum.accumulate(np.where(opens > 0, place, 1_000_000)[::-1])[::-1] if n else place
        before = np.where((last >= 0) & (paragraph[np.maximum(last, 0)] == paragraph), place - last, 99)
        after = np.where(
            (following < n) & (paragraph[np.minimum(following, max(n - 1, 0))] == paragraph),
            following - place,
            99,
        )
        self.quote_before = self._pad(_bucket(before))
        self.quote_after = self._pad(_bucket(after))
        first = np.array([a for a, _ in layout.paragraphs], dtype=np.int64)
        start = first[paragraph] if n else paragraph
        self.title = self._pad((paragraph == 0).astype(np.int64))
        self.place = self._pad(np.minimum(place - start, 3))
        borders = np.array(layout.t.sents, dtype=np.int64).reshape(-1, 2)
        sent, stop = np.repeat(borders, borders[:, 1] - borders[:, 0], axis=0).T
        self.sent_start = self._pad(np.minimum(place - sent, 3))
        self.sent_end = self._pad(np.minimum(stop - 1 - place, 3))

    def _rules(self, drafts: Sequence[Draft]) -> None:
        n = self.n
        fired = np.zeros(n, dtype=np.int64)
        self.draft: dict[int, Draft] = {}
        for draft in drafts:
            if not draft.cue:
                continue
            for a, b in draft.cue:
                for i in range(a, b):
                    fired[i] = 1 + lexicon.SENSES.index(draft.sense)
                    self.draft.setdefault(i, draft)
        self.fired = self._pad(fired)
        verbs, nouns = lexicon.verbs(), lexicon.phrases("noun")
        known: dict[str, int] = {}
        codes = np.zeros(n, dtype=np.int64)
        for i, lemma in enumerate(self.layout.t.lemma):
            code = known.get(lemma)
            if code is None:
                verb, noun = verbs.get(lemma), nouns.get(lemma)
                label = ",".join(sorted(verb.frames)) + verb.sense if verb else ""
                code = zlib.crc32((label + ("|noun" if noun else "")).encode()) if verb or noun else 0
                known[lemma] = code
            codes[i] = code
        self.known = self._pad(codes)


def _bucket(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.select(
        [distance <= 1, distance <= 2, distance <= 4, distance <= 8, distance <= 16, distance <= 40],
        [1, 2, 3, 4, 5, 6],
        7,
    )


def cue_candidates(layout: Layout, words: frozenset[str]) -> Index:
    """Return the tokens that may head a cue: all verbs, and of the other tokens those whose lemma is in `words`."""
    t = layout.t
    section = layout.section
    found = [i for i in range(t.n) if section[i] >= 0 and (t.pos[i] == "VERB" or t.lemma[i] in words)]
    return np.array(found, dtype=np.int64)


def cue_features(c: TokenFeatures, at: Index) -> list[Feature]:
    """Return the features of the tokens `at` as heads of a cue."""
    i = at + PAD
    h = c.head[i]
    g = c.head[h]
    lemma, lower, pos, tag, dep = c.lemma[i], c.lower[i], c.pos[i], c.tag[i], c.dep[i]
    p1, n1, p2, n2 = c.lower[i - 1], c.lower[i + 1], c.lower[i - 2], c.lower[i + 2]
    subject, obj, oblique, clause = (c.dependent[k][i] for k in ("subject", "object", "oblique", "clause"))
    has = {k: (v[i] > 0).astype(np.uint64) for k, v in c.dependent.items()}
    frame, inside = c.frame[i], c.inside[i]
    quotes = c.quote_before[i] * np.uint64(8) + c.quote_after[i]
    close = (c.quote_before[i] <= np.uint64(3)).astype(np.uint64) * np.uint64(2) + (
        c.quote_after[i] <= np.uint64(3)
    ).astype(np.uint64)
    preposition = c.lower[c.dependent["case"][oblique]]
    above_subject = c.dependent["subject"][h]
    return [
        (1, (lower,)),
        (2, (lemma,)),
        (3, (lemma, pos)),
        (4, (tag, dep)),
        (5, (lemma, dep)),
        (6, (lemma, tag)),
        (7, (p1,)),
        (8, (n1,)),
        (9, (p2,)),
        (10, (n2,)),
        (11, (lemma, p1)),
        (12, (lemma, n1)),
        (13, (c.pos[i - 1], pos, c.pos[i + 1])),
        (14, (c.pos[i - 2], c.pos[i - 1], pos)),
        (15, (pos, c.pos[i + 1], c.pos[i + 2])),
        (16, (c.lemma[h],)),
        (17, (dep, c.lemma[h])),
        (18, (dep, c.pos[h], pos)),
        (19, (lemma, c.pos[h])),
        (20, (dep, c.dep[h], c.dep[g])),
        (21, (frame, pos)),
        (22, (lemma, frame)),
        (23, (c.frame_all[i], pos)),
        (24, (dep, frame, tag)),
        (25, (c.lemma[subject], pos)),
        (26, (c.pos[subject], c.ent[subject], pos)),
        (27, (lemma, c.ent[subject], c.pos[subject])),
        (28, (c.lower[subject], tag, frame)),
        (29, (c.lemma[obj], pos)),
        (30, (lemma, c.lemma[obj])),
        (31, (lemma, preposition)),
        (32, (lemma, has["clause"], c.dep[clause])),
        (33, (c.lower[c.dependent["case"][clause]], pos)),
        (34, (inside, lemma)),
        (35, (quotes, pos)),
        (36, (lemma, close)),
        (37, (close, frame, pos)),
        (38, (c.known[i], frame)),
        (39, (c.known[i], dep)),
        (40, (c.fired[i], pos, dep)),
        (41, (c.fired[i], lemma)),
        (42, (c.title[i], pos, frame)),
        (43, (c.title[i], lemma)),
        (44, (c.lower[c.dependent["auxiliary"][i]], pos)),
        (45, (lemma, c.lower[c.dependent["auxiliary"][i]])),
        (46, (c.suffix[i], pos)),
        (47, (c.shape[i], pos, c.place[i])),
        (48, (n1, n2)),
        (49, (p2, p1)),
        (50, (c.lower[c.dependent["particle"][i]], lemma)),
        (51, (c.ent[c.dependent["owner"][i]], lemma)),
        (52, (has["owner"], frame, pos)),
        (53, (c.pos[above_subject], c.ent[above_subject], dep, tag)),
        (54, (c.inside[i], c.fired[i], frame, tag)),
        (55, (n1, c.pos[i + 2], pos)),
        (56, (c.known[h], dep, pos)),
        (57, (c.fired[h], dep, lemma)),
    ]


class Pairs:
    """The pairs (cue head, word token near it) of a document, with the columns that relate them."""

    def __init__(self, c: TokenFeatures, cues: Sequence[int]) -> None:
        layout = c.layout
        self.c = c
        word = np.array(layout.word, dtype=bool)
        t = layout.t
        self.cues = list(cues)
        blocks: list[Index] = []
        self.bounds: list[tuple[int, int]] = []
        """Half-open range of the pairs of each cue."""
        columns: dict[str, list[NDArray[np.int64]]] = {
            k: [] for k in ("way", "starts", "ends", "level", "draft")
        }
        code = {d: zlib.crc32(d.encode()) for d in set(t.dep)}
        dep = [code[d] for d in t.dep]
        total = 0
        for i in self.cues:
            a, b = window(layout, i)
            way, starts, ends, level = self._tree(i, a, b, dep)
            near = word[a:b].copy()
            near[i - a] = True
            keep = np.flatnonzero(near)
            blocks.append(keep + a)
            columns["way"].append(way[keep])
            columns["starts"].append(starts[keep])
            columns["ends"].append(ends[keep])
            columns["level"].append(level[keep])
            columns["draft"].append(_draft_codes(c.draft.get(i), a, b)[keep])
            self.bounds.append((total, total + len(keep)))
            total += len(keep)
        empty = np.zeros(0, dtype=np.int64)
        self.token: Index = np.concatenate(blocks) if blocks else empty
        sizes = [len(k) for k in blocks]
        self.cue: Index = np.repeat(np.array(self.cues, dtype=np.int64), sizes) if blocks else empty
        self.columns = {k: (np.concatenate(v) if v else empty).astype(np.uint64) for k, v in columns.items()}

    def _tree(self, i: int, a: int, b: int, dep: list[int]) -> tuple[NDArray[np.int64], ...]:
        """Return, for the tokens `a`..`b`: the relations between cue and token at the top of the token's branch,
        those of the branches that start and end there, and how far up the tree they meet.
        """
        layout = self.c.layout
        t = layout.t
        size = b - a
        way = np.zeros(size, dtype=np.int64)
        level = np.full(size, MAX_UP + 1, dtype=np.int64)
        starts = np.zeros(size, dtype=np.int64)
        ends = np.zeros(size, dtype=np.int64)
        node, below, up = i, -1, 0
        chain = 17
        while True:
            x, y = max(layout.left[node], a), min(layout.right[node], b)
            fresh = level[x - a : y - a] > MAX_UP if x < y else level[:0]
            if x < y:
                level[x - a : y - a][fresh] = up
                way[x - a : y - a][fresh] = chain
            if a <= node < b:
                way[node - a] = chain * 31 + 7
                level[node - a] = up
                if node != i:
                    starts[node - a] = ends[node - a] = chain * 31 + 7
            for child in _around(t.children[node], i):
                if child == below:
                    continue
                x, y = layout.left[child], layout.right[child]
                if y <= a or x >= b or x <= i < y:
                    continue
                code = (chain * 1_000_003 + dep[child]) & 0x7FFFFFFFFFFF
                way[max(x, a) - a : min(y, b) - a] = code
                if x >= a:
                    starts[x - a] = code
                if y <= b:
                    ends[y - 1 - a] = code
            if t.head[node] == node or up == MAX_UP:
                break
            chain = (chain * 1_000_003 + dep[node] + 1) & 0x7FFFFFFFFFFF if up < 2 else chain + 1
            below, node, up = node, t.head[node], up + 1
        return way, starts, ends, level


def window(layout: Layout, i: int) -> tuple[int, int]:
    """Return where source and content of the cue `i` are looked for: its sentence, those beside it in
    the paragraph, and the quoted passages beside it with those that go on from them.
    """
    t = layout.t
    start, end = layout.paragraphs[layout.paragraph[i]]
    k = t.sent[i]
    a = max(t.sents[max(k - 1, 0)][0], start)
    b = min(t.sents[min(k + 1, len(t.sents) - 1)][1], end)
    left, right = spans.quotes_beside(layout, i)
    if left is not None:
        a = min(a, layout.ranges[left][0])
    if right is not None:
        b = max(b, layout.ranges[spans.speech(layout, right)[-1]][1])
    if layout.quote[i] >= 0:
        a, b = min(a, layout.ranges[layout.quote[i]][0]), max(b, layout.ranges[layout.quote[i]][1])
    return max(a, i - LEFT_REACH, 0), min(b, i + 1 + RIGHT_REACH, t.n)


def _around(children: Sequence[int], i: int) -> Sequence[int]:
    """Return the dependents nearest to `i`; a list may have thousands."""
    if len(children) <= 40:
        return children
    return sorted(sorted(children, key=lambda k: abs(k - i))[:40])


def _draft_codes(draft: Draft | None, a: int, b: int) -> NDArray[np.int64]:
    """Return for each token of `a`..`b` its place in the draft that a rule made for the same cue."""
    out = np.zeros(b - a, dtype=np.int64)
    if draft is None:
        return out
    out += 1
    for base, part in ((2, draft.source), (5, draft.content)):
        for x, y in part:
            x, y = max(x, a), min(y, b)
            if x >= y:
                continue
            out[x - a : y - a] = base
            out[x - a] = base + 1
            out[y - 1 - a] = base + 2
    return out


def pair_features(p: Pairs) -> list[Feature]:
    """Return the features of the pairs."""
    c = p.c
    layout = c.layout
    t = layout.t
    i, j = p.cue + PAD, p.token + PAD
    way, starts, ends, level, draft = (p.columns[k] for k in ("way", "starts", "ends", "level", "draft"))
    distance = p.token - p.cue
    near = np.clip(distance, -6, 6)
    far = np.sign(distance) * _bucket(np.abs(distance))
    dist = (np.where(np.abs(distance) <= 6, near, far + 20 * np.sign(distance)) + 100).astype(np.uint64)
    sent = np.array(t.sent, dtype=np.int64)
    paragraph = np.array(layout.paragraph, dtype=np.int64)
    sents = (np.clip(sent[p.token] - sent[p.cue], -4, 5) + 10).astype(np.uint64)
    paragraphs = (np.clip(paragraph[p.token] - paragraph[p.cue], -1, 3) + 10).astype(np.uint64)
    side = (distance > 0).astype(np.uint64)
    quote = c.quote_id
    passages = np.where(quote[p.token] == 0, 0, np.clip(quote[p.token] - _next_quote(c)[p.cue], -3, 3) + 10)
    same = (quote[p.token] == quote[p.cue]).astype(np.int64) * (1 + (quote[p.cue] > 0))
    q = (passages * 4 + same).astype(np.uint64)
    commas = _count(c, [1 if w == "," else 0 for w in t.text])
    subjects = _count(c, [1 if r == "nsubj" else 0 for r in t.rel])
    marks = _count(c, [1 if w in ".!?;:" else 0 for w in t.text])
    crossed = _crossed(commas, p, 3) * np.uint64(16) + _crossed(marks, p, 2)
    crossed_subjects = _crossed(subjects, p, 3)
    lemma, dep, frame = c.lemma[i], c.dep[i], c.frame[i]
    lower, pos = c.lower[j], c.pos[j]
    before, after = c.lower[j - 1], c.lower[j + 1]
    punct_before = mix(90, before * (c.pos[j - 1] == _PUNCT), c.opens[j - 1])
    punct_after = mix(91, after * (c.pos[j + 1] == _PUNCT), c.closes[j + 1])
    rel = c.dep[j]
    edge = (starts > 0).astype(np.uint64) * np.uint64(2) + (ends > 0).astype(np.uint64)
    return [
        (101, (dist,)),
        (104, (way, starts)),
        (105, (way, ends)),
        (106, (starts, lower)),
        (107, (ends, punct_after)),
        (108, (starts, punct_before)),
        (109, (way, lemma)),
        (110, (starts, lemma)),
        (111, (ends, lemma)),
        (112, (way, frame)),
        (113, (starts, frame)),
        (114, (q, side)),
        (116, (q, punct_after, sents)),
        (117, (q, punct_before, sents)),
        (118, (q, way)),
        (119, (sents, side, paragraphs)),
        (121, (lower, side)),
        (122, (before, side)),
        (123, (after, side)),
        (124, (pos, c.pos[j - 1], c.pos[j + 1], side)),
        (126, (pos, dist)),
        (127, (draft,)),
        (128, (draft, dep)),
        (130, (draft, way)),
        (131, (crossed, side)),
        (132, (crossed, way)),
        (133, (crossed_subjects, level, side)),
        (134, (level, rel, side)),
        (136, (c.ent[j], c.ent[j - 1], side)),
        (137, (c.ent[j], c.ent[j + 1], side)),
        (138, (way, pos, edge)),
        (141, (rel, c.dep[c.head[j]], side)),
        (142, (punct_before, punct_after, side, edge)),
        (143, (c.sent_start[j], sents, q)),
        (144, (c.sent_end[j], sents, q)),
        (147, (rel, lower, edge)),
        (149, (lemma, dist)),
        (151, (c.tag[j], c.tag[j - 1], edge)),
        (152, (c.tag[j], c.tag[j + 1], edge)),
    ]


_PUNCT = np.uint64(97)
"""spaCy's symbol id of the part of speech PUNCT."""


def _next_quote(c: TokenFeatures) -> NDArray[np.int64]:
    """Return for each token the number of the passage that it is in or that comes next."""
    following = np.where(c.quote_id > 0, c.quote_id, 0)
    count = np.zeros(c.n, dtype=np.int64)
    for a, b in c.layout.ranges:
        if b <= c.n and a < b:
            count[a] += 1
    seen = np.cumsum(count)
    return np.where(following > 0, following, seen + 1)


def _count(c: TokenFeatures, flags: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)


def _crossed(cumulative: NDArray[np.int64], p: Pairs, limit: int) -> Column:
    low, high = np.minimum(p.cue, p.token), np.maximum(p.cue, p.token)
    crossed: Column = np.minimum(cumulative[high] - cumulative[low], limit).astype(np.uint64)
    return crossed
