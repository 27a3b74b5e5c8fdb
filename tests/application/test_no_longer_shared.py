"""A partner whose consent was withdrawn: the journey is not shared with it any more, at once and both ways (8.2)."""

from collections.abc import Callable

import pytest

from application.door.readable import ReadableJourney
from application.door.refusing import Refused
from application.referent import listing, reading, sharing, writing
from infrastructure.formats.session import OpenSession
from tests.application.telling import Story
from tests.town import consent

ACTS: dict[str, Callable[[Story, OpenSession], object]] = {
    "read": lambda story, police: reading.read_journey(
        story.services, police, story.journey, "ongoing_work"
    ),
    "leave": lambda story, police: sharing.leave(
        story.services, police, story.journey, "work_done"
    ),
    "withdraw an entry": lambda story, police: writing.withdraw_action(
        story.services, police, story.journey, story.versions["police"], "wrong_facts"
    ),
}


@pytest.fixture
def withdrawn(story: Story) -> Story:
    """The person took back what she had agreed to for the police."""
    cidff, police = story.town.who("cidff.un"), story.town.institutions["police"].id
    sharing.withdraw_consent(story.services, cidff, story.journey, police)
    return story


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("again", [False, True], ids=["same session", "new session"])
def test_it_hears_what_anybody_hears_of_a_journey_that_does_not_exist(
    withdrawn: Story, act: str, again: bool
) -> None:
    police = withdrawn.town.log_in("police.un") if again else withdrawn.town.who("police.un")
    with pytest.raises(Refused) as refused:
        ACTS[act](withdrawn, police)

    assert refused.value.is_constant


def test_nothing_of_it_is_left_on_its_list(withdrawn: Story) -> None:
    police = withdrawn.town.who("police.un")

    assert listing.my_journeys(withdrawn.services, police) == []


def test_the_partners_see_that_it_is_no_longer_shared_and_may_share_again(
    withdrawn: Story,
) -> None:
    """Given a consent withdrawn, when the person agrees anew, then the partner reads again without an invitation."""
    services, journey = withdrawn.services, withdrawn.journey
    police = withdrawn.town.institutions["police"].id
    hospital = withdrawn.town.who("hopital.un")
    seen = reading.read_journey(services, hospital, journey, "ongoing_work")
    assert seen.journey.partners[police].basis is None

    cidff = withdrawn.town.who("cidff.un")
    sharing.give_consent(services, cidff, journey, police, consent())

    again = withdrawn.town.who("police.un")
    assert ReadableJourney(reading.read_journey(services, again, journey, "ongoing_work")).entries()
