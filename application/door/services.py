"""What every use case is given: the parts of the house, wired once by the composition root."""

from dataclasses import dataclass
from uuid import UUID

from application.door.audience import Audiences
from application.ports import (
    CardLists,
    Clock,
    Directory,
    Documents,
    Entrance,
    Ledger,
    LedgerWatch,
    Offices,
    SealedStore,
)
from domain.catalogue import Catalogue
from policies.charter import Charter


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the house, for one network."""

    network: UUID
    directory: Directory
    journeys: SealedStore
    summaries: SealedStore
    cards: CardLists
    ledger: Ledger
    ledger_watch: LedgerWatch
    entrance: Entrance
    offices: Offices
    documents: Documents
    charter: Charter
    catalogue: Catalogue
    audiences: Audiences
    clock: Clock
