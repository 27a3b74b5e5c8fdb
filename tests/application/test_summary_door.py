"""No word of a summary is read by whoever's door is shut, and each sees their own list (article 14)."""

from collections.abc import Callable
from uuid import UUID

import pytest

from application.coordination.auditing import AuditFilter, audit
from application.door.refusing import Refused
from application.referent import approving, composing, restricting, sharing, summaries
from domain.network.members import Standing as AccountStanding
from tests.telling.journeys import act_as
from tests.telling.story import Story, begin_story
from tests.telling.town import Town, consent

PARTNER_ACTS: dict[str, Callable[[Story, str, UUID], object]] = {
    "read": lambda story, login, summary: act_as(
        story.town, login, summaries.read_summary, summary
    ),
    "read part": lambda story, login, summary: act_as(
        story.town, login, approving.read_part, summary, 0
    ),
    "judge part": lambda story, login, summary: act_as(
        story.town, login, approving.judge_part, summary, 0, None
    ),
    "add": lambda story, login, summary: act_as(
        story.town, login, composing.add_entries, summary, [story.versions["police"]]
    ),
    "enter to add": lambda story, login, summary: act_as(
        story.town, login, composing.enter_to_add, summary
    ),
    "release": lambda story, login, summary: act_as(story.town, login, approving.release, summary),
}
"""Every act of a partner on a summary."""


@pytest.mark.parametrize("name", PARTNER_ACTS)
@pytest.mark.parametrize(
    ("standing", "article"),
    [(AccountStanding.SUSPENDED, "2.2"), (AccountStanding.EXCLUDED, "1.2")],
    ids=["suspended", "excluded"],
)
def test_a_shut_account_reads_no_word(
    story: Story, name: str, standing: AccountStanding, article: str
) -> None:
    """Given a referent who holds every key, when their account is suspended or excluded, then each act is
    refused."""
    summary = story.compose()
    act_as(story.town, "police.un", summaries.read_summary, summary)
    story.town.set_standing(story.town.referents["police.un"], standing)
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.un", summary)
    assert article in refused.value.articles
    with pytest.raises(Refused):
        act_as(story.town, "police.un", summaries.my_summaries)


@pytest.mark.parametrize("name", PARTNER_ACTS)
def test_a_shut_institution_reads_no_word(story: Story, name: str) -> None:
    """Given a partner that is excluded, when its referent acts with an open session, then 1.2 refuses."""
    summary = story.compose()
    act_as(story.town, "police.un", summaries.read_summary, summary)
    story.town.set_standing(story.town.institutions["police"].id, AccountStanding.EXCLUDED)
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.un", summary)
    assert "1.2" in refused.value.articles


@pytest.mark.parametrize("name", PARTNER_ACTS)
def test_without_the_charter_signed_no_word_is_read(story: Story, name: str) -> None:
    """Given a newcomer who holds the group's key and has not signed, when they act, then 1.1 refuses."""
    summary = story.compose()
    story.town.join("police", "police.trois", by="police.un")
    story.town.log_in("police.un")
    story.town.log_in("police.trois")
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.trois", summary)
    assert refused.value.articles == ("1.1",)
    with pytest.raises(Refused) as refused:
        act_as(story.town, "police.trois", summaries.my_summaries)
    assert refused.value.articles == ("1.1",)


@pytest.mark.parametrize("name", PARTNER_ACTS)
def test_who_is_shut_out_of_the_journey_reads_no_word(story: Story, name: str) -> None:
    """Given a summary whose words a referent has read, when they are shut out of the journey, then each act
    answers as for what does not exist, and their list no longer shows it."""
    summary = story.compose()
    session = story.town.who("police.deux")
    approving.read_part(story.services, session, summary, story.part_of(summary, "police"))
    _shut_out(story, "police.deux")
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.deux", summary)
    assert refused.value.is_constant
    assert summaries.my_summaries(story.services, session) == []
    assert len(act_as(story.town, "police.un", summaries.my_summaries)) == 1


def test_what_is_written_after_a_restriction_is_sealed_away_from_who_is_shut_out(
    story: Story,
) -> None:
    """Given a referent shut out after a summary was composed, when a partner and then the coordination write
    into it, then a fresh session of that referent holds no key of it at all; the colleague goes on."""
    summary = story.compose()
    _shut_out(story, "police.deux")
    story.approve(summary, "cidff.deux", "police.un")
    story.approve_frame(summary)
    shut = story.town.log_in("police.deux")
    loaded = story.services.summaries.load(shut, summary, lambda _: _signing_keys(story.town))
    assert loaded is None
    assert shut.known_epochs(summary) == {}
    colleague = story.town.log_in("police.un")
    assert summaries.read_summary(story.services, colleague, summary).summary.standing_parts


def test_a_summary_of_a_restricted_institution_is_for_its_small_group(town: Town) -> None:
    """Given a referent shut out before, when a summary is composed, then no key of it ever reaches them."""
    story = begin_story(town)
    _shut_out(story, "police.deux")
    summary = story.compose()
    shut = town.log_in("police.deux")
    assert story.services.summaries.load(shut, summary, lambda _: _signing_keys(town)) is None
    story.approve(summary, "police.un")


def test_a_partner_whose_consent_was_withdrawn_reads_no_word(story: Story) -> None:
    """Given a partner of a summary, when the person withdraws her consent for it, then reading is refused by
    the charter and the list is empty."""
    summary = story.compose()
    session = story.town.who("police.un")
    summaries.read_summary(story.services, session, summary)
    police = story.town.institutions["police"].id
    act_as(story.town, "cidff.un", sharing.withdraw_consent, story.journey, police)
    for name in ("read", "read part", "judge part", "enter to add"):
        with pytest.raises(Refused):
            PARTNER_ACTS[name](story, "police.un", summary)
    assert summaries.my_summaries(story.services, session) == []


def test_to_a_stranger_a_summary_does_not_exist(story: Story) -> None:
    """Given somebody who takes no part, when they ask for a summary or for nothing, then the answer is one."""
    for login in ("spip.un", "parquet.un", "auditeur.un"):
        for summary in (story.compose(), story.journey):
            for name in ("read", "read part", "judge part", "release"):
                with pytest.raises(Refused) as refused:
                    PARTNER_ACTS[name](story, login, summary)
                assert refused.value.is_constant


def test_each_sees_the_list_that_is_theirs(story: Story) -> None:
    """Given a summary, when lists are shown, then partners and the coordination have it, a stranger does not,
    justice and the second auditor are refused."""
    summary = story.compose()
    for login in ("cidff.un", "police.un", "hopital.un", "coordination.un"):
        (row,) = act_as(story.town, login, summaries.my_summaries)
        assert (row.summary, row.card.journey) == (summary, story.journey)
    assert act_as(story.town, "abri.un", summaries.my_summaries) == []
    for login, article in (("parquet.un", "14.1"), ("auditeur.un", "10.2")):
        with pytest.raises(Refused) as refused:
            act_as(story.town, login, summaries.my_summaries)
        assert article in refused.value.articles


def test_reading_is_in_the_ledger_with_its_article(story: Story) -> None:
    """Given a summary that was read, when the coordination audits, then the reading is there under 14.2."""
    summary = story.compose()
    act_as(story.town, "police.un", summaries.read_summary, summary)
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(act="read_summary"))
    assert [(line.person, line.access.articles) for line in lines] == [("police.un", ("14.2",))]
    assert lines[0].summary
    assert lines[0].summary.startswith("S-2026-")


def _shut_out(story: Story, login: str) -> None:
    act_as(
        story.town,
        "police.un",
        restricting.restrict,
        story.journey,
        story.town.institutions["police"].id,
        frozenset({story.town.referents[login]}),
    )
    story.town.log_in("police.un")


def _signing_keys(town: Town) -> dict[UUID, bytes]:
    network = town.installation.directory.current()
    return {referent.id: referent.signing_key for referent in network.referents.values()}


def test_invitations_open_no_summary(story: Story) -> None:
    """Given an institution that is invited and has not joined, when it lists or reads, then nothing is there."""
    summary = story.compose()
    ville = story.town.institutions["ville"].id
    sharing.invite(
        story.services, story.town.who("cidff.un"), story.journey, ville, consent(past=True)
    )
    session = story.town.who("ville.un")
    assert summaries.my_summaries(story.services, session) == []
    with pytest.raises(Refused):
        summaries.read_summary(story.services, session, summary)
