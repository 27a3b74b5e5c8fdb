"""Founding a network: the house says the first lines of its directory, and none later."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from domain.access import Access, LedgerAct
from domain.network.charter import publish_charter
from domain.network.groups import GroupKind
from domain.network.members import Institution, admit_institution, admit_referent
from domain.network.network import Network
from infrastructure.directory.change import DirectoryChange
from infrastructure.directory.directory import Directory
from infrastructure.directory.new_account import NewAccount
from infrastructure.formats.ledger.entry import LedgerAuthor
from infrastructure.house.house import HouseSecrets


def found_network(
    directory: Directory,
    house: HouseSecrets,
    identifier: UUID,
    *,
    name: str,
    territory: str,
    gateway_number: str,
    founded_on: date,
    charter: bytes,
    auditing: Sequence[Institution],
    accounts: Sequence[NewAccount],
    at: datetime,
) -> None:
    """Found the network: its coordination and its second auditor, each with referents, and the charter in force."""
    network = Network(
        identifier=identifier,
        name=name,
        territory=territory,
        gateway_number=gateway_number,
        founded_on=founded_on,
        house_key=house.public_key,
        timestamp=at,
    )
    change = DirectoryChange(directory, network)
    for institution in auditing:
        admit_institution(network, institution, at)
    for account in accounts:
        admit_referent(network, account.referent, at)
        change.keep_account(account.referent.id, account.locked)
    for institution in auditing:
        own, members = institution.id, network.members(institution.id)
        change.make_group_key(own, GroupKind.INSTITUTION, own, members, at)
    publish_charter(network, charter, at)
    writer = LedgerAuthor.of_house(identifier, house.signing_key, house.ledger_key)
    change.record_by(writer, Access(LedgerAct.FOUND_NETWORK, at))
