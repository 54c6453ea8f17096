"""Which occurrences of names mean one actor, what it is called, and by which other names the document calls it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from claimtable.nlp.actors import organisations, people
from claimtable.nlp.actors.acting import acts, government_end
from claimtable.nlp.actors.gazetteer import Gazetteer, Hit, fold
from claimtable.nlp.actors.identifiers import Identity, identity
from claimtable.nlp.actors.kinds import key_of
from claimtable.nlp.actors.spans import Found
from claimtable.nlp.actors.view import View
from claimtable.schema import Actor, ActorMention, ActorType, Document

_NEUTRAL_GOVERNMENT = frozenset({"government", "governments", "authorities", "regime", "administration"})
"""Words that make a state an actor even where the document never names it otherwise."""


@dataclass(slots=True)
class Member:
    """An occurrence that belongs to an actor."""

    start: int
    end: int
    label: ActorType
    acting: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class Cluster:
    """An actor in the making."""

    type: ActorType
    name: str
    members: list[Member] = field(default_factory=list)
    fixed: bool = False
    """The name is the gazetteer's or that of the document's metadata."""


class Linker:
    """Builds the clusters of one document."""

    def __init__(self, view: View, g: Gazetteer, spans: list[Found], types: Mapping[str, ActorType]) -> None:
        self.view = view
        self.g = g
        self.spans = spans
        self.types = types
        self.clusters: dict[str, Cluster] = {}
        self.starts = {f.start: f for f in spans}

    def build(self, document: Document) -> list[Cluster]:
        """Return the clusters of the names in `spans`, and of the document's author and its sections' speakers."""
        groups: dict[str, list[Found]] = {"PERSON": [], "ORG": [], "GPE": [], "LOC": [], "NORP": []}
        for found in self.spans:
            if found.hit is None:
                groups[self.types[key_of(self.view, found)]].append(found)
        self._known(s for s in self.spans if s.hit is not None)
        self._places([*groups["GPE"], *groups["LOC"]])
        self._groups(groups["NORP"])
        self._organisations(groups["ORG"])
        self._people(groups["PERSON"], document)
        return [c for c in self.clusters.values() if c.members or (c.fixed and c.type in ("PERSON", "ORG"))]

    def _cluster(self, key: str, type_: ActorType, name: str, *, fixed: bool = False) -> Cluster:
        cluster = self.clusters.get(key)
        if cluster is None:
            cluster = self.clusters[key] = Cluster(type_, name, fixed=fixed)
        return cluster

    def _member(
        self, found: Found, label: ActorType, *, acting: bool = False, end: int | None = None
    ) -> Member:
        end = end or found.end
        aliases = [self.view.surface(found.start, end)]
        if found.title is not None and label == "PERSON" and self._stands_alone(found.title):
            aliases.insert(0, self.view.surface(found.title, found.end))
        return Member(found.start, end, label, acting, tuple(aliases))

    def _stands_alone(self, title: int) -> bool:
        """Tell "President Putin" from "Deputy Prime Minister Trutnev" and "Brazilian President Cardoso"."""
        return not (self.view.is_capital(title - 1) and title - 1 not in self.view.sentence_starts)

    # States, regions, seats and peoples of the gazetteer

    def _known(self, spans: Iterable[Found]) -> None:
        metonyms: dict[tuple[str, str], list[tuple[Found, bool]]] = {}
        peoples: list[Found] = []
        adjectives: list[Found] = []
        for found in spans:
            hit = found.hit
            assert hit is not None
            if hit.form == "name":
                label: ActorType = hit.place.type
                acting = label == "GPE" and acts(self.view, self.g, found)
                self._state(hit).members.append(self._member(found, label, acting=acting))
            elif hit.form in ("capital", "seat"):
                metonyms.setdefault((hit.form, hit.seat), []).append((found, acts(self.view, self.g, found)))
            elif hit.form == "people" or self._is_people(found):
                peoples.append(found)
            else:
                adjectives.append(found)
        for (form, seat), occurrences in metonyms.items():
            self._metonym(form, seat, occurrences)
        for found in peoples:
            self._people_of(found)
        for found in adjectives:
            self._adjective(found)

    def _state(self, hit: Hit) -> Cluster:
        return self._cluster(f"place {hit.place.key}", hit.place.type, hit.place.name, fixed=True)

    def _metonym(self, form: str, seat: str, occurrences: list[tuple[Found, bool]]) -> None:
        """Return a seat that acts anywhere in the document is its state all through it, else the town or office itself."""
        hit = occurrences[0][0].hit
        assert hit is not None
        acting = any(a for _, a in occurrences)
        if acting:
            cluster = self._state(hit)
        elif form == "seat":
            cluster = self._cluster(f"seat {seat}", "ORG", seat, fixed=True)
        else:
            cluster = self._cluster(f"GPE {fold(seat)}", "GPE", seat)
        for found, acts_here in occurrences:
            cluster.members.append(self._member(found, cluster.type, acting=acts_here))

    def _is_people(self, found: Found) -> bool:
        """Tell "the British" and "the Chinese said" from "the British economy"."""
        return (
            self.view.lower(found.start - 1) == "the"
            and not self.view.is_nominal(found.end)
            and (self.view.text[found.end : found.end + 1] != ["-"])
        )

    def _people_of(self, found: Found) -> None:
        """Return the people as such, or its state where "the Russians" act for a state that the document names."""
        hit = found.hit
        assert hit is not None
        name = self.view.surface(found.start, found.end)
        named = f"place {hit.place.key}" in self.clusters and hit.place.type == "GPE"
        if named and self.view.lower(found.start - 1) == "the" and not self.view.is_nominal(found.end):
            self._state(hit).members.append(self._member(found, "NORP", acting=True))
            return
        if self._is_plural(found):
            cluster = self._cluster(f"NORP {hit.place.key}", "NORP", name)
            cluster.members.append(self._member(found, "NORP"))

    def _is_plural(self, found: Found) -> bool:
        last = self.view.lower(found.end - 1)
        people = found.hit is not None and found.hit.form == "people"
        modifies = self.view.is_nominal(found.end) and not people
        return not modifies and (last.endswith(("s", "men", "ese", "sh", "ch")))

    def _adjective(self, found: Found) -> None:
        hit = found.hit
        assert hit is not None
        end = government_end(self.view, self.g, found)
        if end is None or hit.place.type != "GPE":
            return
        named = f"place {hit.place.key}" in self.clusters
        if named or self.view.lower(end - 1) in _NEUTRAL_GOVERNMENT:
            self._state(hit).members.append(self._member(found, "GPE", acting=True, end=end))

    # Other places and groups

    def _places(self, spans: list[Found]) -> None:
        for found in spans:
            key = key_of(self.view, found)
            type_ = self.types[key]
            if self._is_direction(found):
                continue
            cluster = self._cluster(f"{type_} {key}", type_, self.view.surface(found.start, found.end))
            cluster.members.append(
                self._member(found, type_, acting=type_ == "GPE" and acts(self.view, self.g, found))
            )

    def _is_direction(self, found: Found) -> bool:
        """Return a bare "the North": the state of that name where the document names one, else a direction and no actor."""
        word = self.view.text[found.start]
        if found.end - found.start > 1 or word not in ("North", "South", "East", "West"):
            return False
        named = [
            c
            for k, c in self.clusters.items()
            if k.startswith("place ") and c.type == "GPE" and c.name.startswith(f"{word} ")
        ]
        if len(named) == 1 and self.view.lower(found.start - 1) == "the":
            named[0].members.append(self._member(found, "GPE", acting=acts(self.view, self.g, found)))
        return True

    def _groups(self, spans: list[Found]) -> None:
        for found in spans:
            if self._is_plural(found):
                name = self.view.surface(found.start, found.end)
                cluster = self._cluster(f"NORP {key_of(self.view, found)}", "NORP", name)
                cluster.members.append(self._member(found, "NORP"))

    # Organisations

    def _organisations(self, spans: list[Found]) -> None:
        cores: dict[tuple[str, ...], list[Found]] = {}
        heads: list[Found] = []
        for found in spans:
            core = organisations.core_of(self.view.surface(found.start, found.end), self.g)
            if found.end - found.start == 1 and len(core) == 1 and self.g.is_a("org_head", core[0]):
                heads.append(found)
            else:
                cores.setdefault(core, []).append(found)
        parents = {core: core for core in cores}

        def top(core: tuple[str, ...]) -> tuple[str, ...]:
            while parents[core] != core:
                core = parents[core]
            return core

        for short, long in self._same_organisation(cores):
            a, b = top(short), top(long)
            if a != b:
                parents[a] = b
        for core, found_here in cores.items():
            key = f"ORG {' '.join(top(core))}"
            known = self._union(top(core)) or self._union(core) or self._union_in_brackets(found_here)
            cluster = self.clusters[known] if known else self._cluster(key, "ORG", "")
            cluster.members += [self._member(f, "ORG") for f in found_here]
        for cluster in self.clusters.values():
            if cluster.type == "ORG" and not cluster.fixed and cluster.members:
                cluster.name = self._organisation_name(cluster)
        for found in heads:
            self._head_only(found)

    def _union(self, core: tuple[str, ...]) -> str | None:
        """Return the key of the gazetteer's union (EU, UN) whose acronym or name the document introduces by `core`."""
        for key, cluster in self.clusters.items():
            if key.startswith("place ") and cluster.type == "ORG":
                names = {organisations.core_of(a, self.g) for m in cluster.members for a in m.aliases}
                if core in names or core == organisations.core_of(cluster.name, self.g):
                    return key
        return None

    def _union_in_brackets(self, found_here: list[Found]) -> str | None:
        """Return the gazetteer's union that a bracket behind the name gives: "Southern Common Market (..., or Mercosur)"."""
        for found in found_here:
            for other in self._bracket(found):
                if other.hit is not None and other.hit.place.type == "ORG":
                    return f"place {other.hit.place.key}"
        return None

    def _same_organisation(
        self, cores: Mapping[tuple[str, ...], list[Found]]
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Yield pairs (short, long) of names of one organisation."""
        acronyms: dict[str, list[tuple[str, ...]]] = {}
        firsts: dict[str, list[tuple[str, ...]]] = {}
        for core in cores:
            firsts.setdefault(core[0], []).append(core)
            for acronym in organisations.initials(core) if len(core) > 1 else ():
                acronyms.setdefault(acronym, []).append(core)
        yield from self._prefixed(cores)
        for core, found_here in cores.items():
            if len(core) == 1:
                word = self.view.text[found_here[0].end - 1].replace(".", "")
                candidates = [c for c in acronyms.get(word.lower(), []) if c != core]
                if sum(c.isupper() for c in word) > (not word.isupper()) and len(candidates) == 1:
                    yield core, candidates[0]
            for long in firsts.get(core[0], ()):
                if long != core and organisations.is_short_for(core, long, self.g):
                    yield core, long
            yield from self._bracketed(core, found_here, cores)

    def _prefixed(
        self, cores: Mapping[tuple[str, ...], list[Found]]
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Yield the names with the name of a state before them ("US Department of X") and the same without it."""
        by_rest: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for core, found_here in cores.items():
            split = organisations.state_prefix(self.view.surface(found_here[0].start, found_here[0].end))
            if len(core) > 1 and split is not None:
                rest = organisations.core_of(split[1], self.g)
                by_rest.setdefault(rest, []).append((split[0], core))
        for rest, longer in by_rest.items():
            states = {state for state, _ in longer}
            for state in states:
                same = [core for s, core in longer if s == state]
                yield from ((core, same[0]) for core in same[1:])
            if len(states) == 1 and rest in cores:
                yield rest, longer[0][1]

    def _bracketed(
        self, core: tuple[str, ...], found_here: list[Found], cores: Mapping[tuple[str, ...], list[Found]]
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Yield the names that stand in brackets behind a name: "Southern Common Market (Mercado Común del Sur, or Mercosur)"."""
        for found in found_here:
            for other in self._bracket(found):
                inner = organisations.core_of(self.view.surface(other.start, other.end), self.g)
                if inner in cores and inner != core:
                    yield inner, core

    def _bracket(self, found: Found) -> Iterator[Found]:
        """Yield the names that make up a bracket directly behind a name."""
        i = found.end
        if self.view.text[i : i + 1] != ["("]:
            return
        i += 1
        while i in self.starts:
            other = self.starts[i]
            yield other
            i = other.end
            while self.view.lower(i) in (",", "or", "and", "also", "known", "as"):
                i += 1

    def _organisation_name(self, cluster: Cluster) -> str:
        names = [m.aliases[-1] for m in cluster.members]
        name = max(names, key=lambda n: (not n.isupper() or " " in n, len(n.split()), len(n)))
        prefix = organisations.state_prefix(name)
        if prefix is not None and re.match(r"(?:The |the )?(?:U\.?S\.?A?|U\.?K)\b", name):
            name = f"{prefix[0]} {prefix[1]}"
        return name

    def _head_only(self, found: Found) -> None:
        """Link "The Department": the last organisation before it with that head; else an institution of one word, else nothing."""
        word = self.view.lower(found.start)
        best: Cluster | None = None
        nearest = -1
        for cluster in self.clusters.values():
            if cluster.type != "ORG":
                continue
            for m in cluster.members:
                if (
                    nearest < m.start < found.start
                    and m.end - m.start > 1
                    and any(self.view.lower(k) == word for k in range(m.start, m.end))
                ):
                    best, nearest = cluster, m.start
        if best is None and self.g.is_a("institution", word):
            best = self._cluster(f"ORG {word}", "ORG", self.view.text[found.start])
        if best is not None:
            best.members.append(self._member(found, "ORG"))

    # Persons

    def _people(self, spans: list[Found], document: Document) -> None:
        names: list[tuple[float, str, Found | None]] = [
            (float(self.view.start[f.start]), self.view.surface(f.start, f.end), f) for f in spans
        ]
        # The byline stands before all else; a commenter where the comment begins.
        speakers = [(-1.0, name) for name in split_authors(document.author)]
        speakers += [(s.start - 0.5, name) for s in document.sections for name in split_authors(s.speaker)]
        for place, name in speakers:
            if not self._is_organisation(name):
                names.append((place, name, None))
        names.sort(key=lambda item: item[0])
        occurrences = []
        for _, name, place_found in names:
            at = place_found.title if place_found else None
            title = self.view.lower(at).rstrip(".") if at is not None else ""
            occurrences.append(people.Occurrence(name, self.g.titles.get(title, ""), _full_title(title)))
        for person in people.link(occurrences, self.g):
            members = [self._member(f, "PERSON") for k in person.seen if (f := names[k][2]) is not None]
            own = [names[k][1] for k in person.seen]
            name = max(own, key=lambda n: (len(people.words_of(n)), not n.isupper(), len(n)))
            cluster = self._cluster(f"PERSON {' '.join(person.words)}", "PERSON", name)
            cluster.members += members
            cluster.fixed = cluster.fixed or any(names[k][2] is None for k in person.seen)

    def _is_organisation(self, name: str) -> bool:
        """Enter an author that is an organisation ("Reuters Staff" by its name in the text); return whether it is one."""
        core = organisations.core_of(name, self.g)
        if not core:
            return True
        legal = core != tuple(fold(name).split()) and not fold(name).startswith("the ")
        key = f"ORG {' '.join(core)}"
        if key in self.clusters:
            return True
        if self.g.is_a("org_head", core[-1]) or legal:
            self._cluster(key, "ORG", name, fixed=True)
            return True
        return False


def _full_title(title: str) -> str:
    return {
        "sen": "senator",
        "rep": "representative",
        "gov": "governor",
        "gen": "general",
        "prof": "professor",
        "dr": "doctor",
    }.get(title, "" if title in ("mr", "mrs", "ms", "miss") else title)


def split_authors(byline: str | None) -> list[str]:
    """Return the names of a byline: "By Ann Lee and Bob Ray" → Ann Lee, Bob Ray."""
    if not byline:
        return []
    plain = re.sub(r"^\s*by\s+", "", byline, flags=re.IGNORECASE)
    return [p.strip() for p in re.split(r"\s*[,;&]\s*|\s+and\s+", plain) if p.strip()]


def actor_id(type_: str, name: str) -> str:
    """Return the id of an actor: the same in all documents in which type and canonical name agree."""
    folded = fold(name)
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:40]
    digest = hashlib.blake2s(f"{type_} {folded}".encode(), digest_size=4).hexdigest()
    return f"{type_.lower()}-{slug}-{digest}" if slug else f"{type_.lower()}-{digest}"


def records(view: View, clusters: Iterable[Cluster], doc_id: str) -> tuple[list[ActorMention], list[Actor]]:
    """Return the mentions in text order and the actors in order of first mention."""
    mentions: list[ActorMention] = []
    merged: dict[str, tuple[Cluster, dict[str, None]]] = {}
    known: dict[str, Identity] = {}
    for cluster in clusters:
        names = dict.fromkeys((cluster.name, *(name for m in cluster.members for name in m.aliases)))
        # A seat that acts is its state, whose name the cluster has.
        one = identity(cluster.type, (cluster.name,) if cluster.type in ("GPE", "LOC") else names)
        id_ = actor_id(cluster.type, cluster.name if one is None else one.name)
        if one is not None:
            known[id_] = one
        earlier, aliases = merged.setdefault(id_, (cluster, {}))
        if len(cluster.name) > len(earlier.name):
            merged[id_] = (cluster, aliases)
        if cluster.fixed and not cluster.members:
            aliases[cluster.name] = None
        for m in sorted(cluster.members, key=lambda m: m.start):
            start, end = view.start[m.start], view.end(m.end - 1)
            mentions.append(ActorMention(start, end, view.string[start:end], m.label, id_, m.acting))
            aliases.update(dict.fromkeys(reversed(m.aliases)))
    mentions.sort(key=lambda m: (m.start, m.end))
    places: dict[str, list[tuple[int, int]]] = {}
    for mention in mentions:
        places.setdefault(mention.actor_id, []).append((mention.start, mention.end))
    actors = [
        Actor(
            id_,
            cluster.name,
            cluster.type,
            tuple(aliases),
            tuple(places.get(id_, ())),
            (doc_id,) if doc_id else (),
            known[id_].wikidata if id_ in known else None,
            known[id_].code if id_ in known else None,
        )
        for id_, (cluster, aliases) in merged.items()
    ]
    actors.sort(key=lambda a: a.mentions[0] if a.mentions else (-1, -1))
    return mentions, actors
