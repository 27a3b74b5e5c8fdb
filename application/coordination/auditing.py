"""Auditing every access, for the coordination and the second auditor, who read no journey (article 10.2)."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from application.door.journey import signing_keys
from application.door.network import enter_network
from application.door.services import Services
from application.ports import Session
from domain.access import Access, AuditEntry, LedgerAct, visits
from domain.cards import Face
from domain.journey.code import code_of
from domain.network.network import Network
from domain.summary.card import SummaryCard
from policies.charter import Act

ENTRIES_AUDITED = 20_000
"""The number of the newest entries that one audit opens."""

MANY_JOURNEYS = 8
"""The number of journeys that a person may open in an hour before it is worth a look."""

_READINGS = frozenset(
    {Act.CONSULT.value, Act.LIST_JOURNEYS.value, LedgerAct.LIST_SUMMARIES, LedgerAct.READ_SUMMARY}
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """The accesses to show; a field that is ``None``, empty or false leaves all.

    ``person`` is a part of a name, whatever its accents; ``code`` the code of a journey, as it is shown; ``act`` the
    code of an act; the days are the network's.
    """

    person: str = ""
    institution: UUID | None = None
    code: str = ""
    from_day: date | None = None
    to_day: date | None = None
    act: str | None = None
    refusals_only: bool = False


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One access with the names of the directory.

    ``at`` is its moment in the network's zone, ``day`` its day there. ``person`` is empty for an act of the house;
    ``code`` is the journey's; ``summary`` the number of a summary, empty if this reader does not know it.
    ``times`` counts one person's visits of a day to the same thing.
    """

    entry: AuditEntry
    at: datetime
    day: date
    person: str
    institution: str
    code: str | None
    summary: str | None
    times: int = 1

    @property
    def access(self) -> Access:
        """The access of this line."""
        return self.entry.access


def audit(services: Services, session: Session, wanted: AuditFilter) -> list[AuditLine]:
    """The accesses to everything, newest first. The audit is itself recorded, for the second auditor."""
    return _read(services, session, Act.AUDIT, wanted)


def export_audit(services: Services, session: Session, wanted: AuditFilter) -> list[AuditLine]:
    """The same accesses, to be exported: an act of its own in the ledger."""
    return _read(services, session, Act.EXPORT_AUDIT, wanted)


def heat(lines: Sequence[AuditLine]) -> list[list[int]]:
    """Accesses by weekday (7 rows from Monday) and hour of the network (24 columns)."""
    counts = [[0] * 24 for _ in range(7)]
    for line in lines:
        counts[line.at.weekday()][line.at.hour] += 1
    return counts


def many_journeys(
    lines: Sequence[AuditLine], limit: int = MANY_JOURNEYS
) -> list[tuple[datetime, int]]:
    """The network's hours in which one person consulted more journeys than ``limit``, and how many: worth a look."""
    seen: dict[tuple[UUID, datetime], set[UUID]] = {}
    for line in lines:
        access, referent = line.access, line.entry.referent
        if access.act == Act.CONSULT and access.subject and referent:
            hour = line.at.replace(minute=0, second=0, microsecond=0)
            seen.setdefault((referent, hour), set()).add(access.subject)
    return [(hour, len(journeys)) for (_, hour), journeys in seen.items() if len(journeys) > limit]


def grouped(lines: Sequence[AuditLine]) -> list[AuditLine]:
    """The same lines, newest first, with a person's repeated readings of one thing on one day as one line.

    The line counts their visits; for refusals, their attempts.
    """
    together: dict[object, list[AuditLine]] = {}
    for number, line in enumerate(lines):
        access = line.access
        key: object = number
        if access.act in _READINGS:
            key = (
                line.entry.referent,
                line.day,
                access.act,
                access.subject,
                access.purpose,
                access.articles,
                access.allowed,
            )
        together.setdefault(key, []).append(line)
    return [replace(same[0], times=_times(same)) for same in together.values()]


def _times(same: Sequence[AuditLine]) -> int:
    allowed = same[0].access.allowed
    return visits(line.access.at for line in same) if allowed else len(same)


def acts_of(lines: Sequence[AuditLine]) -> list[str]:
    """The codes of the acts among these lines, each once, in alphabetical order."""
    return sorted({line.access.act for line in lines})


def _read(services: Services, session: Session, act: Act, wanted: AuditFilter) -> list[AuditLine]:
    entered = enter_network(services, session, act)
    entered.note()
    directory = entered.network
    known = {
        card.originator: card.content
        for card in services.cards.cards(session, (Face.SUMMARY,), signing_keys(directory))
        if isinstance(card.content, SummaryCard)
    }
    entries = services.ledger.audit(session, directory, ENTRIES_AUDITED)
    lines = (_line(directory, known, entry) for entry in entries)
    return [line for line in lines if _keeps(wanted, line)]


def _line(directory: Network, known: Mapping[UUID, SummaryCard], entry: AuditEntry) -> AuditLine:
    access = entry.access
    code = summary = None
    if "summary" in access.details:
        card = known.get(UUID(access.details["summary"]))
        code = code_of(card.journey) if card else None
        summary = card.number if card else ""
    elif access.subject is not None:
        code = code_of(access.subject)
    return AuditLine(
        entry=entry,
        at=access.at.astimezone(directory.zone),
        day=directory.day(access.at),
        person=directory.referents[entry.referent].name if entry.referent else "",
        institution=directory.institutions[entry.institution].name if entry.institution else "",
        code=code,
        summary=summary,
    )


def _keeps(wanted: AuditFilter, line: AuditLine) -> bool:
    return (
        _plain(wanted.person) in _plain(line.person)
        and (wanted.institution is None or line.entry.institution == wanted.institution)
        and (not wanted.code or _same_code(wanted.code, line.code))
        and (wanted.from_day is None or line.day >= wanted.from_day)
        and (wanted.to_day is None or line.day <= wanted.to_day)
        and (wanted.act is None or line.access.act == wanted.act)
        and not (wanted.refusals_only and line.access.allowed)
    )


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", " ".join(name.split()))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _same_code(typed: str, code: str | None) -> bool:
    """Whether a typed code is a journey's, whatever its hyphens and capitals; in Crockford's base 32 O is 0, I and L
    are 1."""
    if code is None:
        return False
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters.translate(str.maketrans("OIL", "011")) == code.replace("-", "")
