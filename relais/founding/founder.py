"""Founding a network from its plan: the house founds it, the coordination admits institutions, colleagues admit
colleagues."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from application.coordination.admissions import admit_institution
from application.coordination.naming import name_on_call
from application.referent.admitting import admit_referent
from domain.access import Access, LedgerAct
from domain.network.members import Institution
from infrastructure.directory.founding import found_network
from infrastructure.directory.new_account import NewAccount, make_account
from infrastructure.entrance.entrance import DERIVATIONS_AT_ONCE
from infrastructure.formats.session import OpenSession
from relais.composition import Installation
from relais.founding.network_plan import InstitutionPlan, NetworkPlan


@dataclass
class Founder:
    """Founds one network. ``made`` are the referents' accounts by login, ``institutions`` the ids by code."""

    installation: Installation
    clock: Callable[[], datetime]
    plan: NetworkPlan
    made: dict[str, NewAccount] = field(default_factory=dict)
    institutions: dict[str, UUID] = field(default_factory=dict)

    @property
    def passphrases(self) -> dict[str, str]:
        """Each login's passphrase: shown once, kept nowhere."""
        return {login: account.passphrase for login, account in self.made.items()}

    def make_keys(self) -> Iterator[None]:
        """Make every referent's keys and passphrase, two at once; yield after each."""
        network = self.installation.services.network
        newcomers = []
        for institution in self.plan.institutions:
            identifier = self.institutions[institution.code] = uuid4()
            newcomers += [
                (identifier, person.name, person.login) for person in institution.referents
            ]
        with ThreadPoolExecutor(DERIVATIONS_AT_ONCE) as pool:
            for account in pool.map(lambda newcomer: make_account(network, *newcomer), newcomers):
                self.made[account.referent.login] = account
                yield

    def found(self) -> Iterator[None]:
        """Found the network and admit every institution with its referents, unsigned yet; yields after each."""
        found_network(
            self.installation.directory,
            self.installation.house,
            self.installation.services.network,
            name=self.plan.name,
            territory=self.plan.territory,
            gateway_number=self.plan.gateway_number,
            founded_on=self.plan.founded,
            charter=self.installation.services.charter.version_hash,
            auditing=[self._member(institution) for institution in self.plan.auditing],
            accounts=[self._first_account(institution) for institution in self.plan.auditing],
            at=self.clock(),
        )
        for institution in self.plan.institutions:
            if institution not in self.plan.auditing:
                self._admit(institution)
            self._admit_others(institution)
            yield
        self._name_on_call()

    def session_of(self, login: str) -> OpenSession:
        """A session of a referent whose keys were just made."""
        entrance = self.installation.entrance
        directory = self.installation.directory.current()
        made = self.made[login]
        session = entrance.unlocked(directory, made.referent.id, made.bundle, self.clock())
        entrance.begin(session, Access(LedgerAct.LOG_IN, self.clock()))
        entrance.renew_groups(session, self.clock())
        return session

    def _admit(self, institution: InstitutionPlan) -> None:
        admit_institution(
            self.installation.services,
            self._coordination(),
            self._member(institution),
            self._first_account(institution),
        )

    def _admit_others(self, institution: InstitutionPlan) -> None:
        for person in institution.referents[1:]:
            colleague = self.session_of(institution.referents[0].login)
            admit_referent(self.installation.services, colleague, self.made[person.login])

    def _name_on_call(self) -> None:
        gateway = next(institution for institution in self.plan.institutions if institution.gateway)
        named = [self.made[login].referent.id for login in self.plan.on_call]
        name_on_call(
            self.installation.services,
            self._coordination(),
            self.institutions[gateway.code],
            named,
        )

    def _first_account(self, institution: InstitutionPlan) -> NewAccount:
        return self.made[institution.referents[0].login]

    def _coordination(self) -> OpenSession:
        coordination, _ = self.plan.auditing
        return self.session_of(coordination.referents[0].login)

    def _member(self, plan: InstitutionPlan) -> Institution:
        return Institution(
            id=self.institutions[plan.code],
            code=plan.code,
            name=plan.name,
            kind=plan.kind,
            may=plan.may,
            gateway=plan.gateway,
            steers=plan.steers,
            works_with_author=plan.works_with_author,
        )
