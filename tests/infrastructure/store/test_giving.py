"""Keys as they are given, passed on and taken away, told as stories."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.door.journey import Entered
from application.door.refusing import Refused
from application.gateway import on_call
from application.referent import listing, opening, reading, restricting, sharing, writing
from domain.access import Access
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.entries import Entry, SealedEntry
from domain.journey.partners import Basis
from domain.network.members import Standing
from domain.storing import DirectoryMoved
from infrastructure.formats.session import OpenSession
from infrastructure.ledger.verification.verify import verify
from tests.conftest import FreshDatabase
from tests.town import Town, action, ambre, chalon, consent, informed

C = Compartment


@pytest.fixture
def town(database: FreshDatabase, tmp_path: Path) -> Iterator[Town]:
    """A town whose ledger verifies when the story is told: each key given or taken away is named."""
    made = chalon(database.app, tmp_path)
    yield made
    network, house = made.services.network, made.house.public_key
    assert verify(database.app, network, "relais.example/essai", house).mismatches == ()


def opened(town: Town, lead: str, *partners: str) -> UUID:
    """A journey with partners who joined."""
    session = town.log_in(lead)
    new = opening.NewJourney(informed(town.clock.now.date()), ambre(), "le mardi", None, "")
    journey = opening.open_journey(town.services, session, new)
    for partner in partners:
        joined(town, lead, partner, journey)
    return journey


def joined(town: Town, lead: str, partner: str, journey: UUID) -> None:
    institution = town.institutions[partner].id
    sharing.invite(town.services, town.log_in(lead), journey, institution, consent())
    sharing.answer_invitation(town.services, town.log_in(f"{partner}.un"), journey, None)


def written(town: Town, login: str, journey: UUID, compartment: Compartment) -> int:
    content = action("ce qui est dit", town.clock.now.date())
    session = town.log_in(login)
    return writing.append_action(town.services, session, journey, compartment, content, None)


def seen(town: Town, login: str, journey: UUID) -> dict[int, Entry | SealedEntry]:
    found = reading.read_journey(town.services, town.log_in(login), journey, "ongoing_work")
    return found.journey.entries


def loaded_by(town: Town, login: str, journey: UUID) -> Any:
    """The journey as somebody's session opens it, past the door."""
    people = town.installation.directory.current().referents.values()
    keys = {one.id: one.signing_key for one in people}
    return town.services.journeys.load(town.log_in(login), journey, lambda _: keys)


def given(database: FreshDatabase, journey: UUID, holder: UUID) -> tuple[int, int]:
    """How many grants a holder was ever given in a journey, and how many of them still stand."""
    with database.app.connection() as connection:
        row = connection.execute(
            "SELECT count(*), count(envelope) FROM relais.epoch_grant"
            " WHERE originator = %b AND holder = %b",
            (journey, holder),
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_deposit_waits_at_the_desk_for_the_first_who_may_read_it(town: Town) -> None:
    """Article 5.0: not for the second, who came when it was the past already."""
    journey = opened(town, "cidff.un", "ville")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    assert isinstance(seen(town, "cidff.un", journey)[version], SealedEntry)
    joined(town, "cidff.un", "police", journey)
    assert isinstance(seen(town, "police.un", journey)[version], SealedEntry)
    joined(town, "cidff.un", "spip", journey)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "spip.un", journey)[version], SealedEntry)


def test_the_desk_hands_over_though_the_gateway_takes_no_part(town: Town) -> None:
    """Article 5.0: what waits for a reader goes to the first of them, by the next session of the desk, unread."""
    journey = opened(town, "cidff.un")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    assert on_call.hand_over(town.services, town.log_in("ville.un")) == []
    joined(town, "cidff.un", "police", journey)
    joined(town, "cidff.un", "spip", journey)
    seen(town, "cidff.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], SealedEntry)
    for login in ("cidff.un", "ville.trois"):
        assert on_call.hand_over(town.services, town.log_in(login)) == []
    assert on_call.hand_over(town.services, town.log_in("ville.un")) == [journey]
    assert on_call.hand_over(town.services, town.log_in("ville.un")) == []
    assert isinstance(seen(town, "police.un", journey)[version], Entry)
    assert isinstance(seen(town, "spip.un", journey)[version], SealedEntry)
    with pytest.raises(Refused):
        seen(town, "ville.un", journey)


def test_somebody_on_call_hands_over_by_looking_at_their_list(town: Town) -> None:
    journey = opened(town, "cidff.un")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    joined(town, "cidff.un", "police", journey)
    listing.my_journeys(town.services, town.log_in("ville.un"))
    assert isinstance(seen(town, "police.un", journey)[version], Entry)


def test_what_waits_is_not_lost_where_the_whole_desk_is_kept_apart(town: Town) -> None:
    """What is left without a reader stays for who recovers the group's key: its last grant is not destroyed."""
    journey = opened(town, "ville.un")
    version = written(town, "ville.un", journey, C.PROCEEDINGS)
    ville = town.institutions["ville"].id
    named = [town.referents["ville.deux"], town.referents["ville.trois"]]
    town.name_on_call("ville.deux", "ville.trois")
    restricting.restrict(town.services, town.log_in("ville.un"), journey, ville, frozenset(named))
    seen(town, "ville.un", journey)
    joined(town, "ville.un", "police", journey)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)


def test_who_is_kept_apart_hands_nothing_over(town: Town) -> None:
    """Article 11.1: and what is recorded of it is nothing but the answer for what does not exist."""
    journey = opened(town, "cidff.un")
    written(town, "cidff.un", journey, C.PROCEEDINGS)
    ville, shut = town.institutions["ville"].id, town.referents["ville.un"]
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, ville, frozenset({shut}))
    joined(town, "cidff.un", "police", journey)
    assert on_call.hand_over(town.services, town.log_in("ville.un")) == []
    assert on_call.hand_over(town.services, town.log_in("ville.deux")) == [journey]


def test_a_consent_opens_no_health_that_was_written_under_another_ground(town: Town) -> None:
    """Article 8.2: on the care team's ground an association reads no health, and what was written then is the past."""
    journey = opened(town, "cidff.un", "ville", "hopital")
    spip, everything = town.institutions["spip"].id, frozenset({C.HEALTH, C.FOLLOW_UP})
    care = Basis("care_team", everything, "ongoing_work", told="prévenue")
    sharing.invite(town.services, town.log_in("cidff.un"), journey, spip, care)
    sharing.answer_invitation(town.services, town.log_in("spip.un"), journey, None)
    before = written(town, "hopital.un", journey, C.HEALTH)
    agreed = consent(everything)
    sharing.give_consent(town.services, town.log_in("cidff.un"), journey, spip, agreed)
    after = written(town, "hopital.un", journey, C.HEALTH)
    found = seen(town, "spip.un", journey)
    assert isinstance(found[before], SealedEntry)
    assert isinstance(found[after], Entry)


def test_what_lost_its_readers_does_not_go_to_the_desk(database: FreshDatabase, town: Town) -> None:
    journey = opened(town, "cidff.un", "ville", "hopital")
    written(town, "hopital.un", journey, C.HEALTH)
    sharing.withdraw_consent(
        town.services, town.log_in("cidff.un"), journey, town.institutions["hopital"].id
    )
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    before = given(database, journey, desk.id)[0]
    seen(town, "cidff.un", journey)
    seen(town, "ville.un", journey)
    assert given(database, journey, desk.id)[0] == before


def test_what_was_passed_on_a_moment_ago_is_not_passed_on_again(
    database: FreshDatabase, town: Town
) -> None:
    journey = opened(town, "cidff.un", "police")
    written(town, "cidff.un", journey, C.FOLLOW_UP)
    session, police = town.log_in("cidff.un"), town.institutions["police"].id
    entered = reading.read_journey(town.services, session, journey, "ongoing_work")
    before = given(database, journey, police)
    # when the same session consults again what it holds open
    access = Access("consult", town.clock(), subject=journey)
    number = town.services.journeys.record(session, entered.loaded, access, entered.audience_of)
    # then the consult is in the ledger, and nobody was given anything
    assert number > 0
    assert given(database, journey, police) == before


def test_a_restriction_takes_the_keys_of_the_whole_group_away(
    database: FreshDatabase, town: Town
) -> None:
    """Article 11.1: the others read on through a small group, the desk's agents among them."""
    journey = opened(town, "cidff.un", "ville")
    ville, shut = town.institutions["ville"].id, town.referents["ville.un"]
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, ville, frozenset({shut}))
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    for group in (ville, desk.id):
        ever, standing = given(database, journey, group)
        assert ever > 0
        assert standing == 0
    assert isinstance(seen(town, "ville.deux", journey)[version], Entry)
    with pytest.raises(Refused):
        seen(town, "ville.un", journey)
    loaded = loaded_by(town, "cidff.un", journey)
    holders = loaded.granted_at(version)
    small = loaded.aggregate.restrictions[ville].small_group
    assert small in holders
    assert not {ville, desk.id, shut} & holders


def test_a_second_restriction_takes_the_first_small_groups_keys_away(
    database: FreshDatabase, town: Town
) -> None:
    """Article 11.1: and the one that takes its place is given what it had."""
    town.join("ville", "ville.quatre", by="ville.un")
    journey = opened(town, "cidff.un", "ville")
    ville, un, deux = (
        town.institutions["ville"].id,
        town.referents["ville.un"],
        town.referents["ville.deux"],
    )
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, ville, frozenset({un}))
    between = written(town, "cidff.un", journey, C.FOLLOW_UP)
    first = loaded_by(town, "cidff.un", journey).aggregate.restrictions[ville].small_group
    assert given(database, journey, first)[1] > 0
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, ville, frozenset({deux}))
    seen(town, "cidff.un", journey)
    assert given(database, journey, first)[1] == 0
    assert isinstance(seen(town, "ville.trois", journey)[between], Entry)
    for shut in ("ville.un", "ville.deux"):
        with pytest.raises(Refused):
            seen(town, shut, journey)


def test_what_was_written_while_an_institution_was_excluded_is_the_past(town: Town) -> None:
    """Articles 1.2 and 8.2: it comes back as a newcomer, to whom facts are open and the rest is not."""
    journey = opened(town, "cidff.un", "police", "spip")
    police = town.institutions["police"].id
    before = written(town, "spip.un", journey, C.PROCEEDINGS)
    town.set_standing(police, Standing.EXCLUDED)
    meanwhile = written(town, "spip.un", journey, C.PROCEEDINGS)
    fact = written(town, "spip.un", journey, C.FOLLOW_UP)
    town.set_standing(police, Standing.ACTIVE)
    since = written(town, "spip.un", journey, C.PROCEEDINGS)
    seen(town, "spip.un", journey)
    found = seen(town, "police.un", journey)
    assert isinstance(found[meanwhile], SealedEntry)
    assert all(isinstance(found[version], Entry) for version in (before, fact, since))


def test_who_lacks_a_part_of_the_frame_reads_nothing_until_it_is_passed_on(town: Town) -> None:
    """No rule may be computed on half a frame."""
    journey = opened(town, "cidff.un", "police")
    police = town.institutions["police"].id
    for standing in (Standing.EXCLUDED, Standing.ACTIVE):
        town.set_standing(police, standing)
        if standing is Standing.EXCLUDED:
            joined(town, "cidff.un", "social", journey)
    assert loaded_by(town, "police.un", journey) is None
    seen(town, "cidff.un", journey)
    assert loaded_by(town, "police.un", journey) is not None


def test_nothing_is_recorded_for_readers_of_an_older_directory(town: Town) -> None:
    """Whoever was excluded since would be given the key."""
    journey = opened(town, "cidff.un", "police")
    session, police = town.log_in("cidff.un"), town.institutions["police"].id
    entered = reading.read_journey(town.services, session, journey, "ongoing_work")
    town.set_standing(police, Standing.EXCLUDED)
    access = Access("consult", town.clock(), subject=journey)
    with pytest.raises(DirectoryMoved):
        town.services.journeys.record(session, entered.loaded, access, entered.audience_of)


def test_who_is_kept_apart_and_then_named_on_call_reads_nothing_written_since(town: Town) -> None:
    """Nobody shut them out of the desk: they were not on it then."""
    journey = opened(town, "cidff.un", "ville")
    ville, shut = town.institutions["ville"].id, town.referents["ville.trois"]
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, ville, frozenset({shut}))
    version = written(town, "cidff.un", journey, C.DANGER)
    town.name_on_call("ville.un", "ville.trois")
    town.log_in("ville.un")
    session = town.log_in("ville.trois")
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    assert desk.id in {holder for holder, _ in session.groups}
    loaded = loaded_by(town, "cidff.un", journey)
    holders = loaded.granted_at(version)
    assert town.referents["ville.un"] in holders
    assert not {shut, desk.id, ville} & holders


def test_one_person_who_stands_in_for_two_groups_is_given_the_key_once(
    database: FreshDatabase, town: Town
) -> None:
    journey = opened(town, "cidff.un", "ville")
    town.set_standing(town.referents["ville.deux"], Standing.LEFT)
    version = written(town, "cidff.un", journey, C.DANGER)
    assert given(database, journey, town.referents["ville.un"])[0] > 0
    assert isinstance(seen(town, "ville.un", journey)[version], Entry)


def test_who_has_left_can_be_kept_apart_all_the_same(town: Town) -> None:
    """They still have the group's key; the small group is then everybody who is left."""
    journey = opened(town, "cidff.un", "police")
    police, gone = town.institutions["police"].id, town.referents["police.deux"]
    town.set_standing(gone, Standing.LEFT)
    restricting.restrict(town.services, town.log_in("cidff.un"), journey, police, frozenset({gone}))
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)


def test_a_key_that_was_given_again_is_written_under_no_more(town: Town) -> None:
    """Though exactly today's readers have it by then: one of them gave it again, who need not have made it."""
    journey = opened(town, "cidff.un", "social")
    first = written(town, "cidff.un", journey, C.FOLLOW_UP)
    joined(town, "cidff.un", "police", journey)
    seen(town, "cidff.un", journey)
    second = written(town, "cidff.un", journey, C.FOLLOW_UP)
    loaded = loaded_by(town, "cidff.un", journey)
    before, after = loaded.body_epochs[first - 1], loaded.body_epochs[second - 1]
    assert loaded.granted(before) == loaded.granted(after)
    assert before != after


LATER = 10**6
PASSED_ON: dict[str, tuple[dict[str, Any], bool]] = {
    "to a reader since then": ({"since": {"new": "born"}}, True),
    "not to a newcomer": ({"since": {"new": LATER}}, False),
    "to a newcomer to whom the past is open": (
        {"since": {"new": LATER}, "opens_past": {"new"}},
        True,
    ),
    "to a reader of whom no version is told": ({}, True),
    "to who came back before": ({"returned": {"new": "counter"}}, True),
    "not to who came back later": ({"returned": {"new": LATER}}, False),
    "to who takes the place of a reader": (
        {"since": {"new": LATER}, "replaces": {"new": {"lead"}}},
        True,
    ),
    "not to who takes the place of somebody else": (
        {"since": {"new": LATER}, "replaces": {"new": {"other"}}},
        False,
    ),
    "what waits, to the first reader": ({"keepers": {"granted"}, "since": {"new": LATER}}, True),
    "what waits, not to the second": (
        {"keepers": {"granted"}, "since": {"new": LATER, "other": 2}},
        False,
    ),
    "what waits, to who came back": ({"keepers": {"granted"}, "returned": {"new": LATER}}, True),
    "what waits, to who keeps it": ({"keepers": {"granted", "new"}}, True),
    "what had readers, not to the desk": ({"keepers": {"new"}, "opens_past": {"new"}}, False),
    "what had readers, to the desk that reads": (
        {"keepers": {"new"}, "since": {"new": LATER}, "opens_past": {"new"}},
        True,
    ),
}


@dataclass
class Looked:
    """What the lead wrote, one more institution that may read it, and the lead's session that looks again."""

    town: Town
    journey: UUID
    session: OpenSession
    entered: Entered
    version: int

    @property
    def loaded(self) -> Any:
        return self.entered.loaded

    @property
    def named(self) -> dict[str, set[UUID]]:
        """Holders as the cases name them; ``granted`` are those that what was written is sealed to."""
        ours = self.town.institutions
        one = {"new": ours["police"].id, "lead": ours["cidff"].id, "other": ours["spip"].id}
        named = {name: {holder} for name, holder in one.items()}
        return {**named, "granted": set(self.loaded.granted_at(self.version))}

    def said(self, value: Any) -> Any:
        """Words of a case as what they stand for."""
        named = self.named
        born, counter = self.loaded.born(self.loaded.body_epochs[self.version - 1])
        if isinstance(value, dict):
            return {one: self.said(held) for name, held in value.items() for one in named[name]}
        if isinstance(value, set):
            return frozenset().union(*(named[name] for name in value))
        return {"born": born, "counter": counter}.get(value, value)

    def look(self, **audience: Any) -> None:
        """Consult, with an audience of which this is told."""
        entered, network = self.entered, self.town.installation.directory.current()
        lock, (new,) = C.FOLLOW_UP.code, self.named["new"]
        told: dict[str, Any] = {
            "since": {},
            "keepers": frozenset(),
            "holders": (*entered.audience_of(lock).holders, *network.keys_of(new)),
            **{name: self.said(value) for name, value in audience.items()},
        }

        def audience_of(asked: int) -> Audience:
            found = entered.audience_of(asked)
            return replace(found, **told) if asked == lock else found

        access = Access("consult", self.town.clock(), subject=self.journey)
        self.town.services.journeys.record(self.session, self.loaded, access, audience_of)


@pytest.fixture
def looked(town: Town) -> Looked:
    journey = opened(town, "cidff.un")
    session = town.log_in("cidff.un")
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    entered = reading.read_journey(town.services, session, journey, "ongoing_work")
    return Looked(town, journey, session, entered, version)


@pytest.mark.parametrize(("audience", "passed"), PASSED_ON.values(), ids=PASSED_ON)
def test_a_key_is_passed_on(looked: Looked, audience: dict[str, Any], passed: bool) -> None:
    (new,) = looked.named["new"]
    looked.look(**audience)
    assert (new in looked.loaded.granted_at(looked.version)) is passed


TAKEN_AWAY: dict[str, tuple[dict[str, Any], bool]] = {
    "from who is kept apart": ({"shut": {"new"}}, True),
    "from nobody else": ({"shut": {"other"}}, False),
    "not where nobody else has it": ({"shut": {"new", "granted"}}, False),
    "not before who takes the place has it": (
        {"shut": {"new"}, "replaces": {"other": {"new"}}},
        False,
    ),
    "once who takes the place has it": ({"shut": {"new"}, "replaces": {"lead": {"new"}}}, True),
}


@pytest.mark.parametrize(("audience", "taken"), TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_a_key_that_was_passed_on_is_taken_away(
    database: FreshDatabase, looked: Looked, audience: dict[str, Any], taken: bool
) -> None:
    (new,) = looked.named["new"]
    looked.look()
    assert given(database, looked.journey, new) == (1, 1)
    looked.look(**audience)
    assert given(database, looked.journey, new) == (1, 0 if taken else 1)
    # And what was taken away is not taken away again.
    looked.look(**audience)
