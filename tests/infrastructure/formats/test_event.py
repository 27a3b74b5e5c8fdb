"""Stored events: each has a frozen sample that every later program must still read."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.domain import DomainEventProtocol, OriginatorVersionError
from hypothesis import given

from domain.journey.capacities import Capacity
from domain.journey.journey import Journey
from domain.journey.partners import Partner
from domain.network.network import Network
from domain.refusals import Refusal
from domain.summary.summary import Summary
from infrastructure.formats.event import EventCodec, UnknownEvent
from tests.domain.given import NOW, Call, event_class, named, sequences
from tests.domain.journey.facts import CIDFF, COMMANDS, TOLD

SAMPLES = Path(__file__).parents[2] / "vectors" / "events"
ORIGINATOR = UUID("6f0a2a8e-7c0b-4a39-9f7e-3d1d5f2c9b11")
AGGREGATES: dict[str, Any] = {one.__name__: one for one in (Journey, Network, Summary)}
CODECS = {name: EventCodec(kind) for name, kind in AGGREGATES.items()}
FILES = sorted(SAMPLES.glob("*.json"))
APPENDED = (SAMPLES / "Journey.ActionAppended.1.json").read_bytes().strip()


def read(file: Path) -> Any:
    """The event of a sample, as the third of its originator."""
    codec = CODECS[file.name.split(".")[0]]
    return codec.decode(ORIGINATOR, 3, file.read_bytes().strip())


def in_any_order(value: Any) -> Any:
    """JSON whose lists are compared as sets are: a set has no order."""
    if isinstance(value, dict):
        return {key: in_any_order(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((in_any_order(one) for one in value), key=json.dumps)
    return value


def test_every_stored_event_has_a_sample_of_each_of_its_versions() -> None:
    wanted = {
        f"{name}.{event.__name__}.{version}.json"
        for name, aggregate in AGGREGATES.items()
        for event in aggregate.events
        for version in range(1, getattr(event, "class_version", 1) + 1)
    }
    assert {file.name for file in FILES} == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_is_read(file: Path) -> None:
    name, topic, version, _ = file.name.split(".")
    event, codec = read(file), CODECS[name]
    assert type(event) is event_class(AGGREGATES[name], topic)
    assert (event.originator_id, event.originator_version) == (ORIGINATOR, 3)
    written = codec.encode(event)
    assert codec.decode(ORIGINATOR, 3, written) == event
    if int(version) == getattr(type(event), "class_version", 1):
        stored = json.loads(file.read_bytes())
        assert in_any_order(json.loads(written)) == in_any_order(stored)


def test_an_invitation_of_the_first_version_did_not_open_the_past() -> None:
    first = read(SAMPLES / "Journey.PartnerInvited.1.json")
    second = read(SAMPLES / "Journey.PartnerInvited.2.json")
    assert first.basis.includes_past is False
    assert second.basis.includes_past is True
    assert first.basis.scope == second.basis.scope
    journey: Any = read(SAMPLES / "Journey.JourneyOpened.1.json")
    journey.__dict__["originator_version"] = 1
    first.__dict__["originator_version"] = 2
    opened = journey.mutate(None)
    found: Journey = first.mutate(opened)
    partner = found.partners[first.institution]
    assert isinstance(partner, Partner)
    assert partner.basis == first.basis


def test_events_of_a_version_that_did_not_ask_in_what_capacity_lock_nobody_out() -> None:
    opened: Any = read(SAMPLES / "Journey.JourneyOpened.1.json")
    opened.__dict__["originator_version"] = 1
    invited: Any = read(SAMPLES / "Journey.PartnerInvited.2.json")
    invited.__dict__.update(originator_version=2, institution=named("abri"))
    journey: Journey = invited.mutate(opened.mutate(None))
    assert [partner.capacities for partner in journey.partners.values()] == [None, None]
    assert all(partner.acts_in(each) for partner in journey.partners.values() for each in Capacity)
    asked: Any = read(SAMPLES / "Journey.PartnerInvited.3.json")
    assert asked.capacities == {Capacity.SHELTER, Capacity.CARE}


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        APPENDED[:-1],
        APPENDED + b"}",
        APPENDED.replace(b'"state"', b'"states"'),
        APPENDED.replace(b"ActionAppended", b"ActionErased"),
        APPENDED.replace(b"ActionAppended", b"Event"),
        APPENDED.replace(b"ActionAppended", b"os.system"),
        APPENDED.replace(b'"version":1', b'"version":2'),
        APPENDED.replace(b'"version":1', b'"version":0'),
        APPENDED.replace(b'"version":1', b'"version":"1"'),
        APPENDED.replace(b'"version":1', b'"version":null'),
        APPENDED.replace(b'"event":"ActionAppended"', b'"event":["ActionAppended"]'),
        APPENDED.replace(b'"state":{', b'"state":{"more":1,'),
        APPENDED.replace(b'"ground":', b'"grounds":'),
        APPENDED.replace(b'"event":"ActionAppended","version":1', b"1"),
    ],
)
def test_what_is_no_known_event_is_refused(encoded: bytes) -> None:
    assert encoded != APPENDED
    with pytest.raises(UnknownEvent):
        CODECS["Journey"].decode(ORIGINATOR, 3, encoded)


def test_an_old_version_that_has_lost_a_field_is_refused() -> None:
    file = SAMPLES / "Journey.PartnerInvited.1.json"
    spoilt = file.read_bytes().strip().replace(b'"basis":{', b'"bases":{')
    with pytest.raises(UnknownEvent):
        CODECS["Journey"].decode(ORIGINATOR, 3, spoilt)


@pytest.mark.parametrize("name", AGGREGATES)
def test_the_events_that_only_others_are_made_of_are_none(name: str) -> None:
    assert not {"Event", "Created"} & set(CODECS[name].topics)


def test_an_event_of_another_aggregate_is_not_written() -> None:
    event: DomainEventProtocol[UUID] = read(SAMPLES / "Network.CharterSigned.1.json")
    with pytest.raises(UnknownEvent):
        CODECS["Journey"].encode(event)


@given(sequences(COMMANDS))
def test_folding_gives_what_the_events_own_mutate_gives(sequence: list[Call]) -> None:
    journey = Journey.open(named("Chalon"), CIDFF, TOLD, NOW)
    codec = CODECS["Journey"]
    for command in sequence:
        with suppress(Refusal):
            command(journey)
    events, folded = list(journey.collect_events()), None
    for version, event in enumerate(events, start=1):
        folded = codec.fold(codec.decode(journey.id, version, codec.encode(event)), folded)
    assert folded == journey


def test_an_event_out_of_its_turn_is_not_folded() -> None:
    journey = Journey.open(named("Chalon"), CIDFF, TOLD, NOW)
    appended = CODECS["Journey"].decode(journey.id, 3, APPENDED)
    with pytest.raises(OriginatorVersionError):
        CODECS["Journey"].fold(appended, journey)
