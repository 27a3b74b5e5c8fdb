"""Founding a network from its plan: the house founds it, the coordination admits institutions, colleagues admit
colleagues."""

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


@dataclass
class Founder:
    """Founds one network. ``made`` are the referents with their keys, by login; ``institutions`` the ids, by code."""

    installation: Installation
    clock: Callable[[], datetime]
    plan: NetworkPlan
    made: dict[str, Admitted] = field(default_factory=dict)
    institutions: dict[str, UUID] = field(default_factory=dict)

    @property
    def passphrases(self) -> dict[str, str]:
        """The passphrase of each login: shown once, kept nowhere."""
        return {login: made.passphrase for login, made in self.made.items()}

    def make_keys(self) -> Iterator[None]:
        """Make every referent's keys and passphrase, two at once; yield after each."""
        network = self.installation.services.network
        newcomers = []
        for institution in self.plan.institutions:
            identifier = self.institutions[institution.code] = uuid4()
            newcomers += [
                Newcomer(identifier, referent.name, referent.login)
                for referent in institution.referents
            ]
        with ThreadPoolExecutor(DERIVATIONS_AT_ONCE) as pool:
            for made in pool.map(lambda newcomer: make_keys(network, newcomer), newcomers):
                self.made[made.referent.login] = made
                yield

    def found(self) -> Iterator[None]:
        """Found the network, and admit every institution with its referents; yield after each. None has signed yet."""
        self.installation.offices.found(
            name=self.plan.name,
            territory=self.plan.territory,
            gateway_number=self.plan.gateway_number,
            founded_on=self.plan.founded,
            charter=self.installation.services.charter.version_hash,
            auditing=[self._member(institution) for institution in self.plan.auditing],
            newcomers=[
                self.made[institution.referents[0].login] for institution in self.plan.auditing
            ],
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
        entrance.begin(session, Access("log_in", self.clock()))
        entrance.renew_groups(session, self.clock())
        return session

    def _admit(self, plan: InstitutionPlan) -> None:
        made = self.made[plan.referents[0].login]
        self.installation.offices.admit_institution(
            self._coordination(), self._member(plan), made, self.clock()
        )

    def _admit_others(self, plan: InstitutionPlan) -> None:
        first, *others = plan.referents
        for referent in others:
            colleague = self.session_of(first.login)
            self.installation.offices.admit_referent(
                colleague, self.made[referent.login], self.clock()
            )

    def _name_on_call(self) -> None:
        gateway = next(plan for plan in self.plan.institutions if plan.gateway)
        named = [self.made[login].referent.id for login in self.plan.on_call]
        self.installation.offices.name_on_call(
            self._coordination(), self.institutions[gateway.code], named, self.clock()
        )

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
