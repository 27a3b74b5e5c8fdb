"""A journey whose record was altered is still read, and takes no entry (design, section 5)."""

import pytest

from application.referent import opening, reading, writing
from domain.compartments import Compartment
from domain.refusals import Refusal
from infrastructure.ledger.verification.verify import verify
from tests.databases import FreshDatabase
from tests.telling.town import Town, action, ambre, informed


def test_a_journey_that_does_not_verify_is_read_and_takes_nothing(
    database: FreshDatabase, town: Town
) -> None:
    services, session = town.services, town.who("cidff.un")
    day = town.clock().date()
    new = opening.NewJourney(informed(day), ambre(), "SMS, 9 h", "high", "Menaces rapportées")
    altered, sound = (opening.open_journey(services, session, new) for _ in range(2))

    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.card SET version = version + 1 WHERE originator = %b AND face = 1",
            (altered,),
        )
    report = verify(database.app, services.network, "relais/test", town.house.public_key)
    town.installation.ledger_watch.verified(report, town.clock())

    assert reading.read_journey(services, session, altered, "ongoing_work").journey.person
    with pytest.raises(Refusal, match="ne se vérifie plus"):
        writing.append_action(
            services, session, altered, Compartment.FOLLOW_UP, action("Reçue", day), None
        )
    assert writing.append_action(
        services, session, sound, Compartment.FOLLOW_UP, action("Reçue", day), None
    )
