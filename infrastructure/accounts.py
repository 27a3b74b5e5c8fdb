"""Accounts, group secrets and sessions as they are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.holders import HolderKey
from domain.network import Network
from infrastructure import row_digests
from infrastructure.envelopes import Tampered, context, seal_to, unseal_with
from infrastructure.keys import DecryptionKey, EncryptionKey
from infrastructure.ledger_format import RowDigest
from infrastructure.recorder import Connections
from infrastructure.sessions import (
    ABSOLUTE,
    IDLE,
    OpenSession,
    finder,
    open_epochs,
    open_session,
    seal_epochs,
    seal_session,
)


@dataclass(frozen=True, slots=True)
class GroupSecretRow:
    """A group's private half sealed to a member, or an older one sealed to its own newer generation."""

    holder: UUID
    generation: int
    member: UUID
    member_generation: int
    envelope: bytes = field(repr=False)

    def digest(self, network: UUID) -> RowDigest:
        """What a ledger header names it by."""
        return row_digests.group_secret(
            network,
            self.holder,
            self.generation,
            self.member,
            self.member_generation,
            self.envelope,
        )


@dataclass(frozen=True, slots=True)
class LedgerKeyRow:
    """A session's ledger key sealed to one auditing group."""

    session_key: bytes
    holder: UUID
    generation: int
    envelope: bytes = field(repr=False)

    def digest(self, network: UUID) -> RowDigest:
        """What a ledger header names it by."""
        return row_digests.ledger_key(
            network, self.session_key, self.holder, self.generation, self.envelope
        )


def seal_group_secret(
    network: UUID, holder: UUID, generation: int, private: DecryptionKey, member: HolderKey
) -> GroupSecretRow:
    """Seal a group's private half to a member's key."""
    bound_to = _secret_context(network, holder, generation, member.holder, member.generation)
    envelope = seal_to(EncryptionKey(member.public_key), private.raw, bound_to)
    return GroupSecretRow(holder, generation, member.holder, member.generation, envelope)


def seal_ledger_key(
    network: UUID, session_key: bytes, ledger_key: bytes, holder: HolderKey
) -> LedgerKeyRow:
    """Seal a session's ledger key to the coordination or to the second auditor."""
    bound_to = _ledger_key_context(network, session_key, holder.holder, holder.generation)
    envelope = seal_to(EncryptionKey(holder.public_key), ledger_key, bound_to)
    return LedgerKeyRow(session_key, holder.holder, holder.generation, envelope)


def open_ledger_key(network: UUID, row: LedgerKeyRow, private: DecryptionKey) -> bytes:
    """Open a session's ledger key. Raises ``Tampered``."""
    bound_to = _ledger_key_context(network, row.session_key, row.holder, row.generation)
    return unseal_with(private, row.envelope, bound_to)


def open_group_secrets(
    network: Network, session: OpenSession, rows: Iterable[GroupSecretRow]
) -> None:
    """Open every private half that the session can reach, newest first, and check each against the directory.

    Raises ``Tampered`` where one is not the half of the key that the directory names.
    """
    waiting = list(rows)
    opened_one = True
    while opened_one:
        opened_one = False
        for row in list(waiting):
            private = session.private_half(row.member, row.member_generation)
            if private is None:
                continue
            bound_to = _secret_context(
                network.id, row.holder, row.generation, row.member, row.member_generation
            )
            raw = unseal_with(private, row.envelope, bound_to)
            _check_half(network.groups, row, raw)
            session.groups[row.holder, row.generation] = raw
            waiting.remove(row)
            opened_one = True


def _check_half(groups: Mapping[UUID, Any], row: GroupSecretRow, raw: bytes) -> None:
    group = groups.get(row.holder)
    expected = group.public_keys.get(row.generation) if group else None
    if expected is None or DecryptionKey(raw).public().raw != expected:
        raise Tampered


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
        """What a referent needs to open the groups that they belong to, older generations included."""
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


class SessionStore:
    """Open sessions, found by what is derived from the cookie."""

    def __init__(self, connections: Connections, network: UUID) -> None:
        self._connections = connections
        self._network = network

    def save(self, session: OpenSession, at: datetime) -> None:
        """Store a session that just began, or that opened more groups."""
        with self._connections.connection() as connection:
            connection.execute(
                "INSERT INTO relais.session (finder, network, sealed, begun_at, seen_at)"
                " VALUES (%b, %b, %b, %b, %b)"
                " ON CONFLICT (finder) DO UPDATE SET sealed = excluded.sealed",
                (finder(session.secret), self._network, seal_session(session), at, at),
            )

    def find(self, secret: bytes, at: datetime) -> tuple[OpenSession, int] | None:
        """The session of a cookie's secret and the directory's counter, unless it ended.

        It ends after 15 minutes without a request, or ten hours in all. Finding it puts off its end."""
        with self._connections.connection() as connection:
            row = connection.execute(
                "UPDATE relais.session SET seen_at = %b WHERE finder = %b AND network = %b"
                " AND seen_at > %b AND begun_at > %b"
                " RETURNING sealed, (SELECT coalesce(max(version), 0) FROM relais.event"
                " WHERE network = %b AND originator = %b)",
                (
                    at,
                    finder(secret),
                    self._network,
                    at - IDLE,
                    at - ABSOLUTE,
                    self._network,
                    self._network,
                ),
            ).fetchone()
        if row is None:
            return None
        try:
            return open_session(secret, row[0]), row[1]
        except Tampered:
            return None

    def end(self, secret: bytes) -> None:
        """Log out: the row and its keys are gone."""
        with self._connections.connection() as connection:
            connection.execute("DELETE FROM relais.session WHERE finder = %b", (finder(secret),))

    def sweep(self, at: datetime) -> None:
        """Remove the rows of sessions that ended by themselves."""
        with self._connections.connection() as connection:
            connection.execute(
                "DELETE FROM relais.session WHERE seen_at <= %b OR begun_at <= %b",
                (at - IDLE, at - ABSOLUTE),
            )

    def read_epochs(self, session: OpenSession, originator: UUID | None = None) -> None:
        """Take in the epochs that the session opened on earlier pages, of one journey or of all.

        Those of a journey are read once for each page; what another page opens meanwhile, this one opens anew.
        """
        if originator in session.kept:
            return
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT originator, sealed FROM relais.session_keys"
                " WHERE finder = %b AND (%b::uuid IS NULL OR originator = %b)",
                (finder(session.secret), originator, originator),
            ).fetchall()
        for found, sealed in rows:
            for epoch in open_epochs(session.secret, found, sealed):
                session.known_epochs(found)[epoch.id] = epoch
            session.kept[found] = frozenset(session.known_epochs(found))

    def save_epochs(self, session: OpenSession, originators: Iterable[UUID]) -> None:
        """Keep the epochs that the session opened, for its next pages; what is kept already costs nothing."""
        fresh = [
            originator
            for originator in originators
            if session.kept.get(originator) != session.known_epochs(originator).keys()
        ]
        if not fresh:
            return
        found_by = finder(session.secret)
        rows = [(found_by, originator, seal_epochs(session, originator)) for originator in fresh]
        for originator in fresh:
            session.kept[originator] = frozenset(session.known_epochs(originator))
        with self._connections.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO relais.session_keys (finder, originator, sealed)"
                " SELECT %b, %b, %b WHERE EXISTS"
                " (SELECT FROM relais.session WHERE finder = %b)"
                " ON CONFLICT (finder, originator) DO UPDATE SET sealed = excluded.sealed",
                [(*row, found_by) for row in rows],
            )


def _secret_context(
    network: UUID, holder: UUID, generation: int, member: UUID, member_generation: int
) -> bytes:
    return context(
        b"relais/v1/group-secret",
        network.bytes,
        holder.bytes,
        generation.to_bytes(4, "big"),
        member.bytes,
        member_generation.to_bytes(4, "big"),
    )


def _ledger_key_context(network: UUID, session_key: bytes, holder: UUID, generation: int) -> bytes:
    return context(
        b"relais/v1/ledger-key",
        network.bytes,
        session_key,
        holder.bytes,
        generation.to_bytes(4, "big"),
    )
