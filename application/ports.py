"""What the application asks of the infrastructure. One composition root gives it (``relais``)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from domain.access import Access, AuditEntry, LedgerStanding, Trace
from domain.cards import CardDraft
from domain.holders import Audience
from domain.network.members import SigningKeys
from domain.network.network import Network
from domain.summary.summary import Summary

A = TypeVar("A")


class Session(Protocol):
    """An authorised person's open session, with their keys."""

    @property
    def network(self) -> UUID:
        """The network it is in."""

    @property
    def referent(self) -> UUID:
        """Who."""

    @property
    def institution(self) -> UUID:
        """For whom."""

    @property
    def begun_at(self) -> datetime:
        """When it began."""

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
        """For which institution the key of each entry was made, in order; ``None`` where this session has no key to
        it. ``institution_of`` gives a referent's."""


class Card(Protocol):
    """A card of a list, opened."""

    @property
    def originator(self) -> UUID:
        """Its journey or summary."""

    @property
    def face(self) -> int:
        """Which card it is."""

    @property
    def version(self) -> int:
        """The version of its journey or summary at which it was made."""

    @property
    def content(self) -> object:
        """What it shows."""


class SealedStore(Protocol):
    """Aggregates that are sealed to their readers."""

    def load(self, session: Any, originator: UUID, signing_keys_at: SigningKeys) -> Any:
        """The aggregate with what the session can open, or ``None``."""

    def begin(self, aggregate: Any, counter: int) -> Any:
        """A new aggregate, not yet stored."""

    def record(
        self,
        session: Any,
        loaded: Any,
        access: Access,
        audience_of: Callable[[int], Audience],
        cards: Sequence[CardDraft] = (),
    ) -> int:
        """Store what it has pending, and the act's ledger entry, in one transaction."""

    def card_of(self, loaded: Any, face: int) -> object | None:
        """A card as it stood before."""


class CardLists(Protocol):
    """Lists of cards."""

    def cards(
        self, session: Any, faces: Sequence[int], signing_key_of: Mapping[UUID, bytes]
    ) -> Sequence[Card]:
        """The cards of these faces that the session can open."""

    def given_to_none_but(self, session: Any, holders: frozenset[UUID]) -> Sequence[UUID]:
        """Where the session can open something that nobody but these holders was ever given."""


class Directory(Protocol):
    """The network's signed directory."""

    def at_least(self, counter: int) -> Network:
        """The directory with at least that many lines: to read, not to change."""

    def current(self) -> Network:
        """The directory as it stands."""


class Ledger(Protocol):
    """The ledger of accesses."""

    def note(self, session: Any, access: Access) -> int:
        """Record an act that stores nothing else: a list, a refusal, an export."""

    def traces(self, loaded: Any, limit: int) -> Sequence[Trace]:
        """Who consulted a journey, newest first, as far as the session holds its frame."""

    def audit(self, session: Any, directory: Network, limit: int) -> Sequence[AuditEntry]:
        """Every entry whose body the session can open, newest first."""


class Entrance(Protocol):
    """Logging in and out, and what a referent's own keys do."""

    def unlock(self, directory: Network, login: str, passphrase: str, at: datetime) -> Any:
        """A new session, or ``None`` for a login or passphrase that does not fit: in the same time."""

    def begin(self, session: Any, access: Access) -> None:
        """Open the session's groups, seal its ledger key to those who audit, and record the log-in."""

    def renew_groups(self, session: Any, at: datetime) -> None:
        """Give each group that somebody left its next generation, and newcomers what their group holds."""

    def keep(self, session: Any, at: datetime) -> str:
        """Store a session and return what its cookie holds."""

    def find(self, cookie: str, at: datetime) -> tuple[Any, int] | None:
        """The session of a cookie and the directory's counter, or ``None``."""

    def save(self, session: Any, at: datetime) -> None:
        """Store what a session has learned."""

    def save_epochs(self, session: Any, originators: Iterable[UUID]) -> None:
        """Keep the epochs that a session opened, for its next pages."""

    def read_epochs(self, session: Any, originator: UUID | None) -> None:
        """Take in the epochs that a session opened before, of one journey or of all."""

    def end(self, session: Any) -> None:
        """End a session."""


class Offices(Protocol):
    """Acts on the directory."""

    def make_small_group(
        self, session: Any, group: UUID, shut_out: frozenset[UUID], at: datetime
    ) -> UUID:
        """A new group of a group's members but some, with its own key: its id."""

    def sign_charter(self, session: Any, access: Access, signatory: UUID, at: datetime) -> None:
        """Record a signature of the charter version in force."""


class LedgerWatch(Protocol):
    """What is known of the ledger's wholeness."""

    def __call__(self) -> LedgerStanding:
        """How far the ledger is, and what the last verification found."""

    @property
    def damaged(self) -> frozenset[UUID]:
        """The journeys and summaries that the last verification named."""


class Documents(Protocol):
    """Documents that leave the house."""

    def summary(self, summary: Summary, network: Network, reader: UUID) -> bytes:
        """A released summary as PDF, numbered and marked for who reads it."""


class Clock(Protocol):
    """What time it is."""

    def __call__(self) -> datetime:
        """Now, with a time zone."""
