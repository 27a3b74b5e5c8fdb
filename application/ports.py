"""The ports: what the application asks of the infrastructure, given by the composition root (``relais``).

The type variables stand for what the infrastructure gives out and takes back: a session with its keys (``S``), a loaded
aggregate with its keys (``L``). The application knows of them what ``Session`` and ``Loaded`` say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from domain.access import Access, AuditEntry, LedgerStanding, Trace
from domain.cards import CardDraft
from domain.holders import Audience
from domain.network.groups import GroupKind
from domain.network.members import Referent, SigningKeys
from domain.network.network import Network
from domain.summary.summary import Summary

A = TypeVar("A")
A_contra = TypeVar("A_contra", contravariant=True)
L = TypeVar("L")
L_contra = TypeVar("L_contra", contravariant=True)
S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)


class Session(Protocol):
    """An authorised person's open session, with their keys."""

    @property
    def network(self) -> UUID:
        """The network it is in."""

    @property
    def referent(self) -> UUID:
        """The referent whose session it is."""

    @property
    def institution(self) -> UUID:
        """The institution that the referent acts for."""

    @property
    def begun_at(self) -> datetime:
        """The moment it began."""

    @property
    def purposes(self) -> dict[UUID, str]:
        """The purpose given for each journey that was opened (article 3.1)."""


class Loaded(Protocol, Generic[A]):
    """An aggregate as one session sees it."""

    aggregate: A
    counter: int
    version: int

    def granted_at(self, version: int) -> frozenset[UUID]:
        """The holders that were ever granted the key of one stored entry."""

    def makers(self, institution_of: Callable[[UUID], UUID]) -> Sequence[UUID | None]:
        """The institution for which the key of each entry was made, in order; ``None`` if this session has no key to
        it. ``institution_of`` gives a referent's."""


class Card(Protocol):
    """A card of a list, opened."""

    @property
    def originator(self) -> UUID:
        """Its journey or summary."""

    @property
    def face(self) -> int:
        """The face that it shows: identity, frame or summary."""

    @property
    def version(self) -> int:
        """The version of its journey or summary at which it was made."""

    @property
    def content(self) -> object:
        """The content shown in a list."""


class SealedStore(Protocol[S_contra, L, A_contra]):
    """Aggregates that are sealed to their readers."""

    def load(self, session: S_contra, originator: UUID, signing_keys_at: SigningKeys) -> L | None:
        """The aggregate with all that the session can open, or ``None`` if it can open nothing."""

    def begin(self, aggregate: A_contra, counter: int) -> L:
        """A new aggregate, not yet stored."""

    def store(
        self,
        session: S_contra,
        loaded: L,
        access: Access,
        audience_of: Callable[[int], Audience],
        cards: Sequence[CardDraft] = (),
    ) -> int:
        """Store what the aggregate has pending, and the act's ledger entry, in one transaction."""

    def card_of(self, loaded: L, face: int) -> object | None:
        """A card as it stood before."""


class CardLists(Protocol[S_contra]):
    """Lists of cards."""

    def cards(
        self, session: S_contra, faces: Sequence[int], signing_key_of: Mapping[UUID, bytes]
    ) -> Sequence[Card]:
        """The cards of these faces that the session can open."""

    def given_to_none_but(self, session: S_contra, holders: frozenset[UUID]) -> Sequence[UUID]:
        """The journeys and summaries of which the session can open something that only these holders were given."""


class Directory(Protocol):
    """The network's signed directory."""

    def at_least(self, counter: int) -> Network:
        """The directory with at least that many lines: to read, not to change."""

    def current(self) -> Network:
        """The directory as it stands."""


class NewAccount(Protocol):
    """A newcomer with keys just made."""

    @property
    def referent(self) -> Referent:
        """The newcomer, with their public keys."""

    @property
    def locked(self) -> bytes:
        """Their key bundle, locked under a passphrase that is kept nowhere."""


class DirectoryChange(Protocol[S_contra]):
    """One act's change to the directory: its lines, and the keys that they need."""

    @property
    def network(self) -> Network:
        """A copy of the directory as it stands, to be changed."""

    def keep_account(self, referent: UUID, locked: bytes) -> None:
        """Store the locked bundle of a referent who is admitted."""

    def make_group_key(
        self, group: UUID, kind: GroupKind, of: UUID, members: frozenset[UUID], at: datetime
    ) -> None:
        """Make a group's next key pair, and seal its private half to each member."""

    def share_group_key(self, session: S_contra, group: UUID, member: UUID, at: datetime) -> None:
        """Seal a group's private half to one more member, if this session has it."""

    def record(self, session: S_contra, access: Access) -> None:
        """Store the change and the act's ledger entry, in one transaction. Raises ``VersionMoved``."""


class GroupKeys(Protocol[S_contra]):
    """The key pairs of groups, and the directory's lines that say who has them."""

    def change(self, network: Network) -> DirectoryChange[S_contra]:
        """Begin a change to the directory, decided on it as ``network`` shows it."""


class Ledger(Protocol[S_contra, L_contra]):
    """The ledger of accesses."""

    def note(self, session: S_contra, access: Access) -> int:
        """Record an act that stores nothing else: a list, a refusal, an export."""

    def traces(self, loaded: L_contra, limit: int) -> Sequence[Trace]:
        """The accesses to a journey, newest first, as far as the session holds its frame."""

    def audit(self, session: S_contra, directory: Network, limit: int) -> Sequence[AuditEntry]:
        """Every entry whose body the session can open, newest first."""


class Entrance(Protocol[S]):
    """Logging in and out, and the sessions that are open."""

    def unlock(self, directory: Network, login: str, passphrase: str, at: datetime) -> S | None:
        """A new session, or ``None`` for a login or passphrase that does not fit: in the same time."""

    def begin(self, session: S, access: Access) -> None:
        """Open the session's groups, seal its ledger key to those who audit, and record the log-in."""

    def renew_groups(self, session: S, at: datetime) -> None:
        """Give each group that somebody left its next generation, and newcomers the key of their group."""

    def keep(self, session: S, at: datetime) -> str:
        """Store a session and return what its cookie holds."""

    def find(self, cookie: str, at: datetime) -> tuple[S, int] | None:
        """The session of a cookie and the directory's counter, or ``None``."""

    def save(self, session: S, at: datetime) -> None:
        """Store what a session has learned."""

    def save_epochs(self, session: S, originators: Iterable[UUID]) -> None:
        """Keep the epochs that a session opened, for its next pages."""

    def read_epochs(self, session: S, originator: UUID | None) -> None:
        """Take in the epochs that a session opened before, of one journey or of all."""

    def end(self, session: S) -> None:
        """End a session."""


class LedgerWatch(Protocol):
    """The findings of the ledger's last verification."""

    def __call__(self) -> LedgerStanding:
        """How far the ledger is, and the first thing that did not match."""

    @property
    def damaged(self) -> frozenset[UUID]:
        """The journeys and summaries that the last verification named."""


class Documents(Protocol):
    """Documents that leave the house."""

    def summary(self, summary: Summary, network: Network, reader: UUID) -> bytes:
        """A released summary as PDF, numbered and marked for its reader."""


class Clock(Protocol):
    """The clock."""

    def __call__(self) -> datetime:
        """Now, with a time zone."""
