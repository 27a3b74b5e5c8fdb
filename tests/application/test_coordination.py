"""The audit: who accessed what, when, why, under which article; and no word of a journey (article 10.2)."""

from datetime import date, datetime, timedelta

import pytest

from application.coordination.auditing import (
    AuditFilter,
    AuditLine,
    acts_of,
    audit,
    export_audit,
    grouped,
    heat,
    many_journeys,
)
from application.door.refusing import Refused
from application.referent import opening, reading, writing
from domain.compartments import Compartment
from domain.journey.code import code_of
from domain.journey.entries import Content
from domain.network.members import Standing
from tests.application.telling import WORDS, Story
from tests.town import Town, ambre, informed

EVERYTHING = AuditFilter()


def looked(town: Town, wanted: AuditFilter = EVERYTHING) -> list[AuditLine]:
    """What the coordination sees."""
    return audit(town.services, town.who("coordination.un"), wanted)


def test_both_visits_are_seen_with_their_articles_and_purpose(story: Story) -> None:
    """Given two people of two institutions who consulted a journey, when the coordination audits it by its
    code, then both visits are there, the newest first, with purpose and article."""
    for login in ("cidff.un", "police.un"):
        session = story.town.who(login)
        reading.read_journey(story.services, session, story.journey, "ongoing_work")
    code = code_of(story.journey)
    lines = looked(story.town, AuditFilter(code=code, act="consult"))
    assert [(one.person, one.institution, one.code) for one in lines] == [
        ("police.un", "police", code),
        ("cidff.un", "cidff", code),
    ]
    assert {one.access.purpose for one in lines} == {"ongoing_work"}
    assert all("2.1" in one.access.articles for one in lines)


def test_no_word_of_the_journey_is_in_the_audit(story: Story) -> None:
    """Given a journey full of words, when the coordination audits everything, then none of them is there, and
    its session has no key of the journey."""
    reading.read_journey(story.services, story.town.who("police.un"), story.journey, "ongoing_work")
    session = story.town.log_in("coordination.un")
    told = repr(audit(story.services, session, EVERYTHING))
    person = ambre()
    for word in (*WORDS.values(), person.known_as, person.surname, person.first_name):
        assert word not in told
    assert session.known_epochs(story.journey) == {}


@pytest.mark.parametrize("login", ["cidff.un", "police.un", "parquet.un", "ville.un"])
def test_nobody_else_audits(town: Town, login: str) -> None:
    """Given a referent or a magistrate, when they audit or export, then 10.2 refuses, and that is recorded."""
    for act in (audit, export_audit):
        with pytest.raises(Refused) as refused:
            act(town.services, town.who(login), EVERYTHING)
        assert refused.value.articles == ("10.2",)
    lines = looked(town, AuditFilter(person=login, refusals_only=True))
    assert [one.access.act for one in lines] == ["export_audit", "audit"]


def test_a_suspended_coordination_audits_nothing(town: Town) -> None:
    """Given a coordinator who is suspended, when they audit, then 2.2 refuses."""
    session = town.who("coordination.un")
    town.set_standing(session.referent, Standing.SUSPENDED)
    with pytest.raises(Refused) as refused:
        audit(town.services, session, EVERYTHING)
    assert refused.value.articles == ("2.2",)


def test_the_second_auditor_sees_the_coordinations_own_acts(story: Story) -> None:
    """Given a coordination that audited and exported, when the second auditor audits, then both acts are seen,
    and the journey's accesses too (attack case 9)."""
    coordination = story.town.who("coordination.un")
    audit(story.services, coordination, EVERYTHING)
    export_audit(story.services, coordination, EVERYTHING)
    lines = audit(story.services, story.town.who("auditeur.un"), EVERYTHING)
    acts = [one.access.act for one in lines if one.person == "Coordination Un"]
    assert acts[:2] == ["export_audit", "audit"]
    assert any(one.code == code_of(story.journey) for one in lines)


def test_the_audit_that_is_being_made_is_in_it(town: Town) -> None:
    """Given an audit, when its lines are read, then the first is the audit itself: recorded before anything is
    shown."""
    assert looked(town)[0].access.act == "audit"


def test_each_filter_keeps_what_it_says(story: Story) -> None:
    """Given accesses of several people on several days, when each filter is set, then exactly its lines are
    left."""
    town = story.town
    town.clock.forward(days=3)
    town.sessions.clear()
    with pytest.raises(Refused):
        reading.read_journey(town.services, town.who("spip.un"), story.journey, "ongoing_work")
    day = town.clock().date()
    police = town.institutions["police"].id
    everything = looked(town)
    assert {one.institution for one in looked(town, AuditFilter(institution=police))} == {"police"}
    assert {one.person for one in looked(town, AuditFilter(person="POLICE.ún"))} == {"police.un"}
    assert {one.day for one in looked(town, AuditFilter(from_day=day))} == {day}
    assert day not in {one.day for one in looked(town, AuditFilter(to_day=day - timedelta(days=1)))}
    refused = looked(town, AuditFilter(refusals_only=True))
    assert [(one.person, one.access.act) for one in refused] == [("spip.un", "consult")]
    assert {one.access.act for one in looked(town, AuditFilter(act="append"))} == {"append"}
    code = code_of(story.journey)
    by_code = looked(town, AuditFilter(code=code.lower().replace("-", " ")))
    assert {one.code for one in by_code} == {code}
    assert len(by_code) == sum(one.code == code for one in everything)
    assert looked(town, AuditFilter(code="0000-00")) == []
    assert "append" in acts_of(everything)


def test_a_code_is_read_as_people_write_it(town: Town) -> None:
    """Given a code with a zero, when it is typed with the letter O and without hyphen, then it is found."""
    day, session = town.clock().date(), town.who("cidff.un")
    journey = None
    while journey is None or "0" not in code_of(journey):
        new = opening.NewJourney(informed(day), ambre(), "", None, "")
        journey = opening.open_journey(town.services, session, new)
    typed = code_of(journey).replace("0", "o").replace("-", "")
    assert {one.code for one in looked(town, AuditFilter(code=typed))} == {code_of(journey)}


def test_repeated_readings_of_a_day_are_one_line(story: Story) -> None:
    """Given three visits of one person, each of two pages, then one the next day, when lines are grouped, then the
    first day has one line of three; what was written is never grouped; each page stays in the ledger."""
    town = story.town
    for _ in range(3):
        for _ in range(2):
            session = town.who("police.un")
            reading.read_journey(town.services, session, story.journey, "ongoing_work")
        town.clock.forward(minutes=20)
    town.clock.forward(days=1)
    town.sessions.clear()
    reading.read_journey(town.services, town.who("police.un"), story.journey, "ongoing_work")
    lines = looked(town, AuditFilter(person="police.un"))
    consults = [one.times for one in grouped(lines) if one.access.act == "consult"]
    assert consults == [1, 3]
    written = [one for one in grouped(lines) if one.access.act == "append"]
    assert [one.times for one in written] == [1]
    assert len([one for one in lines if one.access.act == "consult"]) == 7


def test_each_refused_attempt_counts(story: Story) -> None:
    """Given three attempts within a minute, when lines are grouped, then one line says three."""
    for _ in range(3):
        session = story.town.who("spip.un")
        with pytest.raises(Refused):
            reading.read_journey(story.services, session, story.journey, "ongoing_work")
    (line,) = grouped(looked(story.town, AuditFilter(refusals_only=True)))
    assert line.times == 3


def test_heat_counts_the_towns_weekdays_and_hours(town: Town) -> None:
    """Given a Monday morning of winter at 9 in UTC, when counted, then it stands at Monday 10 o'clock in the
    town."""
    lines = looked(town)
    assert lines[0].access.at.date() == date(2026, 3, 2)
    counts = heat(lines)
    assert counts[0][10] == len(lines)
    assert sum(map(sum, counts)) == len(lines)


def test_an_hour_of_many_journeys_is_marked(town: Town) -> None:
    """Given one person who opens nine journeys within an hour and another who opens eight, when looked for,
    then the hour of the first alone is marked."""
    day = town.clock().date()
    town.clock.now = datetime(2026, 3, 2, 14, 0, tzinfo=town.clock.now.tzinfo)
    for login, number in (("cidff.un", 9), ("ville.un", 8)):
        session = town.log_in(login)
        for _ in range(number):
            new = opening.NewJourney(informed(day), ambre(), "", None, "")
            journey = opening.open_journey(town.services, session, new)
            for _ in range(2):
                reading.read_journey(town.services, session, journey, "ongoing_work")
    ((hour, number),) = many_journeys(looked(town))
    assert (hour.hour, number) == (15, 9)


def test_an_export_is_recorded_as_one(town: Town) -> None:
    """Given an export, when the second auditor looks, then it is an act of its own under 10.2."""
    export_audit(town.services, town.who("coordination.un"), EVERYTHING)
    lines = audit(town.services, town.who("auditeur.un"), AuditFilter(act="export_audit"))
    assert [(one.person, one.access.articles) for one in lines] == [("Coordination Un", ("10.2",))]


def test_a_refused_deposit_names_its_compartment_and_no_content(story: Story) -> None:
    """Given a refusal about a compartment, when it is audited, then the compartment's code is all that is said
    of it."""
    stranger = story.town.who("spip.un")
    with pytest.raises(Refused):
        writing.append_action(
            story.services,
            stranger,
            story.journey,
            Compartment.HEALTH,
            Content("note", WORDS["health"], story.town.clock().date()),
            None,
        )
    (line,) = looked(story.town, AuditFilter(refusals_only=True))
    assert WORDS["health"] not in repr(line)
