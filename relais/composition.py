"""The composition root: the one place that knows every room and connects them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from application.door.audience import Audiences
from application.door.services import Parts, Services
from application.ports import Clock
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.journey.journey import Journey
from domain.summary.locks import FRAME_LOCK
from domain.summary.summary import Summary
from infrastructure.directory.accounts import Accounts
from infrastructure.directory.directory import Directory
from infrastructure.directory.group_keys import GroupKeys
from infrastructure.documents.printing import Printing
from infrastructure.entrance.entrance import Entrance
from infrastructure.entrance.session_store import SessionStore
from infrastructure.forgetting.erasure import Erasure
from infrastructure.formats.bundle import FLOOR, Cost
from infrastructure.formats.event import EventCodec
from infrastructure.formats.session import OpenSession
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.ledger import Ledger
from infrastructure.ledger.watch import LedgerWatch
from infrastructure.postgres.database import Connections
from infrastructure.store.card_lists import CardLists
from infrastructure.store.loaded import AggregateKind, Loaded
from infrastructure.store.recorder import Recorder
from infrastructure.store.store import SealedStore
from policies.charter import Charter


@dataclass(frozen=True, slots=True)
class Installation:
    """One network on one database: the services of the pages, and the parts that found and admit."""

    services: Services
    directory: Directory
    entrance: Entrance
    house: HouseSecrets
    ledger_watch: LedgerWatch


def journey_lock(journey_event: Any) -> int:
    """The lock that a journey's event is sealed under: its compartment's code."""
    code: int = journey_event.compartment.code
    return code


def summary_lock(summary_event: Any) -> int:
    """The lock that a summary's event is sealed under: the frame's, or that of a part's words."""
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
    house: HouseSecrets,
    policies: Path,
    clock: Clock,
    cost: Cost = FLOOR,
) -> Installation:
    """Connect the parts of one network. ``policies`` is the charter's folder, ``cost`` of trying one passphrase."""
    recorder = Recorder(connections, network)
    directory = Directory(connections, recorder, network, house.public_key)
    charter = Charter.load(policies)
    group_keys = GroupKeys(directory)
    accounts, sessions = Accounts(connections, network), SessionStore(connections, network)
    entrance = Entrance(network, directory, accounts, sessions, recorder, group_keys, cost)
    catalogue = Catalogue.load()
    watch = LedgerWatch(connections, network)
    parts: Parts[OpenSession, Loaded[Journey], Loaded[Summary]] = Parts(
        network=network,
        directory=directory,
        journeys=SealedStore(network, journeys_kind(), recorder, house),
        summaries=SealedStore(network, summaries_kind(), recorder, house),
        cards=CardLists(connections, network, house),
        ledger=Ledger(connections, recorder, network),
        ledger_watch=watch,
        entrance=entrance,
        group_keys=group_keys,
        documents=Printing(catalogue),
        charter=charter,
        catalogue=catalogue,
        audiences=Audiences(charter),
        clock=clock,
    )
    # Every session and every aggregate that these parts are given is one that they gave out.
    services = cast("Services", parts)
    return Installation(services, directory, entrance, house, watch)


def erasing(
    reading: Connections, changing: Connections, network: UUID, folder: HouseFolder
) -> Erasure:
    """Connect the parts that erase: ``reading`` connects as ``relais_app``, ``changing`` as ``relais_retention``."""
    house = HouseSecrets.load(folder.path)
    directory = Directory(reading, Recorder(reading, network), network, house.public_key)
    return Erasure(reading, changing, network, house, folder, directory)
