"""A small town for tests: a real network on a real database, with real keys and invented people."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from domain.access import Access
from domain.compartments import Compartment
from domain.journey.entries import Content
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person
from domain.network.members import Institution
from infrastructure.directory.admissions import Newcomer
from infrastructure.formats.bundle import Bundle, Cost
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import House
from infrastructure.postgres.database import Connections
from relais.composition import Installation, install

CHEAP = Cost(memory=64, passes=1, lanes=1)
"""What a passphrase costs in tests: the floor is tested by itself."""

POLICIES = Path(__file__).parent.parent / "policies"

EVERY_COMPARTMENT = frozenset(Compartment) - {Compartment.FRAME}


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass
class Town:
    """A founded network. ``people`` are sessions by login; ``bundles`` every key that a referent ever had."""

    installation: Installation
    connections: Connections
    house: House
    clock: Clock
    institutions: dict[str, Institution] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    referents: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, OpenSession] = field(default_factory=dict)

    @property
    def services(self) -> Any:
        """The parts of the house."""
        return self.installation.services

    def log_in(self, login: str) -> OpenSession:
        """A fresh session of somebody, their groups renewed as at each log-in."""
        entrance, directory = self.installation.entrance, self.installation.directory
        at = self.clock()
        session = entrance.unlocked(
            directory.current(), self.referents[login], self.bundles[login], at
        )
        entrance.begin(session, Access("log_in", at))
        entrance.renew_groups(session, at)
        entrance.keep(session, at)
        self.sessions[login] = session
        return session

    def who(self, login: str) -> OpenSession:
        """The session of somebody, opened when first asked for."""
        return self.sessions.get(login) or self.log_in(login)

    def admit(
        self, institution: str, kind: str, *logins: str, may: tuple[str, ...] = (), **facts: bool
    ) -> Institution:
        """Admit an institution with its referents, all of whom have signed the charter."""
        offices = self.installation.offices
        member = Institution(uuid4(), institution, institution, kind, frozenset(may), **facts)
        first, *others = logins
        newcomer = Newcomer(member.id, first, first)
        coordination, at = self.who("coordination.un"), self.clock()
        self._keep(offices.admit_institution(coordination, member, newcomer, at))
        self.institutions[institution] = member
        for login in others:
            self.join(institution, login, by=first)
        self.sign(first, member.id)
        for login in logins:
            self.sign(login, self.referents[login])
            self.sessions.pop(login, None)
        return member

    def join(self, institution: str, login: str, by: str) -> None:
        """A colleague admits a newcomer."""
        newcomer = Newcomer(self.institutions[institution].id, login, login)
        offices = self.installation.offices
        self._keep(offices.admit_referent(self.log_in(by), newcomer, self.clock()))

    def sign(self, login: str, signatory: UUID) -> None:
        """Sign the charter, for oneself or for one's institution."""
        session, at = self.who(login), self.clock()
        self.installation.offices.sign_charter(session, Access("sign_charter", at), signatory, at)

    def _keep(self, admitted: Any) -> None:
        login = admitted.referent.login
        self.passphrases[login] = admitted.passphrase
        self.bundles[login] = admitted.bundle
        self.referents[login] = admitted.referent.id


def found_town(connections: Connections, folder: Path) -> Town:
    """A network with its coordination and second auditor, and no other institution yet."""
    clock = Clock()
    house = House.create(folder / "house")
    network = uuid4()
    installation = install(connections, network, house, POLICIES, clock, CHEAP)
    town = Town(installation, connections, house, clock)
    coordination = Institution(uuid4(), "coordination", "Coordination", "coordination")
    auditor = Institution(uuid4(), "auditeur", "Délégué", "second-auditor")
    admitted = installation.offices.found(
        name="Réseau d'essai",
        territory="Essai",
        gateway_number="0800 000 000",
        founded_on=date(2026, 1, 1),
        charter=installation.services.charter.version_hash,
        auditing=[coordination, auditor],
        newcomers=[
            Newcomer(coordination.id, "Coordination Un", "coordination.un"),
            Newcomer(auditor.id, "Auditeur Un", "auditeur.un"),
        ],
        at=clock(),
    )
    town.institutions = {"coordination": coordination, "auditeur": auditor}
    for one in admitted:
        town._keep(one)
    for login, institution in (("coordination.un", coordination), ("auditeur.un", auditor)):
        town.sign(login, institution.id)
        town.sign(login, town.referents[login])
    return town


def chalon(connections: Connections, folder: Path) -> Town:
    """A town with a gateway and its on-call desk, and one institution of each sort that the charter tells apart."""
    town = found_town(connections, folder)
    town.admit("ville", "municipality", "ville.un", "ville.deux", "ville.trois", gateway=True)
    town.installation.offices.name_on_call(
        town.log_in("coordination.un"),
        town.institutions["ville"].id,
        [town.referents["ville.un"], town.referents["ville.deux"]],
        town.clock(),
    )
    town.sessions.clear()
    town.admit("cidff", "legal-advice", "cidff.un", "cidff.deux")
    town.admit("police", "police", "police.un", "police.deux", may=("offence-data",))
    town.admit("hopital", "health", "hopital.un", "hopital.deux", may=("care",))
    town.admit("social", "social", "social.un", may=("social-action", "child-protection"))
    town.admit("abri", "housing", "abri.un", may=("social-action", "shelter"))
    town.admit("spip", "probation", "spip.un", may=("offence-data",), works_with_author=True)
    town.admit("siege", "justice", "siege.un", may=("offence-data",))
    town.admit("parquet", "justice", "parquet.un", "parquet.deux", may=("offence-data",))
    return town


def informed(day: date) -> Information:
    """The person was told, that day."""
    return Information(given_on=day, manner="spoken", language="fr")


def consent(scope: frozenset[Compartment] = EVERY_COMPARTMENT, *, past: bool = False) -> Basis:
    """The person's consent for a scope."""
    return Basis("person_consent", scope, "ongoing_work", includes_past=past)


def action(text: str, day: date, kind: str = "interview", **facts: Any) -> Content:
    """What was done on a day."""
    return Content(kind, text, day, **facts)


def ambre() -> Person:
    """An invented person."""
    return Person("Mme Ambre V.", "Vallonne", "Ambre", date(1990, 4, 12))
