"""A small town for tests: a real network on a real database, with real keys and invented people."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from application.coordination.admissions import admit_institution
from application.coordination.naming import name_on_call
from application.coordination.standing import set_standing
from application.referent.admitting import admit_referent
from application.visitor.signing import sign_charter
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.entries import Content
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person
from domain.network.members import Institution, Standing
from infrastructure.directory.founding import found_network
from infrastructure.directory.new_account import NewAccount, make_account
from infrastructure.formats.bundle import Bundle, Cost
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Connections
from relais.composition import Installation, install

CHEAP = Cost(memory=64, passes=1, lanes=1)
"""What a passphrase costs in tests: the floor is tested by itself."""

POLICIES = Path(__file__).parents[2] / "policies"

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
    """A founded network. Logins name people: their passphrases, keys, ids, sessions and cookies."""

    installation: Installation
    connections: Connections
    house: HouseSecrets
    clock: Clock
    institutions: dict[str, Institution] = field(default_factory=dict)
    passphrases: dict[str, str] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    referents: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, OpenSession] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

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
        self.cookies[login] = entrance.keep(session, at)
        self.sessions[login] = session
        return session

    def who(self, login: str) -> OpenSession:
        """The session of somebody, opened when first asked for."""
        return self.sessions.get(login) or self.log_in(login)

    def admit(
        self, institution: str, kind: str, *logins: str, may: tuple[str, ...] = (), **facts: bool
    ) -> Institution:
        """Admit an institution with its referents, all of whom have signed the charter."""
        member = Institution(uuid4(), institution, institution, kind, frozenset(may), **facts)
        first, *others = logins
        account = self.new_account(member.id, first)
        admit_institution(self.services, self.who("coordination.un"), member, account)
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
        account = self.new_account(self.institutions[institution].id, login)
        admit_referent(self.services, self.log_in(by), account)

    def sign(self, login: str, signatory: UUID) -> None:
        """Sign the charter, for oneself or for one's institution."""
        sign_charter(self.services, self.who(login), signatory)

    def set_standing(self, subject: UUID, standing: Standing) -> None:
        """The coordination changes the standing of an institution or a referent."""
        set_standing(self.services, self.log_in("coordination.un"), subject, standing, "motif")

    def name_on_call(self, *logins: str) -> None:
        """The coordination names agents of the gateway to the on-call desk."""
        named = [self.referents[login] for login in logins]
        gateway = self.institutions["ville"].id
        name_on_call(self.services, self.log_in("coordination.un"), gateway, named)

    def new_account(self, institution: UUID, login: str, name: str = "") -> NewAccount:
        """Keys just made for somebody to be admitted."""
        account = make_account(self.services.network, institution, name or login, login, CHEAP)
        self.passphrases[login] = account.passphrase
        self.bundles[login] = account.bundle
        self.referents[login] = account.referent.id
        return account


def found_town(connections: Connections, folder: Path) -> Town:
    """A network with its coordination and second auditor, and no other institution yet."""
    clock = Clock()
    house = HouseSecrets.create(folder / "house")
    network = uuid4()
    installation = install(connections, network, house, POLICIES, clock, CHEAP)
    town = Town(installation, connections, house, clock)
    coordination = Institution(uuid4(), "coordination", "Coordination", "coordination")
    auditor = Institution(uuid4(), "auditeur", "Délégué", "second-auditor")
    accounts = [
        town.new_account(coordination.id, "coordination.un", "Coordination Un"),
        town.new_account(auditor.id, "auditeur.un", "Auditeur Un"),
    ]
    found_network(
        installation.directory,
        house,
        network,
        name="Réseau d'essai",
        territory="Essai",
        gateway_number="0800 000 000",
        founded_on=date(2026, 1, 1),
        charter=installation.services.charter.version_hash,
        auditing=[coordination, auditor],
        accounts=accounts,
        at=clock(),
    )
    town.institutions = {"coordination": coordination, "auditeur": auditor}
    for login, institution in (("coordination.un", coordination), ("auditeur.un", auditor)):
        town.sign(login, institution.id)
        town.sign(login, town.referents[login])
    return town


def chalon(connections: Connections, folder: Path) -> Town:
    """A town with a gateway and its on-call desk, and one institution of each sort that the charter tells apart."""
    town = found_town(connections, folder)
    town.admit("ville", "municipality", "ville.un", "ville.deux", "ville.trois", gateway=True)
    town.name_on_call("ville.un", "ville.deux")
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
