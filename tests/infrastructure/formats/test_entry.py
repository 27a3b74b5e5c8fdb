"""Entries in two parts: what is opened fits its key and its place, or is refused."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.author import Author
from domain.cards import CardDraft, Face
from domain.compartments import Compartment
from domain.journey.card import IdentityCard
from domain.journey.entries import SealedEntry
from domain.journey.journey import Information, Journey
from infrastructure.formats import card as card_codec
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.card import CardRow, open_card, seal_card
from infrastructure.formats.entry import EntrySealer, EpochKeys, SealedEvent, epochs_of
from infrastructure.formats.envelope import Tampered, padded, seal_under
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import new_epoch
from infrastructure.formats.session import begin
from relais.composition import journey_lock

NETWORK, REFERENT, SHRED = uuid4(), uuid4(), bytes(range(32))
FRAME = Compartment.FRAME.code
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


CERTIFICATE = begin(NETWORK, REFERENT, uuid4(), Bundle.generate(), DAY).certificate


def keys_for(lock: int) -> EpochKeys:
    return EpochKeys(new_epoch(lock, CERTIFICATE), SHRED)


def sealer(*held: EpochKeys, writing: dict[int, EpochKeys] | None = None) -> EntrySealer:
    keys = {epoch_keys.id: epoch_keys for epoch_keys in held}
    return EntrySealer(NETWORK, EventCodec(Journey), journey_lock, FRAME, keys, writing)


def opened_by(event: Any, state: bytes, *held: EpochKeys) -> Any:
    """An entry in the place of its event, as a session that holds these keys opens it."""
    return sealer(*held).open(event.originator_id, 1, state)


def opened() -> Any:
    author = Author(REFERENT, uuid4())
    journey = Journey.open(NETWORK, author, Information(DAY.date(), "spoken", "fr"), DAY)
    return journey.collect_events()[0]


def test_an_entry_is_opened_by_its_own_epoch_and_placed_by_its_frames() -> None:
    event, frame, own = opened(), keys_for(FRAME), keys_for(FRAME)
    state = sealer(writing={FRAME: own}).seal(event)
    assert epochs_of(state) == (own.id, own.id)
    assert opened_by(event, state, own) == event
    assert opened_by(event, state, frame) == SealedEvent(event.originator_id, 1, None, None)


def test_entries_of_two_journeys_are_opened_one_after_the_other() -> None:
    """Though both are under one epoch: nothing made ready for the first serves for the second."""
    first, second, own = opened(), opened(), keys_for(FRAME)
    sealing, opening = sealer(writing={FRAME: own}), sealer(own)
    events = [first, second, first]
    states = [sealing.seal(event) for event in events]
    assert [
        opening.open(event.originator_id, 1, state)
        for event, state in zip(events, states, strict=True)
    ] == events


def test_a_session_that_holds_the_frame_alone_learns_compartment_and_day() -> None:
    event, frame, health = opened(), keys_for(FRAME), keys_for(Compartment.HEALTH.code)
    writing = {FRAME: frame, Compartment.HEALTH.code: health}
    sealing = EntrySealer(
        NETWORK, EventCodec(Journey), lambda _: Compartment.HEALTH.code, FRAME, {}, writing
    )
    state = sealing.seal(event)
    sealed = opened_by(event, state, frame)
    assert (sealed.lock, sealed.day) == (Compartment.HEALTH.code, date(2026, 3, 2))
    with pytest.raises(Tampered):
        # The key opens, but the event within is of another lock than the key.
        opened_by(event, state, frame, health)


@pytest.mark.parametrize("state", [b"", b"\x01" + bytes(98), b"\x02" + bytes(300)])
def test_bytes_that_are_no_entry_are_refused(state: bytes) -> None:
    with pytest.raises(Tampered):
        opened_by(opened(), state)


def test_a_sealed_entry_stands_in_its_own_place_only() -> None:
    journey = opened().mutate(None)
    sealed = SealedEvent(journey.id, 2, None, None)
    for wrong in (SealedEvent(uuid4(), 2, None, None), SealedEvent(journey.id, 3, None, None)):
        with pytest.raises(Tampered):
            wrong.mutate(journey)
    with pytest.raises(Tampered):
        sealed.mutate(None)
    assert sealed.mutate(journey).version == 2


def test_a_sealed_entry_keeps_its_place_its_compartment_and_its_day() -> None:
    journey, day = opened().mutate(None), date(2026, 3, 2)
    SealedEvent(journey.id, 2, Compartment.HEALTH.code, day).mutate(journey)
    assert journey.entries == {2: SealedEntry(2, Compartment.HEALTH, day)}


def test_a_card_is_opened_in_its_own_place_only() -> None:
    journey, keys = uuid4(), keys_for(Compartment.IDENTITY.code)
    card = CardDraft(Face.IDENTITY, Compartment.IDENTITY.code, IdentityCard("Mme A."))
    row = seal_card(NETWORK, journey, card, 3, keys)
    assert open_card(NETWORK, journey, row, keys) == IdentityCard("Mme A.")
    moved = [
        (uuid4(), journey, row),
        (NETWORK, uuid4(), row),
        (NETWORK, journey, CardRow(Face.FRAME, 3, row.epoch, row.envelope)),
        (NETWORK, journey, CardRow(Face.IDENTITY, 4, row.epoch, row.envelope)),
        (NETWORK, journey, CardRow(Face.IDENTITY, 3, bytes(32), row.envelope)),
    ]
    for network, originator, place in moved:
        with pytest.raises(Tampered):
            open_card(network, originator, place, keys)


def test_a_card_of_another_shape_or_of_no_face_is_refused() -> None:
    journey, keys = uuid4(), keys_for(FRAME)
    odd = seal_card(NETWORK, journey, CardDraft(Face.IDENTITY, FRAME, IdentityCard("A")), 1, keys)
    assert open_card(NETWORK, journey, odd, keys) == IdentityCard("A")
    for face, content in (
        (Face.FRAME, b'{"known_as":"A"}'),
        (9, b"{}"),
        (Face.IDENTITY, b"not json"),
    ):
        bound_to = card_codec._bound_to(NETWORK, journey, face, 1, keys.id)
        sealed = seal_under(keys[card_codec._USE], padded(content), bound_to)
        with pytest.raises(Tampered):
            open_card(NETWORK, journey, CardRow(face, 1, keys.id, sealed), keys)
