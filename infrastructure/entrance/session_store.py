"""The table of open sessions, and the epochs that each of them opened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from infrastructure.formats.envelope import Tampered
from infrastructure.formats.session import (
    ABSOLUTE,
    IDLE,
    OpenSession,
    finder,
    open_epochs,
    open_session,
    seal_epochs,
    seal_session,
)
from infrastructure.postgres.database import Connections


class SessionStore:
    """Open sessions of one network, found by a value derived from the cookie."""

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

        Those of a journey are read once for each page; an epoch that another page opens meanwhile is opened anew.
        """
        if originator in session.kept:
            return
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT originator, sealed FROM relais.session_keys"
                " WHERE finder = %b AND (%b::uuid IS NULL OR originator = %b)",
                (finder(session.secret), originator, originator),
            ).fetchall()
        for journey, sealed in rows:
            for epoch in open_epochs(session.secret, journey, sealed):
                session.known_epochs(journey)[epoch.id] = epoch
            session.kept[journey] = frozenset(session.known_epochs(journey))

    def save_epochs(self, session: OpenSession, originators: Iterable[UUID]) -> None:
        """Keep the epochs that the session opened, for its next pages. Those that are kept already cost nothing."""
        fresh = [
            originator
            for originator in originators
            if session.kept.get(originator) != session.known_epochs(originator).keys()
        ]
        if not fresh:
            return
        found_by = finder(session.secret)
        rows = [
            (found_by, originator, seal_epochs(session, originator), found_by)
            for originator in fresh
        ]
        for originator in fresh:
            session.kept[originator] = frozenset(session.known_epochs(originator))
        with self._connections.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO relais.session_keys (finder, originator, sealed)"
                " SELECT %b, %b, %b WHERE EXISTS"
                " (SELECT FROM relais.session WHERE finder = %b)"
                " ON CONFLICT (finder, originator) DO UPDATE SET sealed = excluded.sealed",
                rows,
            )
