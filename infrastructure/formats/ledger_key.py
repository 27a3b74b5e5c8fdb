"""Ledger keys: a session's key to its ledger bodies, sealed to those who audit."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.holders import HolderKey
from infrastructure.formats.envelope import context, seal_to, unseal_with
from infrastructure.formats.keys import DecryptionKey, EncryptionKey
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import RowDigest


@dataclass(frozen=True, slots=True)
class LedgerKeyRow:
    """A session's ledger key sealed to one auditing group."""

    session_key: bytes
    holder: UUID
    generation: int
    envelope: bytes = field(repr=False)

    def digest(self, network: UUID) -> RowDigest:
        """The digest by which a ledger header names it."""
        return row_digests.ledger_key(
            network, self.session_key, self.holder, self.generation, self.envelope
        )


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


def _ledger_key_context(network: UUID, session_key: bytes, holder: UUID, generation: int) -> bytes:
    return context(
        b"relais/v1/ledger-key",
        network.bytes,
        session_key,
        holder.bytes,
        generation.to_bytes(4, "big"),
    )
