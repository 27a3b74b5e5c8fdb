"""The composition root: the one place that knows every room, and wires the house."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from application.door.audience import Audiences
from application.door.services import Services
from application.ports import Clock
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.journey.journey import Journey
from domain.summary.locks import FRAME_LOCK
from domain.summary.summary import Summary
from infrastructure.directory.accounts import Accounts
from infrastructure.directory.directory import Directory
from infrastructure.directory.offices import Offices
from infrastructure.documents.printing import Printing
from infrastructure.entrance.entrance import Entrance
from infrastructure.entrance.session_store import SessionStore
from infrastructure.forgetting.erasure import Erasure
from infrastructure.formats.bundle import FLOOR, Cost
from infrastructure.formats.event import EventCodec
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import House
from infrastructure.ledger.ledger import Ledger
from infrastructure.ledger.watch import LedgerWatch
from infrastructure.postgres.database import Connections
from infrastructure.store.card_lists import CardLists
from infrastructure.store.loaded import AggregateKind
from infrastructure.store.recorder import Recorder
from infrastructure.store.store import SealedStore
from policies.charter import Charter


@dataclass(frozen=True, slots=True)
class Installation:
    """One network on one database: what the pages ask, and what founds and admits."""

    services: Services
    directory: Directory
    entrance: Entrance
    offices: Offices
    ledger_watch: LedgerWatch


def journey_lock(journey_event: Any) -> int:
    """The lock of a journey's event: the code of the compartment that it is sealed in."""
    code: int = journey_event.compartment.code
    return code


def summary_lock(summary_event: Any) -> int:
    """The lock of a summary's event: the frame's, or that of a part's words."""
    lock: int = summary_event.lock
    return lock


def journeys_kind() -> AggregateKind[Journey]:
    """How journeys are stored."""
    return AggregateKind(Journey, EventCodec(Journey), journey_lock, Compartment.FRAME.code)


def summaries_kind() -> AggregateKind[Summary]:
    """How summaries are stored."""
    return AggregateKind(Summary, EventCodec(Summary), summary_lock, FRAME_LOCK)


def install(
    connections: Connections,
    network: UUID,
    house: House,
    policies: Path,
    clock: Clock,
    cost: Cost = FLOOR,
) -> Installation:
    """Wire one network. ``policies`` is the charter's folder, ``cost`` what a passphrase costs to try."""
    recorder = Recorder(connections, network)
    directory = Directory(connections, recorder, network, house.public_key)
    charter = Charter.load(policies)
    offices = Offices(directory, network, house, cost)
    accounts, sessions = Accounts(connections, network), SessionStore(connections, network)
    entrance = Entrance(network, directory, accounts, sessions, recorder, offices, cost)
    catalogue = Catalogue.load()
    watch = LedgerWatch(connections, network)
    services = Services(
        network=network,
        directory=directory,
        journeys=SealedStore(network, journeys_kind(), recorder, house),
        summaries=SealedStore(network, summaries_kind(), recorder, house),
        cards=CardLists(connections, network, house),
        ledger=Ledger(connections, recorder, network),
        ledger_watch=watch,
        entrance=entrance,
        offices=offices,
        documents=Printing(catalogue),
        charter=charter,
        catalogue=catalogue,
        audiences=Audiences(charter),
        clock=clock,
    )
    return Installation(services, directory, entrance, offices, watch)


def erasing(
    reading: Connections, changing: Connections, network: UUID, folder: HouseFolder
) -> Erasure:
    """Wire what erases in one network: ``reading`` as ``relais_app``, ``changing`` as ``relais_retention``."""
    house = House.load(folder.path)
    directory = Directory(reading, Recorder(reading, network), network, house.public_key)
    offices = Offices(directory, network, house)
    return Erasure(reading, changing, network, house, folder, directory, offices)
