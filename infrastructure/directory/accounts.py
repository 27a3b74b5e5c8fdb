"""Key bundles, group secrets and ledger keys, as they are stored."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from infrastructure.formats.group_secret import GroupSecretRow
from infrastructure.formats.ledger_key import LedgerKeyRow
from infrastructure.postgres.database import Connections


class Accounts:
    """Key bundles and group secrets, in one network."""

    def __init__(self, connections: Connections, network: UUID) -> None:
        self._connections = connections
        self._network = network

    def bundle(self, referent: UUID) -> bytes | None:
        """A referent's locked bundle."""
        with self._connections.connection() as connection:
            row = connection.execute(
                "SELECT bundle FROM relais.account WHERE network = %b AND referent = %b",
                (self._network, referent),
            ).fetchone()
        return None if row is None else bytes(row[0])

    def group_secrets(self, member: UUID) -> list[GroupSecretRow]:
        """The sealed private halves of the groups that a referent belongs to, older generations included."""
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT holder, generation, member, member_generation, envelope"
                " FROM relais.group_secret WHERE network = %b AND (member = %b OR member IN"
                " (SELECT holder FROM relais.group_secret WHERE network = %b AND member = %b))",
                (self._network, member, self._network, member),
            ).fetchall()
        return [GroupSecretRow(*row) for row in rows]

    def space(self, referent: UUID) -> bytes | None:
        """A referent's own sealed space."""
        with self._connections.connection() as connection:
            row = connection.execute(
                "SELECT space FROM relais.account WHERE network = %b AND referent = %b",
                (self._network, referent),
            ).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def save_space(self, referent: UUID, sealed: bytes) -> None:
        """Replace a referent's sealed space."""
        with self._connections.connection() as connection:
            connection.execute(
                "UPDATE relais.account SET space = %b WHERE network = %b AND referent = %b",
                (sealed, self._network, referent),
            )


def insert_account(connection: Any, network: UUID, referent: UUID, bundle: bytes) -> None:
    """Store a new referent's locked bundle, in the transaction of their admission."""
    connection.execute(
        "INSERT INTO relais.account (network, referent, bundle) VALUES (%b, %b, %b)",
        (network, referent, bundle),
    )


def insert_group_secrets(connection: Any, network: UUID, rows: Iterable[GroupSecretRow]) -> None:
    """Store sealed private halves, in the transaction of the act that makes them."""
    for row in rows:
        connection.execute(
            "INSERT INTO relais.group_secret"
            " (network, holder, generation, member, member_generation, envelope)"
            " VALUES (%b, %b, %b, %b, %b, %b)",
            (
                network,
                row.holder,
                row.generation,
                row.member,
                row.member_generation,
                row.envelope,
            ),
        )


def insert_ledger_keys(connection: Any, network: UUID, rows: Iterable[LedgerKeyRow]) -> None:
    """Store a session's sealed ledger key, in the transaction of its log-in."""
    for row in rows:
        connection.execute(
            "INSERT INTO relais.ledger_key (network, session_key, holder, generation, envelope)"
            " VALUES (%b, %b, %b, %b, %b)",
            (network, row.session_key, row.holder, row.generation, row.envelope),
        )
