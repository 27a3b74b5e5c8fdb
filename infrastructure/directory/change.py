"""A change to the directory: the lines of one act, and the keys that they need, stored in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.access import Access
from domain.holders import HolderKey
from domain.network.groups import GroupKind, make_group_key, share_group_key
from domain.network.members import Referent
from domain.network.network import Network
from infrastructure.directory.accounts import (
    insert_account,
    insert_group_secrets,
    insert_ledger_keys,
)
from infrastructure.directory.auditors import seal_to_auditors
from infrastructure.directory.directory import Directory
from infrastructure.formats.group_secret import GroupSecretRow, seal_group_secret
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor
from infrastructure.formats.session import OpenSession, begin


class DirectoryChange:
    """One act's change to the directory. ``network`` is a copy that the act changes; its pending events are the lines
    to store."""

    def __init__(self, directory: Directory, network: Network) -> None:
        self.network = network
        self._directory = directory
        self._accounts: list[tuple[UUID, bytes]] = []
        self._secrets: list[GroupSecretRow] = []

    def keep_account(self, referent: UUID, locked: bytes) -> None:
        """Store the locked bundle of a referent who is admitted."""
        self._accounts.append((referent, locked))

    def make_group_key(
        self, group: UUID, kind: GroupKind, of: UUID, members: Iterable[UUID], at: datetime
    ) -> None:
        """Make a group's next key pair, and seal its private half to each member."""
        self._make_pair(group, kind, of, members, at)

    def share_group_key(
        self, session: OpenSession, group: UUID, member: UUID, at: datetime
    ) -> None:
        """Seal a group's private half to one more member, if this session has it."""
        generation = self.network.groups[group].generation
        private = session.private_half(group, generation)
        if private is None:
            return
        own = _own_key(self.network.referents[member])
        self._secrets.append(seal_group_secret(self.network.id, group, generation, private, own))
        share_group_key(self.network, group, member, at)

    def renew_group_key(self, session: OpenSession, group: UUID, at: datetime) -> None:
        """Make the next generation of a group whose private half this session has.

        The older private half is sealed to the newer one, so that a newcomer inherits the past.
        """
        known = self.network.groups[group]
        older = session.private_half(group, known.generation)
        if older is None:
            raise ValueError(group)
        members = self.network.members(group)
        private = self._make_pair(group, known.kind, known.of, members, at)
        newer = self.network.groups[group]
        own = HolderKey(group, newer.generation, newer.public_key, group)
        self._secrets.append(
            seal_group_secret(self.network.id, group, known.generation, older, own)
        )
        session.groups[group, newer.generation] = private.raw

    def record(self, session: OpenSession, access: Access) -> None:
        """Store the change and the act's ledger entry, in one transaction.

        They are signed by a session key of their own: a line in clear names its author, and must not tell, in a copy,
        which journeys that person's session touched. Raises ``VersionMoved``.
        """
        apart = begin(
            session.network, session.referent, session.institution, session.bundle, access.at
        )
        self.record_by(LedgerAuthor.of(apart), access)

    def record_by(self, writer: LedgerAuthor, access: Access) -> None:
        """Store the change and the act's ledger entry, both signed by this writer. Raises ``VersionMoved``."""
        network = self.network.id
        ledger_keys = seal_to_auditors(self.network, writer.session_key, writer.ledger_key)
        rows = [
            *(secret.digest(network) for secret in self._secrets),
            *(key.digest(network) for key in ledger_keys),
            *(row_digests.bundle(network, referent, locked) for referent, locked in self._accounts),
        ]

        def store(connection: Any) -> None:
            for referent, locked in self._accounts:
                insert_account(connection, network, referent, locked)
            insert_group_secrets(connection, network, self._secrets)
            insert_ledger_keys(connection, network, ledger_keys)

        self._directory.record(writer, self.network, access, rows, store)

    def _make_pair(
        self, group: UUID, kind: GroupKind, of: UUID, members: Iterable[UUID], at: datetime
    ) -> DecryptionKey:
        private = DecryptionKey.generate()
        founders = sorted(members)
        make_group_key(self.network, group, kind, of, private.public().raw, founders, at)
        generation = self.network.groups[group].generation
        for member in founders:
            own = _own_key(self.network.referents[member])
            self._secrets.append(
                seal_group_secret(self.network.id, group, generation, private, own)
            )
        return private


def _own_key(referent: Referent) -> HolderKey:
    return HolderKey(referent.id, 1, referent.encryption_key, referent.id)
