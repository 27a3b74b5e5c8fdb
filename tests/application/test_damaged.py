"""A journey whose record was altered is still read, and takes no entry (design, section 5)."""

import pytest

from domain.refusals import Refusal
from infrastructure.ledger.verification.verify import verify
from tests.databases import FreshDatabase
from tests.telling.journeys import append_action, open_journey, read_journey
from tests.telling.town import Town


def test_a_journey_that_does_not_verify_is_read_and_takes_nothing(
    database: FreshDatabase, town: Town
) -> None:
    altered, sound = open_journey(town), open_journey(town)

    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.card SET version = version + 1 WHERE originator = %b AND face = 1",
            (altered,),
        )
    report = verify(database.app, town.services.network, "relais/test", town.house.public_key)
    town.installation.ledger_watch.verified(report, town.clock())

    assert read_journey(town, "cidff.un", altered).journey.person
    with pytest.raises(Refusal, match="ne se vérifie plus"):
        append_action(town, "cidff.un", altered, "Reçue")
    assert append_action(town, "cidff.un", sound, "Reçue")
