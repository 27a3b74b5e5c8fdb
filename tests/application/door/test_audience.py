"""An audience is remembered by what it depends on."""

from contextlib import suppress

from hypothesis import given

from application.door.audience import _frame_of
from domain.journey.journey import Journey
from domain.refusals import Refusal
from tests.domain.given import NOW, Call, named, sequences
from tests.domain.journey.facts import CIDFF, COMMANDS, TOLD


@given(sequences(COMMANDS))
def test_what_an_audience_depends_on_never_changes_without_a_note_in_the_frame(
    sequence: list[Call],
) -> None:
    journey = Journey.open(named("Chalon"), CIDFF, TOLD, NOW)
    for command in sequence:
        before, noted = _frame_of(journey), len(journey.frame_notes)
        with suppress(Refusal):
            command(journey)
        assert len(journey.frame_notes) > noted or _frame_of(journey) == before
