"""The directory: what a line may not say, and acts that would close it for good."""

from typing import Any

import pytest

from domain.access import Access
from domain.network.groups import GroupKeyShared, GroupKind, make_group_key
from domain.network.members import Standing, set_standing
from domain.network.network import Network
from domain.network.on_call import OnCallNamed, name_on_call
from domain.refusals import Refusal
from domain.storing import VersionMoved
from infrastructure.formats.directory_line import DirectoryRefused, Signer, write_line
from infrastructure.formats.event import EventCodec
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.ledger.entry import LedgerAuthor
from tests.databases import FreshDatabase
from tests.telling.town import Town


def test_who_left_the_desk_passes_no_key_on(town: Town) -> None:
    """A line that its author may not say would close the directory to everybody, for good."""
    town.name_on_call("ville.deux", "ville.trois")
    town.log_in("ville.un")
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    assert town.referents["ville.trois"] not in desk.founders
    town.log_in("ville.deux")
    session = town.log_in("ville.trois")
    assert (desk.id, 2) in session.groups


def test_the_desk_never_changes_all_its_members_at_once(town: Town) -> None:
    town.join("ville", "ville.quatre", by="ville.un")
    with pytest.raises(Refusal) as refused:
        town.name_on_call("ville.trois", "ville.quatre")
    assert refused.value.article == "12.1"


def _exclude(network: Any, town: Town) -> None:
    set_standing(network, town.referents["police.un"], Standing.EXCLUDED, "motif", town.clock())


def _take_over(network: Any, town: Town) -> None:
    group = network.groups[town.institutions["police"].id]
    key = DecryptionKey.generate().public().raw
    members = network.members(group.id)
    make_group_key(network, group.id, GroupKind.INSTITUTION, group.of, key, members, town.clock())


def _name_on_call(network: Any, town: Town) -> None:
    named = [town.referents["ville.deux"], town.referents["ville.trois"]]
    name_on_call(network, named, town.clock())


@pytest.mark.parametrize("act", [_exclude, _take_over, _name_on_call])
def test_what_its_author_may_not_say_is_not_stored(town: Town, act: Any) -> None:
    directory, session = town.installation.directory, town.log_in("cidff.un")
    before = directory.current().counter
    network = directory.to_change()
    act(network, town)
    with pytest.raises(DirectoryRefused):
        directory.record(LedgerAuthor.of(session), network, Access("renew_groups", town.clock()))
    assert directory.current().counter == before


def test_the_house_says_nothing_once_it_has_founded(town: Town, database: FreshDatabase) -> None:
    """It holds no office: whoever has its key excludes nobody, neither by an act nor by a line put in by hand."""
    directory, house = town.installation.directory, town.house
    author = LedgerAuthor.of_house(town.services.network, house.signing_key, house.ledger_key)
    network = directory.to_change()
    _exclude(network, town)
    (event,) = network.pending_events
    with pytest.raises(DirectoryRefused):
        directory.record(author, network, Access("set_standing", town.clock()))
    line = write_line(author.network, EventCodec(Network), event, Signer(house.signing_key, None))
    version = event.originator_version
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "INSERT INTO relais.event (network, originator, version, state)"
            " VALUES (%b, %b, %b, %b)",
            (author.network, author.network, version, line),
        )
    with pytest.raises(DirectoryRefused) as refused:
        directory.current()
    assert refused.value.counter == version


def test_a_member_gives_a_groups_key_to_nobody_else(town: Town) -> None:
    """Nor may a line say so: whoever it names would count as one who has the key."""
    directory, session = town.installation.directory, town.log_in("police.un")
    police, stranger = town.institutions["police"].id, town.referents["cidff.un"]
    network = directory.to_change()
    network.trigger_event(GroupKeyShared, group=police, member=stranger, timestamp=town.clock())
    with pytest.raises(DirectoryRefused):
        directory.record(LedgerAuthor.of(session), network, Access("share_groups", town.clock()))


@pytest.mark.parametrize(
    "named", [("cidff.un", "cidff.deux"), ("ville.un",), ("ville.un", "cidff.un")]
)
def test_the_desk_is_of_the_gateway_and_has_two_whoever_says_it(
    town: Town, named: tuple[str, ...]
) -> None:
    directory, session = town.installation.directory, town.log_in("coordination.un")
    network = directory.to_change()
    referents = tuple(town.referents[one] for one in named)
    network.trigger_event(OnCallNamed, referents=referents, timestamp=town.clock())
    with pytest.raises(DirectoryRefused):
        directory.record(LedgerAuthor.of(session), network, Access("name_on_call", town.clock()))


def test_a_change_decided_on_an_older_directory_is_decided_again(town: Town) -> None:
    directory, session = town.installation.directory, town.log_in("coordination.un")
    network = directory.to_change()
    _exclude(network, town)
    other = directory.to_change()
    _name_on_call(other, town)
    access = Access("set_standing", town.clock())
    directory.record(LedgerAuthor.of(session), network, access)
    directory.current()
    with pytest.raises(VersionMoved):
        directory.record(LedgerAuthor.of(session), other, access)


def test_a_directory_with_fewer_lines_than_was_told_is_refused(town: Town) -> None:
    directory = town.installation.directory
    with pytest.raises(DirectoryRefused):
        directory.at_least(directory.current().counter + 1)
