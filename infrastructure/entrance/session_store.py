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
from infrastructure.postgres.prepared import Kind, Statement

_KEPT = Statement(
    b"kept_epochs",
    b"SELECT originator, sealed FROM relais.session_keys WHERE finder = $1 AND originator = $2",
    (Kind.BYTES, Kind.UUID),
)
_ALL_KEPT = Statement(
    b"all_kept_epochs",
    b"SELECT originator, sealed FROM relais.session_keys WHERE finder = $1",
    (Kind.BYTES,),
)
# A session that ended meanwhile keeps nothing.
_KEEP = Statement(
    b"keep_epochs",
    b"INSERT INTO relais.session_keys (finder, originator, sealed)"
    b" SELECT $1, given.* FROM unnest($2, $3) AS given"
    b" WHERE EXISTS (SELECT FROM relais.session WHERE finder = $1)"
    b" ON CONFLICT (finder, originator) DO UPDATE SET sealed = excluded.sealed",
    (Kind.BYTES, Kind.UUIDS, Kind.BYTES_LIST),
)


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
        if session.all_kept_read or originator in session.kept:
            return
        found_by = finder(session.secret)
        with self._connections.connection() as connection:
            if originator is None:
                rows = connection.ask(_ALL_KEPT, found_by)
            else:
                rows = connection.ask(_KEPT, found_by, originator)
        for journey, epochs in open_epochs(session.secret, rows):
            known = session.known_epochs(journey)
            known.update(epochs)
            session.kept[journey] = frozenset(known)
        session.all_kept_read = originator is None

    def save_epochs(self, session: OpenSession, originators: Iterable[UUID]) -> None:
        """Keep the epochs that the session opened, for its next pages; those that are kept already cost nothing."""
        fresh = [
            originator
            for originator in originators
            if session.kept.get(originator) != session.known_epochs(originator).keys()
        ]
        if not fresh:
            return
        sealed = seal_epochs(session, fresh)
        with self._connections.connection() as connection:
            connection.ask(_KEEP, finder(session.secret), fresh, sealed)
        for originator in fresh:
            session.kept[originator] = frozenset(session.known_epochs(originator))
