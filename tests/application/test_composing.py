"""A summary is composed of entries that may be joined (article 14)."""

import pytest

from application.coordination.auditing import AuditFilter, audit
from application.door.refusing import Refused
from application.referent import composing, sharing, summaries
from domain.compartments import Compartment
from domain.refusals import InvalidValue, Refusal
from domain.summary.summary import Standing
from tests.telling.journeys import act_as
from tests.telling.story import SCOPE, Story


def test_a_summary_is_composed_in_parts_and_names_what_is_missing(story: Story) -> None:
    """Given entries of two institutions and one sealed to the composer, when a summary is composed, then each
    institution and compartment is a part, and the health entry is named as missing."""
    summary = story.compose()
    found = act_as(story.town, "cidff.un", summaries.read_summary, summary).summary
    assert found.standing is Standing.AWAITING_PARTS
    parts = {
        (part.author_institution, part.compartment, part.ground) for part in found.parts.values()
    }
    police, cidff = (story.town.institutions[one].id for one in ("police", "cidff"))
    assert parts == {
        (police, Compartment.DANGER, "council_ground"),
        (cidff, Compartment.DANGER, "council_ground"),
        (cidff, Compartment.FOLLOW_UP, "council_ground"),
    }
    assert [(one.compartment, one.count) for one in found.missing] == [(Compartment.HEALTH, 1)]
    assert found.requisition == story.requisition()


def test_outside_the_requisition_nothing_is_joined(story: Story) -> None:
    """Given a requisition on danger alone, when an interview is chosen, then 14.3 refuses, and the refusal is
    recorded."""
    with pytest.raises(Refused) as refused:
        story.compose(scope=frozenset({Compartment.DANGER}))
    assert refused.value.articles == ("14.3",)
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(refusals_only=True))
    assert [(line.access.act, line.access.compartments) for line in lines] == [
        ("include_in_summary", ("follow_up",))
    ]


def test_outside_the_requisition_nothing_is_named_as_missing(story: Story) -> None:
    """Given a requisition on danger alone, when it is composed, then the health entry is not named."""
    summary = story.compose(about=("danger",), scope=frozenset({Compartment.DANGER}))
    found = act_as(story.town, "cidff.un", summaries.read_summary, summary)
    assert found.summary.missing == []


def test_each_candidate_says_what_the_charter_says(story: Story) -> None:
    """Given a requisition without the follow-up, when candidates are listed, then each has its decision."""
    entered = act_as(story.town, "cidff.un", composing.enter_to_compose, story.journey)
    asked = story.requisition(SCOPE - {Compartment.FOLLOW_UP})
    found = {
        candidate.entry.version: (candidate.decision.allowed, candidate.decision.articles)
        for candidate in composing.candidates(entered, asked)
    }
    assert found[story.versions["cidff"]] == (False, ("14.3",))
    assert found[story.versions["danger"]][0]


def test_a_secret_does_not_enter_without_its_ground(story: Story) -> None:
    """Given no requisition, when the hospital chooses what it wrote on the ground of care, then 14.2 refuses."""
    with pytest.raises(Refused) as refused:
        act_as(
            story.town,
            "hopital.un",
            composing.compose,
            story.journey,
            story.town.institutions["parquet"].id,
            None,
            [story.versions["health"]],
        )
    assert refused.value.articles == ("14.2",)


@pytest.mark.parametrize("recipient", ["cidff", "police", "coordination"])
def test_a_summary_goes_to_justice_only(story: Story, recipient: str) -> None:
    """Given a recipient who is not of justice, when it is composed, then the field is refused."""
    with pytest.raises(InvalidValue) as refused:
        story.compose(recipient=recipient)
    assert refused.value.field == "recipient"


def test_nothing_chosen_or_nothing_known_is_refused(story: Story) -> None:
    """Given no entry, or one that is sealed to the composer, when it is composed, then the field is refused."""
    for about in ((), ("health",)):
        with pytest.raises(InvalidValue) as refused:
            story.compose(about=about)
        assert refused.value.field == "items"


def test_justice_and_strangers_compose_nothing(story: Story) -> None:
    """Given somebody who takes no part, when they compose, then the answer is the one for what does not exist."""
    for login in ("parquet.un", "spip.un", "coordination.un"):
        with pytest.raises(Refused) as refused:
            story.compose(login=login)
        assert refused.value.is_constant


def test_what_left_the_journey_could_approve_nothing(story: Story) -> None:
    """Given the police left, when one of its entries is chosen, then composing is refused by 14.2."""
    act_as(story.town, "police.un", sharing.leave, story.journey, "work_done")
    with pytest.raises(Refusal) as refused:
        story.compose()
    assert refused.value.article == "14.2"


def test_another_partner_joins_what_the_composer_cannot_read(story: Story) -> None:
    """Given a summary that names health as missing, when the hospital joins its entry, then it is missing no
    more, and the composer has no key to its words."""
    summary = story.compose()
    hospital = story.town.who("hopital.un")
    composing.add_entries(story.services, hospital, summary, [story.versions["health"]])
    composer = story.town.log_in("cidff.un")
    found = summaries.read_summary(story.services, composer, summary).summary
    health = next(part for part in found.parts.values() if part.compartment is Compartment.HEALTH)
    assert health.items is None
    assert (health.count, health.ground) == (1, "requisition")
    assert found.missing == []


def test_reading_a_journey_to_compose_from_it_is_a_consult(story: Story) -> None:
    """Given the form that composes, when it is shown, then the ledger says that the journey was consulted."""
    act_as(story.town, "cidff.deux", composing.enter_to_compose, story.journey)
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(person="cidff.deux"))
    assert [line.access.act for line in lines][:1] == ["consult"]
