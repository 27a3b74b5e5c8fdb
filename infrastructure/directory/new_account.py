"""The keys of a newcomer."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.network.members import Referent
from infrastructure.formats.bundle import FLOOR, Bundle, Cost, lock_bundle
from infrastructure.formats.keys import new_passphrase


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be admitted, and to which institution."""

    institution: UUID
    name: str
    login: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A referent with keys just made: the passphrase is shown once and kept nowhere."""

    referent: Referent
    passphrase: str = field(repr=False)
    bundle: Bundle = field(repr=False)
    locked: bytes = field(repr=False)


def make_keys(network: UUID, newcomer: Newcomer, cost: Cost = FLOOR) -> Admitted:
    """Make a newcomer's keys and passphrase: slow, as each try of the passphrase must be."""
    bundle = Bundle.generate()
    passphrase = new_passphrase()
    referent = Referent(
        id=uuid4(),
        institution=newcomer.institution,
        name=newcomer.name,
        login=newcomer.login,
        encryption_key=bundle.decryption.public().raw,
        signing_key=bundle.signing_public,
    )
    return Admitted(
        referent, passphrase, bundle, lock_bundle(network, referent.id, bundle, passphrase, cost)
    )
