"""The table of the charter's decisions, for people to read and sign: ``matrix.md``.

``python -m policies.matrix`` writes it; with ``--check`` it writes nothing, and fails (exit 1) if the policies decide
otherwise than the table on disk.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from domain.compartments import Compartment
from domain.grounds import Ground
from domain.network.members import Entitlement
from policies.acts import OF_MEMBERSHIP, Act, Concern
from policies.articles import read_articles
from policies.charter import Charter, Decision
from policies.facts import NO_PART, Asker, Relation, Situation
from policies.rules import read_compartments, read_schema

Row: TypeAlias = tuple[str, ...]

_EVERYTHING = frozenset(Compartment)
_EVERY_ENTITLEMENT = frozenset(entitlement.value for entitlement in Entitlement)
_INTRODUCTION = """\
# Table des décisions de la charte

Écrite par `python -m policies.matrix`, jamais à la main ; c'est elle que l'on signe, avec le texte
des articles. Chaque case dit la réponse et les articles qui la donnent : `oui 4.2`, `non 5.2`.
Les institutions qui reçoivent la même réponse partagent une ligne ; les cas qui donnent la même
table sont nommés ensemble au-dessus d'elle.

« Sur la personne » veut dire : prend part aux soins, travaille avec elle, l'héberge.
« Toutes habilitations » : ce que la charte répond même si l'annuaire se trompe."""


def table(charter: Charter) -> str:
    """Write the whole table, as Markdown."""
    return "\n\n".join([_INTRODUCTION, *(section(charter, act) for act in Act)]) + "\n"


def section(charter: Charter, act: Act) -> str:
    """Write the part of the table that is about one act."""
    parts = [f"## {act.value}"]
    for lines, titles in _tables_of(charter, act).items():
        parts += ["\n".join(f"- {title}" for title in titles), lines]
    return "\n\n".join(parts)


def main(arguments: Sequence[str], folder: Path, render: Callable[[Charter], str] = table) -> int:
    """Write the table of a charter's folder, or check it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m policies.matrix", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args(arguments).check
    schema = read_schema(folder)
    articles = read_articles(folder / "articles")
    decided = render(Charter(articles, schema, read_compartments(folder, schema), b""))
    path = folder / "matrix.md"
    if not checking:
        path.write_text(decided, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == decided:
        return 0
    sys.stderr.write("matrix.md is not what the policies decide: python -m policies.matrix\n")
    return 1


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    asker: Asker


@dataclass(frozen=True, slots=True)
class _Case:
    title: str
    situation: Situation
    ground: Ground = Ground.NONE


def _tables_of(charter: Charter, act: Act) -> dict[str, list[str]]:
    """List the tables of an act, each with the titles of the cases in which it holds."""
    tables: dict[str, list[str]] = {}
    for case in _cases(act):
        tables.setdefault(_one_table(charter, act, case), []).append(case.title)
    return tables


def _one_table(charter: Charter, act: Act, case: _Case) -> str:
    """Write one act in one case: a line for each group of institutions, a column for each compartment."""
    columns = list(Compartment) if act.concerns is Concern.COMPARTMENT else [None]
    groups: dict[Row, list[str]] = {}
    for member in _members():
        cells = tuple(
            _cell(charter.decide(act, member.asker, case.situation, column, case.ground))
            for column in columns
        )
        groups.setdefault(cells, []).append(member.name)
    head = ["institution", *(column.value if column else "réponse" for column in columns)]
    lines = [_line(head), _line(["---"] * len(head))]
    most = max(groups.values(), key=len)
    for cells, names in sorted(groups.items(), key=lambda group: group[1] is most):
        others = "toutes" if len(groups) == 1 else "toutes les autres"
        lines.append(_line([others if names is most else "<br>".join(names), *cells]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(decision: Decision) -> str:
    return f"{'oui' if decision.allowed else 'non'} {', '.join(decision.articles)}"


def _cases(act: Act) -> Iterator[_Case]:
    """The cases in which an act is shown."""
    if act in OF_MEMBERSHIP:
        yield _Case("une autre institution, qui a des membres ; astreinte sans clé", NO_PART)
        yield _Case("sa propre institution", replace(NO_PART, is_own_institution=True))
        yield _Case("une institution sans membre", replace(NO_PART, has_no_member=True))
        yield _Case("astreinte qui a une clé", replace(NO_PART, desk_has_key=True))
    elif act.concerns is Concern.NETWORK:
        yield _Case("sans motif", NO_PART)
        yield _Case("avec un motif", replace(NO_PART, purpose="ongoing_work"))
    elif act.concerns is Concern.SUMMARY:
        yield _Case("non destinataire", NO_PART)
        yield _Case("destinataire", replace(NO_PART, is_addressee=True))
    elif act in {Act.SHARE_WITHOUT_CONSENT, Act.INCLUDE_IN_SUMMARY}:
        for title, situation in _situations_of_a_journey():
            yield _Case(f"{title}, sans fondement", situation)
        for ground in Ground:
            yield _Case(f"partenaire, sur la personne, fondement {ground.value}", _close(), ground)
    else:
        yield from (_Case(title, situation) for title, situation in _situations_of_a_journey())
        if act in {Act.APPEND, Act.DEPOSIT}:
            for ground in Ground:
                yield _Case(
                    f"partenaire, sur la personne, fondement {ground.value}", _close(), ground
                )


def _close() -> Situation:
    """Make the situation of a partner to which everything is open that the charter lets open."""
    return replace(
        NO_PART,
        relation=Relation.PARTNER,
        consent=_EVERYTHING,
        takes_part_in_care=True,
        works_with_person=True,
        shelters=True,
        person_informed=True,
        purpose="ongoing_work",
        within_requisition=True,
        is_approved=True,
        is_composer=False,
        is_author_institution=True,
    )


def _situations_of_a_journey() -> Iterator[tuple[str, Situation]]:
    close = _close()
    shared = replace(close, takes_part_in_care=False, works_with_person=False, shelters=False)
    alone = replace(close, consent=frozenset())
    yield "ne prend pas part", NO_PART
    yield "a quitté le suivi", replace(close, relation=Relation.LEFT)
    yield "partenaire tenu à l'écart", replace(close, shut_out=True)
    yield "invitée, accord sur tout, sur la personne", replace(close, relation=Relation.INVITED)
    yield "partenaire, accord sur tout, sur la personne", close
    yield "partenaire, accord sur tout, pas sur la personne", shared
    yield "partenaire, autre fondement, sur la personne", replace(alone, ground_scope=_EVERYTHING)
    yield (
        "partenaire, accord sur l'accompagnement seul",
        replace(close, consent=frozenset({Compartment.FOLLOW_UP})),
    )
    yield "partenaire, aucun accord", alone
    yield "pilote, aucun accord, sur la personne", replace(alone, relation=Relation.LEAD)
    yield "partenaire, suivi clos", replace(close, state="closed")
    yield "pilote, suivi clos", replace(alone, relation=Relation.LEAD, state="closed")
    yield "partenaire, adresse cachée", replace(close, address_hidden=True)
    yield (
        "partenaire inscrit sur la liste, adresse cachée",
        replace(close, address_hidden=True, listed=True),
    )
    yield "partenaire désigné coordinateur", replace(shared, designated_coordinator=True)
    yield "partenaire, l'accord ouvre le passé", replace(close, includes_past=True)
    yield (
        "partenaire, hors réquisition, sans motif, sans information",
        replace(
            close, within_requisition=False, purpose=None, person_informed=False, is_composer=True
        ),
    )
    yield "astreinte", replace(alone, relation=Relation.ON_CALL)


def _members() -> Iterator[_Member]:
    """List every kind as in the example network, then some unsigned, suspended, excluded or with more entitlements."""
    for kind, may in _KINDS:
        granted = frozenset(entitlement.value for entitlement in may)
        yield _Member(" + ".join((kind, *sorted(granted))), _member(kind, granted))
    for kind in ("police", "education", "housing", "municipality"):
        yield _Member(f"{kind}, toutes habilitations", _member(kind, _EVERY_ENTITLEMENT))
    gateway = replace(_member("municipality", frozenset()), gateway=True)
    yield _Member("municipality, numéro d'accueil", gateway)
    author = _member("probation", frozenset({Entitlement.OFFENCE_DATA.value}))
    yield _Member(
        "probation + offence-data, travaille avec l'auteur", replace(author, works_with_author=True)
    )
    health = _member("health", frozenset({Entitlement.CARE.value}))
    yield _Member(
        "health + care, institution non signataire", replace(health, institution_signed=False)
    )
    yield _Member("health + care, personne non signataire", replace(health, referent_signed=False))
    yield _Member("health + care, compte suspendu", replace(health, suspended=True))
    yield _Member("health + care, exclue", replace(health, excluded=True))


def _member(kind: str, may: frozenset[str]) -> Asker:
    return Asker(
        institution_kind=kind,
        may=may,
        gateway=False,
        works_with_author=False,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=False,
    )


_KINDS: tuple[tuple[str, tuple[Entitlement, ...]], ...] = (
    ("police", (Entitlement.OFFENCE_DATA,)),
    ("gendarmerie", (Entitlement.OFFENCE_DATA,)),
    ("municipal-police", ()),
    ("health", (Entitlement.CARE,)),
    ("social", (Entitlement.SOCIAL_ACTION, Entitlement.CHILD_PROTECTION)),
    ("child-protection", (Entitlement.SOCIAL_ACTION, Entitlement.CHILD_PROTECTION)),
    ("housing", (Entitlement.SOCIAL_ACTION, Entitlement.SHELTER)),
    ("housing", ()),
    ("victim-support", (Entitlement.OFFENCE_DATA,)),
    ("legal-advice", ()),
    ("support", ()),
    ("benefits", ()),
    ("education", ()),
    ("youth-justice", (Entitlement.OFFENCE_DATA, Entitlement.CHILD_PROTECTION)),
    ("municipality", ()),
    ("municipality", (Entitlement.SOCIAL_ACTION,)),
    ("state", ()),
    ("elected", ()),
    ("justice", (Entitlement.OFFENCE_DATA,)),
    ("coordination", ()),
    ("second-auditor", ()),
)

if __name__ == "__main__":  # pragma: no cover -- the command is tested through main()
    sys.exit(main(sys.argv[1:], Path(__file__).parent))
