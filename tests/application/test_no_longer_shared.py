"""A partner whose consent was withdrawn: the journey is not shared with it any more, at once and both ways (8.2)."""

from collections.abc import Callable

import pytest

from application.door.readable import ReadableJourney
from application.door.refusing import Refused
from application.referent import listing, sharing, writing
from infrastructure.formats.session import OpenSession
from tests.telling.journeys import give_consent, read_journey, withdraw_consent
from tests.telling.story import Story
from tests.telling.town import consent

ACTS: dict[str, Callable[[Story, OpenSession], object]] = {
    "read": lambda story, police: read_journey(story.town, police, story.journey),
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
    withdraw_consent(story.town, "cidff.un", story.journey, "police")
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
    journey = withdrawn.journey
    police = withdrawn.town.institutions["police"].id
    seen = read_journey(withdrawn.town, "hopital.un", journey)
    assert seen.journey.partners[police].basis is None

    give_consent(withdrawn.town, "cidff.un", journey, "police", consent())

    assert ReadableJourney(read_journey(withdrawn.town, "police.un", journey)).entries()
