"""Founding a network from its description: the house founds, the coordination admits, colleagues admit colleagues."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from domain.access import Access
from domain.network.members import Institution
from infrastructure.directory.admissions import Admitted, Newcomer, make_keys
from infrastructure.entrance.entrance import DERIVATIONS_AT_ONCE
from infrastructure.formats.session import OpenSession
from relais.composition import Installation
from relais.founding.network_plan import InstitutionPlan, NetworkPlan

AUDITING = ("coordination", "second-auditor")


@dataclass
class Founder:
    """Founds one network. ``made`` are the referents' keys by login, ``institutions`` the ids by code."""

    installation: Installation
    clock: Callable[[], datetime]
    plan: NetworkPlan
    made: dict[str, Admitted] = field(default_factory=dict)
    institutions: dict[str, UUID] = field(default_factory=dict)

    @property
    def passphrases(self) -> dict[str, str]:
        """What each login opens with: shown once, kept nowhere."""
        return {login: made.passphrase for login, made in self.made.items()}

    def make_keys(self) -> Iterator[None]:
        """Make every referent's keys and passphrase, two at once; yields after each."""
        network = self.installation.services.network
        newcomers = []
        for institution in self.plan.institutions:
            identifier = self.institutions[institution.code] = uuid4()
            newcomers += [
                Newcomer(identifier, person.name, person.login) for person in institution.referents
            ]
        with ThreadPoolExecutor(DERIVATIONS_AT_ONCE) as pool:
            for made in pool.map(lambda newcomer: make_keys(network, newcomer), newcomers):
                self.made[made.referent.login] = made
                yield

    def found(self) -> Iterator[None]:
        """Found the network and admit every institution with its referents, unsigned yet; yields after each."""
        auditing = [self.plan.institution(code) for code in AUDITING]
        self.installation.offices.found(
            name=self.plan.name,
            territory=self.plan.territory,
            gateway_number=self.plan.gateway_number,
            founded_on=self.plan.founded,
            charter=self.installation.services.charter.version_hash,
            auditing=[self._member(one) for one in auditing],
            newcomers=[self.made[one.referents[0].login] for one in auditing],
            at=self.clock(),
        )
        for one in self.plan.institutions:
            if one.code not in AUDITING:
                self._admit(one)
            self._admit_others(one)
            yield
        self._name_on_call()

    def session_of(self, login: str) -> OpenSession:
        """A session of somebody whose keys were just made."""
        entrance = self.installation.entrance
        directory = self.installation.directory.current()
        made = self.made[login]
        session = entrance.unlocked(directory, made.referent.id, made.bundle, self.clock())
        entrance.begin(session, Access("log_in", self.clock()))
        entrance.renew_groups(session, self.clock())
        return session

    def _admit(self, one: InstitutionPlan) -> None:
        made = self.made[one.referents[0].login]
        self.installation.offices.admit_institution(
            self._coordination(), self._member(one), made, self.clock()
        )

    def _admit_others(self, one: InstitutionPlan) -> None:
        for person in one.referents[1:]:
            colleague = self.session_of(one.referents[0].login)
            self.installation.offices.admit_referent(
                colleague, self.made[person.login], self.clock()
            )

    def _name_on_call(self) -> None:
        gateway = next(one for one in self.plan.institutions if one.gateway)
        named = [self.made[login].referent.id for login in self.plan.on_call]
        self.installation.offices.name_on_call(
            self._coordination(), self.institutions[gateway.code], named, self.clock()
        )

    def _coordination(self) -> OpenSession:
        return self.session_of(self.plan.institution("coordination").referents[0].login)

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
