"""The readers of every ledger entry: the coordination and the second auditor (article 10.2)."""

from domain.network.members import InstitutionKind
from domain.network.network import Network
from infrastructure.formats.ledger_key import LedgerKeyRow, seal_ledger_key


def seal_to_auditors(network: Network, session_key: bytes, ledger_key: bytes) -> list[LedgerKeyRow]:
    """Seal a session's ledger key to the coordination and to the second auditor."""
    return [
        seal_ledger_key(network.id, session_key, ledger_key, holder)
        for kind in (InstitutionKind.COORDINATION, InstitutionKind.SECOND_AUDITOR)
        for holder in network.keys_of(network.institution_of_kind(kind).id)
    ]
