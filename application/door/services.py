"""The parts of the house that every use case is given, wired once by the composition root."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from application.door.audience import Audiences
from application.ports import (
    CardLists,
    Clock,
    Directory,
    Documents,
    Entrance,
    GroupKeys,
    Ledger,
    LedgerWatch,
    Loaded,
    SealedStore,
    Session,
)
from domain.catalogue import Catalogue
from domain.journey.journey import Journey
from domain.summary.summary import Summary
from policies.charter import Charter

S = TypeVar("S")
LoadedJourney = TypeVar("LoadedJourney")
LoadedSummary = TypeVar("LoadedSummary")


@dataclass(frozen=True, slots=True)
class Parts(Generic[S, LoadedJourney, LoadedSummary]):
    """The parts of the house, for one network. ``S``, ``LoadedJourney`` and ``LoadedSummary`` are what the
    infrastructure gives out and takes back, with its keys."""

    network: UUID
    directory: Directory
    journeys: SealedStore[S, LoadedJourney, Journey]
    summaries: SealedStore[S, LoadedSummary, Summary]
    cards: CardLists[S]
    ledger: Ledger[S, LoadedJourney]
    ledger_watch: LedgerWatch
    entrance: Entrance[S]
    group_keys: GroupKeys[S]
    documents: Documents
    charter: Charter
    catalogue: Catalogue
    audiences: Audiences
    clock: Clock


Services: TypeAlias = Parts[Session, Loaded[Journey], Loaded[Summary]]
"""The parts of the house as the application knows them."""
