"""The account of a newcomer: keys just made, locked under a new passphrase."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.network.members import Referent
from infrastructure.formats.bundle import FLOOR, Bundle, Cost, lock_bundle
from infrastructure.formats.keys import new_passphrase


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A referent with keys just made, not yet admitted. The passphrase is shown once and kept nowhere."""

    referent: Referent
    passphrase: str = field(repr=False)
    bundle: Bundle = field(repr=False)
    locked: bytes = field(repr=False)


def make_account(
    network: UUID, institution: UUID, name: str, login: str, cost: Cost = FLOOR
) -> NewAccount:
    """Make a newcomer's keys and passphrase: slow, as each try of the passphrase must be."""
    bundle = Bundle.generate()
    passphrase = new_passphrase()
    referent = Referent(
        id=uuid4(),
        institution=institution,
        name=name,
        login=login,
        encryption_key=bundle.decryption.public().raw,
        signing_key=bundle.signing_public,
    )
    locked = lock_bundle(network, referent.id, bundle, passphrase, cost)
    return NewAccount(referent, passphrase, bundle, locked)
