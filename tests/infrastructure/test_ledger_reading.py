"""One altered row hides neither the rest of the list nor the rest of the ledger."""

from pathlib import Path

from application import coordination, referent
from infrastructure.ledger_reading import UNREADABLE
from tests.conftest import FreshDatabase
from tests.town import ambre, chalon, informed


def test_one_altered_row_hides_nothing_else(database: FreshDatabase, tmp_path: Path) -> None:
    """Given two journeys, when a card and a ledger body are altered, then all that is not altered shows."""
    town = chalon(database.app, tmp_path)
    services, session, day = town.services, town.who("cidff.un"), town.clock().date()
    new = referent.NewJourney(informed(day), ambre(), "SMS, 9 h", None, "")
    first, second = (referent.open_journey(services, session, new) for _ in range(2))
    auditing = town.who("coordination.un")
    before = coordination.audit(services, auditing, coordination.AuditFilter())

    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE relais.card SET envelope = set_byte(envelope, 40, 255 - get_byte(envelope, 40))"
            " WHERE originator = %b",
            (first,),
        )
        connection.execute(
            "UPDATE relais.ledger_body SET body = set_byte(body, 40, 255 - get_byte(body, 40))"
            " WHERE subject = %b",
            (first,),
        )

    assert [row.journey for row in referent.my_journeys(services, session)] == [second]
    after = coordination.audit(services, auditing, coordination.AuditFilter())
    assert len(after) == len(before) + 2
    assert [one.entry.access.act for one in after].count(UNREADABLE) == 1
