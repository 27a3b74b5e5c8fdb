"""What the coordination and the second auditor do: audit every access, and read no journey (article 10.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from application.door import permit
from application.ports import Session
from application.services import Services
from domain.access import Access, AuditEntry
from policies.charter import Act

ENTRIES_AUDITED = 20_000
"""How many of the newest entries one audit opens."""

TOWN_TIME = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which accesses to show; what is ``None`` or false leaves all."""

    referent: UUID | None = None
    institution: UUID | None = None
    journey: UUID | None = None
    journeys: frozenset[UUID] | None = None
    from_day: date | None = None
    to_day: date | None = None
    act: str | None = None
    refusals_only: bool = False

    def keeps(self, entry: AuditEntry) -> bool:
        """Whether an entry passes."""
        access = entry.access
        day = access.at.astimezone(TOWN_TIME).date()
        return (
            (self.referent is None or entry.referent == self.referent)
            and (self.institution is None or entry.institution == self.institution)
            and (self.journey is None or access.subject == self.journey)
            and (self.journeys is None or access.subject in self.journeys)
            and (self.from_day is None or day >= self.from_day)
            and (self.to_day is None or day <= self.to_day)
            and (self.act is None or access.act == self.act)
            and not (self.refusals_only and access.allowed)
        )


def audit(services: Services, session: Session, wanted: AuditFilter) -> list[AuditEntry]:
    """Who accessed what, when, why, under which article: newest first. The audit is itself recorded, for the second
    auditor."""
    return _read(services, session, Act.AUDIT, wanted)


def export_audit(services: Services, session: Session, wanted: AuditFilter) -> list[AuditEntry]:
    """The same, to be carried away: an act of its own in the ledger."""
    return _read(services, session, Act.EXPORT_AUDIT, wanted)


def heat(entries: Sequence[AuditEntry]) -> list[list[int]]:
    """Accesses by weekday (7 rows from Monday) and hour of the town (24 columns)."""
    counts = [[0] * 24 for _ in range(7)]
    for entry in entries:
        local = entry.access.at.astimezone(TOWN_TIME)
        counts[local.weekday()][local.hour] += 1
    return counts


def many_journeys(entries: Sequence[AuditEntry], limit: int = 8) -> list[tuple[datetime, int]]:
    """The hours of a day in which one person consulted more journeys than ``limit``: worth a look, no more."""
    seen: dict[tuple[UUID, datetime], set[UUID]] = {}
    for entry in entries:
        access = entry.access
        if access.act == Act.CONSULT and access.subject and entry.referent:
            hour = access.at.astimezone(TOWN_TIME).replace(minute=0, second=0, microsecond=0)
            seen.setdefault((entry.referent, hour), set()).add(access.subject)
    return [(hour, len(found)) for (_, hour), found in seen.items() if len(found) > limit]


def _read(services: Services, session: Session, act: Act, wanted: AuditFilter) -> list[AuditEntry]:
    decision = permit(services, session, act)
    directory = services.directory.current()
    services.ledger.note(
        session,
        Access(
            act=act.value,
            at=services.clock(),
            articles=decision.articles,
            policies=decision.policies,
        ),
    )
    entries = services.ledger.audit(session, directory, ENTRIES_AUDITED)
    return [entry for entry in entries if wanted.keeps(entry)]
