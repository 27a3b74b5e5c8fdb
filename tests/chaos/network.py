"""The network that the campaign writes into: founded, signed, with journeys that two partners share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from application.referent import opening, sharing
from application.visitor import signing
from domain.compartments import Compartment
from domain.journey.journey import Information
from domain.journey.partners import Basis
from domain.journey.person import Person
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from relais.composition import install
from relais.founding.founder import Founder
from relais.founding.network_plan import NetworkPlan, read_plan
from relais.paths import POLICIES

DESCRIBED = Path(__file__).with_name("network.toml")
LEADER = "orme.un"
PARTNER = "saule.un"
WRITING = ("droits", "solidarites")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network to write into. ``writers`` are passphrases by login; all may write to the ``journeys``."""

    founder: Founder
    writers: dict[str, str]
    journeys: Sequence[UUID]

    def session_of(self, login: str) -> OpenSession:
        """A session beside the pages, to look at the stored journeys."""
        return self.founder.session_of(login)


def prepare(
    database: Database, house: HouseSecrets, clock: Callable[[], datetime], journeys: int
) -> Prepared:
    """Found the network, have everybody sign, open journeys and let the partner join each."""
    plan = read_plan(DESCRIBED)
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
        for number, referent in enumerate(institution.referents):
            session = founder.session_of(referent.login)
            if number == 0:
                signing.sign_charter(services, session, founder.institutions[institution.code])
            signing.sign_charter(services, session, session.referent)


def _opened(founder: Founder, clock: Callable[[], datetime], number: int) -> list[UUID]:
    services = founder.installation.services
    leader, partner = founder.session_of(LEADER), founder.session_of(PARTNER)
    today = clock().date()
    basis = Basis("person_consent", frozenset({Compartment.FOLLOW_UP}), "ongoing_work")
    opened = []
    for place in range(number):
        information = Information(given_on=today, manner="spoken", language="fr")
        person = Person(f"Mme Essai {place}", "", "", None)
        journey = opening.open_journey(
            services, leader, opening.NewJourney(information, person, "", None, "")
        )
        sharing.invite(services, leader, journey, founder.institutions["solidarites"], basis)
        sharing.answer_invitation(services, partner, journey, None)
        opened.append(journey)
    return opened
