"""A refusal is in the ledger, and what partners were refused in their own journey is told to its partners."""

import pytest

from application.coordination.auditing import AuditFilter, audit
from application.door.refusing import Refused
from application.referent import reading, writing
from domain.access import Trace
from tests.telling.journeys import act_as, invite, keep_apart, read_journey
from tests.telling.story import Story
from tests.telling.town import action


def refused_traces(story: Story, login: str) -> list[Trace]:
    """The refusals that a partner sees of the journey."""
    session = story.town.who(login)
    entered = read_journey(story.town, session, story.journey)
    return [one for one in reading.who_consulted(story.services, entered) if not one.allowed]


def test_a_partner_who_is_refused_is_seen_by_the_partners(story: Story) -> None:
    """Given a partner who corrects another's entry, when that one looks at who did what, then the refusal is there,
    with who and when and without the compartment."""
    content = action("Une phrase refusée.", story.town.clock().date())
    police = story.town.who("police.un")
    with pytest.raises(Refused):
        writing.correct_action(
            story.services, police, story.journey, story.versions["cidff"], content
        )

    (seen,) = refused_traces(story, "cidff.un")

    assert seen.referent == story.town.referents["police.un"]
    assert seen.institution == story.town.institutions["police"].id
    assert seen.act == "correct"
    assert "follow_up" not in repr(seen)


@pytest.mark.parametrize("login", ["spip.un", "ville.un", "social.un"])
def test_who_takes_no_part_leaves_a_trace_to_the_audit_alone(story: Story, login: str) -> None:
    with pytest.raises(Refused) as refused:
        read_journey(story.town, login, story.journey)

    assert refused.value.is_constant
    assert refused_traces(story, "cidff.un") == []
    assert _audited(story) == [(login, "consult")]


def test_who_is_shut_out_leaves_a_trace_to_the_audit_alone(story: Story) -> None:
    """Given somebody shut out by name, when they ask for the journey, then its partners are not told (article 11.1)."""
    keep_apart(story.town, "cidff.un", story.journey, "police.deux")
    with pytest.raises(Refused) as refused:
        read_journey(story.town, story.town.log_in("police.deux"), story.journey)

    assert refused.value.is_constant
    assert refused_traces(story, "cidff.un") == []
    assert _audited(story) == [("police.deux", "consult")]


def test_an_institution_that_may_not_be_invited_is_a_refusal_in_the_ledger(story: Story) -> None:
    with pytest.raises(Refused):
        invite(story.town, "cidff.un", story.journey, "siege")

    assert _audited(story) == [("cidff.un", "be_invited")]
    assert [trace.act for trace in refused_traces(story, "police.un")] == ["be_invited"]


def _audited(story: Story) -> list[tuple[str, str]]:
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(refusals_only=True))
    return [(line.person, line.access.act) for line in lines]
