"""At 23:30 in UTC it is half past midnight in the territory: every rule about a day goes by the network's."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from application.magistrate.received import open_summary
from application.referent import composing, opening, reading, sharing, writing
from application.referent.opening import NewJourney
from domain.compartments import Compartment
from domain.journey.entries import Entry, SealedEntry
from domain.journey.journey import Information
from domain.refusals import InvalidValue, Refusal
from tests.telling.story import Story
from tests.telling.town import Town, action, ambre, consent, informed

LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
YESTERDAY, TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def late(story: Story) -> Story:
    story.town.clock.now = LATE
    story.town.sessions.clear()
    return story


def opened(town: Town, new: NewJourney) -> None:
    opening.open_journey(town.services, town.who("cidff.un"), new)


def deferred_until(day: date) -> Information:
    return Information(None, None, None, "unreachable", day)


# -- opening -------------------------------------------------------------------------------------------


def test_a_person_was_informed_today_and_not_tomorrow_8_1(late: Story) -> None:
    opened(late.town, NewJourney(informed(TODAY), ambre(), "", None, ""))
    with pytest.raises(InvalidValue) as refused:
        opened(late.town, NewJourney(informed(TOMORROW), ambre(), "", None, ""))
    assert refused.value.field == "given_on"


def test_a_deferral_is_reviewed_from_today_to_thirty_days_on(late: Story) -> None:
    for day in (TODAY, TODAY + timedelta(days=30)):
        opened(late.town, NewJourney(deferred_until(day), ambre(), "", None, ""))
    for day in (YESTERDAY, TODAY + timedelta(days=31)):
        with pytest.raises(InvalidValue) as refused:
            opened(late.town, NewJourney(deferred_until(day), ambre(), "", None, ""))
        assert refused.value.field == "review_on"


def test_a_person_may_be_born_today_and_not_tomorrow(late: Story) -> None:
    born, unborn = (replace(ambre(), birth_date=day) for day in (TODAY, TOMORROW))
    opened(late.town, NewJourney(informed(TODAY), born, "", None, ""))
    with pytest.raises(InvalidValue) as refused:
        opened(late.town, NewJourney(informed(TODAY), unborn, "", None, ""))
    assert refused.value.field == "birth_date"


def test_a_danger_noted_at_opening_is_of_today(late: Story) -> None:
    session = late.town.who("cidff.un")
    new = NewJourney(informed(TODAY), ambre(), "", "high", "")
    journey = opening.open_journey(late.services, session, new)
    entered = reading.read_journey(late.services, session, journey, "ongoing_work")
    days = [
        entry.content.occurred_on
        for entry in entered.journey.entries.values()
        if isinstance(entry, Entry)
    ]
    assert days == [TODAY]


# -- consent -------------------------------------------------------------------------------------------


def agree(story: Story, until: date) -> None:
    police = story.town.institutions["police"].id
    basis = replace(consent(), until=until)
    sharing.give_consent(story.services, story.town.who("cidff.un"), story.journey, police, basis)


def test_a_consent_does_not_end_before_today(late: Story) -> None:
    with pytest.raises(InvalidValue) as refused:
        agree(late, YESTERDAY)
    assert refused.value.field == "until"
    agree(late, TODAY)


def police_reads_danger(story: Story) -> bool:
    session = story.town.log_in("cidff.un")
    entered = reading.read_journey(story.services, session, story.journey, "ongoing_work")
    police = story.town.institutions["police"].id
    return police in entered.audience(Compartment.DANGER).institutions


def test_a_consent_holds_to_the_end_of_its_last_day(story: Story) -> None:
    agree(story, YESTERDAY)
    story.town.clock.now = LATE - timedelta(hours=1)
    assert police_reads_danger(story)
    story.town.clock.now = LATE
    assert not police_reads_danger(story)


@pytest.mark.parametrize(
    ("hour", "goes_on"), [(LATE - timedelta(hours=1), True), (LATE, False)], ids=["before", "after"]
)
def test_a_consent_renewed_after_its_last_day_shares_nothing_of_before(
    story: Story, hour: datetime, *, goes_on: bool
) -> None:
    agree(story, YESTERDAY)
    police = story.town.institutions["police"].id
    story.town.clock.now = hour
    session = story.town.log_in("cidff.un")
    before = reading.read_journey(story.services, session, story.journey, "ongoing_work").journey
    agree(story, TOMORROW)
    after = reading.read_journey(story.services, session, story.journey, "ongoing_work").journey
    since = [
        journey.partners[police].shared_since[Compartment.DANGER] for journey in (before, after)
    ]
    assert (since[0] == since[1]) is goes_on


# -- entries -------------------------------------------------------------------------------------------


def write(story: Story, day: date, due: date | None = None) -> int:
    content = action("Appel de nuit.", day, due=due)
    session = story.town.who("cidff.un")
    return writing.append_action(
        story.services, session, story.journey, Compartment.FOLLOW_UP, content, None
    )


def test_an_action_was_done_today_and_one_of_tomorrow_is_planned(late: Story) -> None:
    write(late, TODAY)
    write(late, TOMORROW, due=TOMORROW)
    with pytest.raises(InvalidValue) as refused:
        write(late, TOMORROW)
    assert refused.value.field == "occurred_on"


def test_a_planned_action_that_is_done_was_done_today(late: Story) -> None:
    version = write(late, TODAY, due=TODAY)
    session = late.town.who("cidff.un")
    writing.complete_action(late.services, session, late.journey, version)
    entered = reading.read_journey(late.services, session, late.journey, "ongoing_work")
    entry = entered.journey.entries[version + 1]
    assert isinstance(entry, Entry)
    assert entry.content.occurred_on == TODAY


def test_an_entry_that_a_reader_cannot_open_is_of_today(late: Story) -> None:
    content = action("Au commissariat.", TODAY, "complaint")
    session = late.town.who("police.un")
    version = writing.append_action(
        late.services, session, late.journey, Compartment.PROCEEDINGS, content, None
    )
    reader = late.town.who("hopital.un")
    entered = reading.read_journey(late.services, reader, late.journey, "ongoing_work")
    entry = entered.journey.entries[version]
    assert isinstance(entry, SealedEntry)
    assert entry.day == TODAY


# -- summaries -----------------------------------------------------------------------------------------


def test_a_requisition_may_be_of_today_and_not_of_tomorrow(late: Story) -> None:
    def compose(day: date) -> None:
        composing.compose(
            late.services,
            late.town.who("cidff.un"),
            late.journey,
            late.town.institutions["parquet"].id,
            replace(late.requisition(), issued_on=day),
            [late.versions["cidff"]],
        )

    compose(TODAY)
    with pytest.raises(InvalidValue) as refused:
        compose(TOMORROW)
    assert refused.value.field == "issued_on"


def test_a_summary_opens_to_the_end_of_its_last_day_14_4(late: Story) -> None:
    summary = late.released()
    last = TODAY + timedelta(days=365)
    late.town.clock.now = datetime.combine(last, time(22, 30), UTC)
    open_summary(late.services, late.town.log_in("parquet.un"), summary)
    late.town.clock.forward(hours=1)
    with pytest.raises(Refusal, match="terme"):
        open_summary(late.services, late.town.log_in("parquet.un"), summary)
