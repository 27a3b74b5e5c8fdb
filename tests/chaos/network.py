"""The network that the campaign writes into: founded, signed, with journeys that two partners share."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from application.referent import opening, sharing
from application.visitor import entering as visitor
from domain.compartments import Compartment
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import House
from infrastructure.postgres.database import Database
from relais.composition import install
from relais.founding.founder import Founder
from relais.founding.network_plan import NetworkPlan, plan_of
from relais.paths import POLICIES

DESCRIBED = Path(__file__).with_name("network.toml")
LEADER = "orme.un"
PARTNER = "saule.un"
WRITING = ("droits", "solidarites")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network to write into. ``writers`` are passphrases by login, ``journeys`` what they may write to."""

    founder: Founder
    writers: dict[str, str]
    journeys: Sequence[UUID]

    def session_of(self, login: str) -> OpenSession:
        """A session beside the pages, to look at what is stored."""
        return self.founder.session_of(login)


def prepare(
    database: Database, house: House, clock: Callable[[], datetime], journeys: int
) -> Prepared:
    """Found the network, have everybody sign, open journeys and let the partner join each."""
    plan = plan_of(tomllib.loads(DESCRIBED.read_text("utf-8")))
    founder = Founder(install(database, uuid4(), house, POLICIES, clock), clock, plan)
    for _ in founder.make_keys():
        pass
    for _ in founder.found():
        pass
    _sign(founder, plan)
    writers = {
        person.login: founder.passphrases[person.login]
        for code in WRITING
        for person in plan.institution(code).referents
    }
    return Prepared(founder, writers, _opened(founder, clock, journeys))


def _sign(founder: Founder, plan: NetworkPlan) -> None:
    services = founder.installation.services
    for institution in plan.institutions:
        for number, person in enumerate(institution.referents):
            session = founder.session_of(person.login)
            if number == 0:
                visitor.sign_charter(services, session, founder.institutions[institution.code])
            visitor.sign_charter(services, session, session.referent)


def _opened(founder: Founder, clock: Callable[[], datetime], number: int) -> list[UUID]:
    services = founder.installation.services
    leader, partner = founder.session_of(LEADER), founder.session_of(PARTNER)
    today = clock().date()
    basis = Basis("person_consent", frozenset({Compartment.FOLLOW_UP}), "ongoing_work")
    opened = []
    for one in range(number):
        told = Information(given_on=today, manner="spoken", language="fr")
        person = Person(f"Mme Essai {one}", "", "", None)
        journey = opening.open_journey(
            services, leader, opening.NewJourney(told, person, "", None, "")
        )
        sharing.invite(services, leader, journey, founder.institutions["solidarites"], basis)
        sharing.answer_invitation(services, partner, journey, None)
        opened.append(journey)
    return opened
