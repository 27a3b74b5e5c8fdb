"""Cards: what a list shows, and nothing more."""

from datetime import timedelta

from domain.compartments import Compartment
from domain.holders import Audience, HolderKey
from domain.journey import entries, person
from domain.journey.card import Awaited, FrameCard, IdentityCard, frame_card, identity_card
from domain.journey.entries import Content
from domain.journey.journey import Information, Journey
from domain.journey.partners import Participation
from domain.journey.person import Person
from domain.summary.approvals import approve_frame, approve_part
from domain.summary.card import summary_card
from domain.summary.parts import SummaryItem, add_part
from domain.summary.release import release_copy
from domain.summary.summary import Standing, Summary
from tests.domain.given import NOW, TODAY, author, named

CIDFF = author("Nadia", "CIDFF")
COLLEAGUE = author("Inès", "CIDFF")
COORDINATION = author("Rémi", "coordination")
DUE = TODAY + timedelta(days=2)


def a_journey() -> Journey:
    journey = Journey.open(named("Chalon"), CIDFF, Information(TODAY, "phone", "fr"), NOW)
    planned = Content("appointment", "Rendez-vous", DUE, due=DUE)
    entries.append(journey, CIDFF, Compartment.FOLLOW_UP, planned, "person_consent", NOW)
    entries.append(journey, CIDFF, Compartment.HEALTH, planned, "person_consent", NOW)
    return journey


def test_the_identity_card_holds_the_name_by_which_she_is_known() -> None:
    journey = a_journey()
    assert identity_card(journey) is None
    person.record(journey, CIDFF, Person("Mme A.", surname="Aubry"), NOW)
    assert identity_card(journey) == IdentityCard("Mme A.")


def test_the_frame_card_shows_what_awaits_in_the_follow_up_alone() -> None:
    card = frame_card(a_journey(), None, COLLEAGUE, NOW)
    assert card == FrameCard(
        opened_at=NOW,
        lead=named("CIDFF"),
        closed_for=None,
        partners={named("CIDFF"): Participation.JOINED},
        awaited=(Awaited(2, DUE, named("CIDFF"), "appointment"),),
        last_at=NOW,
        last_by=COLLEAGUE,
    )


def test_who_does_not_read_the_follow_up_keeps_what_was_said_to_await() -> None:
    before = frame_card(a_journey(), None, CIDFF, NOW)
    blind = Journey.open(named("Chalon"), CIDFF, Information(TODAY, "phone", "fr"), NOW)
    assert frame_card(blind, before.awaited, COLLEAGUE, NOW).awaited == before.awaited


def test_the_summary_card_says_whose_approval_is_due() -> None:
    summary = Summary.draft(
        named("Chalon"), named("journey"), "S-2026-0001", CIDFF, named("bench"), None, NOW
    )
    item = SummaryItem(2, "appointment", "Rendez-vous", TODAY, NOW, "Nadia")
    approvers = [CIDFF.referent, COLLEAGUE.referent]
    add_part(
        summary,
        CIDFF,
        named("CIDFF"),
        Compartment.FOLLOW_UP,
        "person_consent",
        [item],
        approvers,
        NOW,
    )

    def awaited() -> tuple[object, ...]:
        return summary_card(summary, named("coordination")).awaited_of

    assert awaited() == (named("CIDFF"),)
    approve_part(summary, COLLEAGUE, 0, NOW)
    assert awaited() == (named("coordination"),)
    approve_frame(summary, COORDINATION, named("coordination"), NOW)
    assert awaited() == (named("CIDFF"),)
    release_copy(summary, CIDFF, 1, NOW)
    card = summary_card(summary, named("coordination"))
    assert (card.awaited_of, card.standing, card.number) == ((), Standing.RELEASED, "S-2026-0001")


def test_an_audience_is_known_by_its_holders_generations() -> None:
    key = HolderKey(named("CIDFF"), 3, b"key", named("CIDFF"))
    audience = Audience((key,), (named("CIDFF"),), frozenset(), (), {}, frozenset())
    assert audience.generations == {(named("CIDFF"), 3)}
