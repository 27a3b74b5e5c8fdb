"""Charter of a network: the version in force, and who signed it (article 1.1)."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.network.members import refuse_stranger
from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.network.network import Network


def publish_charter(network: "Network", version: bytes, at: datetime) -> None:
    """Put a charter version in force: the hash of its wording and of its decision table."""
    if not version:
        raise Refusal("Cette version de la charte est vide.", "1.1")
    network.trigger_event(CharterPublished, charter=version, timestamp=at)


class CharterPublished(Aggregate.Event):
    """A charter version was put in force."""

    charter: bytes

    def apply(self, network: "Network") -> None:
        """Replace the version in force."""
        network.charter = self.charter


def sign_charter(network: "Network", signatory: UUID, at: datetime) -> None:
    """Record that an institution or a referent signed the version in force."""
    if not network.charter:
        raise Refusal("Aucune charte n'est encore en vigueur.", "1.1")
    refuse_stranger(network, signatory)
    if network.has_signed(signatory):
        raise Refusal("Cette version de la charte est déjà signée.", "1.1")
    network.trigger_event(CharterSigned, signatory=signatory, charter=network.charter, timestamp=at)


class CharterSigned(Aggregate.Event):
    """An institution or a referent signed a charter version."""

    signatory: UUID
    charter: bytes

    def apply(self, network: "Network") -> None:
        """Keep the signature beside those of earlier versions."""
        before = network.signatures.get(self.signatory, frozenset())
        network.signatures[self.signatory] = before | {self.charter}


EVENTS = (CharterPublished, CharterSigned)
