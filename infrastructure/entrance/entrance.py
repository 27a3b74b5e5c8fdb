"""Logging in and out: a passphrase unlocks a bundle, a session opens its groups, the cookie finds it again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID, uuid4

from domain.access import Access
from domain.network.network import Network
from infrastructure.directory.accounts import Accounts, insert_ledger_keys
from infrastructure.directory.auditors import seal_to_auditors
from infrastructure.directory.directory import Directory
from infrastructure.directory.group_keys import GroupKeys
from infrastructure.entrance.session_store import SessionStore
from infrastructure.formats.bundle import FLOOR, Bundle, Cost, decoy_bundle, unlock_bundle
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.group_secret import open_group_secrets
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.session import OpenSession, begin, new_secret, secret_of
from infrastructure.formats.space import open_space, seal_space
from infrastructure.store.recorder import Recorder, Recording

DERIVATIONS_AT_ONCE = 2
DERIVATIONS_WAITING = 8


class Busy(Exception):
    """Too many people log in at this moment: try again shortly."""


class Entrance:
    """Log-in, log-out and open sessions of one network."""

    def __init__(
        self,
        network: UUID,
        directory: Directory,
        accounts: Accounts,
        sessions: SessionStore,
        recorder: Recorder,
        group_keys: GroupKeys,
        cost: Cost = FLOOR,
    ) -> None:
        self._network = network
        self._directory = directory
        self._accounts = accounts
        self._sessions = sessions
        self._recorder = recorder
        self._group_keys = group_keys
        self._cost = cost
        self._deriving = BoundedSemaphore(DERIVATIONS_AT_ONCE)
        self._queue = BoundedSemaphore(DERIVATIONS_AT_ONCE + DERIVATIONS_WAITING)

    def unlock(
        self, directory: Network, login: str, passphrase: str, at: datetime
    ) -> OpenSession | None:
        """A new session, or ``None`` if login and passphrase do not fit together, after the same derivation.

        Raises ``Busy`` if too many wait already.
        """
        referent = directory.referent_of_login(login)
        known = referent is not None and directory.holds_keys(referent.id)
        identifier = referent.id if referent is not None and known else uuid4()
        locked = self._accounts.bundle(identifier)
        with self._one_derivation():
            try:
                bundle = unlock_bundle(
                    self._network,
                    identifier,
                    locked or decoy_bundle(self._network, identifier, self._cost),
                    passphrase,
                    self._cost,
                )
            except Tampered:
                return None
        if referent is None or bundle.signing_public != referent.signing_key:
            return None
        return begin(self._network, referent.id, referent.institution, bundle, at)

    def unlocked(
        self, directory: Network, referent: UUID, bundle: Bundle, at: datetime
    ) -> OpenSession:
        """A session for a bundle that is unlocked already, as right after an admission."""
        institution = directory.referents[referent].institution
        return begin(self._network, referent, institution, bundle, at)

    def begin(self, session: OpenSession, access: Access) -> None:
        """Open the session's groups, seal its ledger key to those who audit, and record the log-in: one transaction."""
        directory = self._directory.current()
        self._notice_older_directory(session, directory)
        open_group_secrets(directory, session, self._accounts.group_secrets(session.referent))
        keys = seal_to_auditors(directory, session.public_key, session.ledger_key)
        digests = [row.digest(self._network) for row in keys]
        row = write_entry(LedgerAuthor.of(session), access, digests, None)
        recording = Recording(network=self._network, originator=uuid4(), ledger=row)

        def store(connection: Any) -> None:
            insert_ledger_keys(connection, self._network, keys)

        self._recorder.insert(recording, store)

    def _notice_older_directory(self, session: OpenSession, directory: Network) -> None:
        """Refuse a directory that is older than the one this referent saw last; remember this one."""
        sealed = self._accounts.space(session.referent)
        seen = 0
        if sealed is not None:
            seen = open_space(self._network, session.referent, session.bundle, sealed)
        if directory.counter < seen:
            raise DirectoryRefused(directory.counter)
        if directory.counter > seen:
            fresh = seal_space(self._network, session.referent, session.bundle, directory.counter)
            self._accounts.save_space(session.referent, fresh)

    def renew_groups(self, session: OpenSession, at: datetime) -> None:
        """Give each group that somebody left its next generation, and newcomers the key of their group."""
        self._group_keys.renew_groups(session, at)
        self._group_keys.share_groups(session, at)

    def keep(self, session: OpenSession, at: datetime) -> str:
        """Store a session under a fresh secret and return what its cookie holds."""
        cookie = new_secret()
        session.secret = secret_of(cookie) or b""
        self._sessions.save(session, at)
        return cookie

    def find(self, cookie: str, at: datetime) -> tuple[OpenSession, int] | None:
        """The session of a cookie and the directory's counter, or ``None``.

        A group that a colleague renewed or shared since the session began is opened now.
        """
        secret = secret_of(cookie)
        stored = None if secret is None else self._sessions.find(secret, at)
        if stored is None:
            return None
        session, counter = stored
        directory = self._directory.at_least(counter)
        if any(
            session.referent in group.founders
            and (group.id, group.generation) not in session.groups
            for group in directory.groups.values()
        ):
            secrets = self._accounts.group_secrets(session.referent)
            open_group_secrets(directory, session, secrets)
            self._sessions.save(session, at)
        return session, counter

    def save(self, session: OpenSession, at: datetime) -> None:
        """Store a session that opened more groups, or was given a purpose."""
        if session.secret:
            self._sessions.save(session, at)

    def read_epochs(self, session: OpenSession, originator: UUID | None) -> None:
        """Take in the epochs that a session opened before, of one journey or of all."""
        if session.secret:
            self._sessions.read_epochs(session, originator)

    def save_epochs(self, session: OpenSession, originators: Iterable[UUID]) -> None:
        """Keep the epochs that a session opened, for its next pages."""
        if session.secret:
            self._sessions.save_epochs(session, originators)

    def end(self, session: OpenSession) -> None:
        """Log out."""
        self._sessions.end(session.secret)

    @contextmanager
    def _one_derivation(self) -> Iterator[None]:
        """Wait for one of two places, in a short queue: each derivation takes 128 MiB. Raises ``Busy``."""
        if not self._queue.acquire(blocking=False):
            raise Busy
        try:
            with self._deriving:
                yield
        finally:
            self._queue.release()
