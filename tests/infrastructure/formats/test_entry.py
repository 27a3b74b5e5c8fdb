"""Entries in two parts: what is opened fits its key and its place, or is refused."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from domain.author import Author
from domain.cards import FRAME_FACE, IDENTITY_FACE, CardDraft
from domain.compartments import Compartment
from domain.journey.card import IdentityCard
from domain.journey.entries import SealedEntry
from domain.journey.journey import Information, Journey
from infrastructure.formats import card as card_codec
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.card import CardRow, open_card, seal_card
from infrastructure.formats.entry import EpochKeys, SealedEvent, SealingMapper, epochs_of
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


def mapper(*held: EpochKeys, writing: dict[int, EpochKeys] | None = None) -> SealingMapper:
    keys = {one.id: one for one in held}
    return SealingMapper(NETWORK, EventCodec(Journey), journey_lock, FRAME, keys, writing)


def opened() -> Any:
    author = Author(REFERENT, uuid4())
    journey = Journey.open(NETWORK, author, Information(DAY.date(), "spoken", "fr"), DAY)
    return journey.collect_events()[0]


def test_an_entry_is_opened_by_its_own_epoch_and_placed_by_its_frames() -> None:
    event, frame, own = opened(), keys_for(FRAME), keys_for(FRAME)
    stored = mapper(writing={FRAME: own}).to_stored_event(event)
    assert epochs_of(stored.state) == (own.id, own.id)
    assert mapper(own).to_domain_event(stored) == event
    assert mapper(frame).to_domain_event(stored) == SealedEvent(event.originator_id, 1, None, None)


def test_entries_of_two_journeys_are_opened_one_after_the_other() -> None:
    """Though both stand under one epoch: what is made ready for the first is not the second's."""
    one, other, own = opened(), opened(), keys_for(FRAME)
    sealing, opening = mapper(writing={FRAME: own}), mapper(own)
    stored = [sealing.to_stored_event(event) for event in (one, other, one)]
    assert [opening.to_domain_event(row) for row in stored] == [one, other, one]


def test_who_holds_the_frame_alone_learns_compartment_and_day() -> None:
    frame, health = keys_for(FRAME), keys_for(Compartment.HEALTH.code)
    writing = {FRAME: frame, Compartment.HEALTH.code: health}
    sealing = SealingMapper(
        NETWORK, EventCodec(Journey), lambda _: Compartment.HEALTH.code, FRAME, {}, writing
    )
    stored = sealing.to_stored_event(opened())
    found = mapper(frame).to_domain_event(stored)
    assert (found.lock, found.day) == (Compartment.HEALTH.code, date(2026, 3, 2))
    with pytest.raises(Tampered):
        # The key opens, and what it says belongs to another lock than the key does.
        mapper(frame, health).to_domain_event(stored)


@pytest.mark.parametrize("state", [b"", b"\x01" + bytes(98), b"\x02" + bytes(300)])
def test_what_is_no_entry_is_refused(state: bytes) -> None:
    with pytest.raises(Tampered):
        mapper().to_domain_event(StoredEvent(uuid4(), 1, "", state))
    with pytest.raises(Tampered):
        mapper().to_domain_event(StoredEvent("name", 1, "", b"\x01" + bytes(300)))


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
    card = CardDraft(IDENTITY_FACE, Compartment.IDENTITY.code, IdentityCard("Mme A."))
    row = seal_card(NETWORK, journey, card, 3, keys)
    assert open_card(NETWORK, journey, row, keys) == IdentityCard("Mme A.")
    moved = [
        (uuid4(), journey, row),
        (NETWORK, uuid4(), row),
        (NETWORK, journey, CardRow(FRAME_FACE, 3, row.epoch, row.envelope)),
        (NETWORK, journey, CardRow(IDENTITY_FACE, 4, row.epoch, row.envelope)),
        (NETWORK, journey, CardRow(IDENTITY_FACE, 3, bytes(32), row.envelope)),
    ]
    for network, originator, place in moved:
        with pytest.raises(Tampered):
            open_card(network, originator, place, keys)


def test_a_card_of_another_shape_or_of_no_face_is_refused() -> None:
    journey, keys = uuid4(), keys_for(FRAME)
    odd = seal_card(NETWORK, journey, CardDraft(IDENTITY_FACE, FRAME, IdentityCard("A")), 1, keys)
    assert open_card(NETWORK, journey, odd, keys) == IdentityCard("A")
    for face, content in (
        (FRAME_FACE, b'{"known_as":"A"}'),
        (9, b"{}"),
        (IDENTITY_FACE, b"not json"),
    ):
        bound_to = card_codec._bound_to(NETWORK, journey, face, 1, keys.id)
        sealed = seal_under(keys[card_codec._USE], padded(content), bound_to)
        with pytest.raises(Tampered):
            open_card(NETWORK, journey, CardRow(face, 1, keys.id, sealed), keys)
