"""Group secrets: the private half of a group, sealed to its members."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.holders import HolderKey
from domain.network.network import Network
from infrastructure.formats.envelope import Tampered, context, seal_to, unseal_with
from infrastructure.formats.keys import DecryptionKey, EncryptionKey
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import RowDigest
from infrastructure.formats.session import (
    OpenSession,
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
        """The digest by which a ledger header names it."""
        return row_digests.group_secret(
            network,
            self.holder,
            self.generation,
            self.member,
            self.member_generation,
            self.envelope,
        )


def seal_group_secret(
    network: UUID, holder: UUID, generation: int, private: DecryptionKey, member: HolderKey
) -> GroupSecretRow:
    """Seal a group's private half to a member's key."""
    bound_to = _secret_context(network, holder, generation, member.holder, member.generation)
    envelope = seal_to(EncryptionKey(member.public_key), private.raw, bound_to)
    return GroupSecretRow(holder, generation, member.holder, member.generation, envelope)


def open_group_secrets(
    network: Network, session: OpenSession, rows: Iterable[GroupSecretRow]
) -> None:
    """Open every private half that the session can reach, newest first, and check each against the directory.

    Raises ``Tampered`` if one is not the half of the key that the directory names.
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
