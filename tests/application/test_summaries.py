"""A summary up to its release, each step done and refused: composed, approved in parts and in its frame
(article 14)."""

from collections.abc import Callable
from uuid import UUID

import pytest

from application.coordination import framing
from application.coordination.auditing import AuditFilter, audit
from application.door.refusing import Refused
from application.door.summary import read_frame
from application.referent import approving, composing, restricting, sharing, summaries
from domain.compartments import Compartment
from domain.network.members import Standing as AccountStanding
from domain.refusals import InvalidValue, Refusal
from domain.summary.summary import Standing
from tests.application.telling import FRAMED, SCOPE, WORDS, Story, begin_story
from tests.town import Town, consent

PARTNER_ACTS: dict[str, Callable[[Story, str, UUID], object]] = {
    "read": lambda story, login, summary: summaries.read_summary(
        story.services, story.town.who(login), summary
    ),
    "read part": lambda story, login, summary: approving.read_part(
        story.services, story.town.who(login), summary, 0
    ),
    "judge part": lambda story, login, summary: approving.judge_part(
        story.services, story.town.who(login), summary, 0, None
    ),
    "add": lambda story, login, summary: composing.add_entries(
        story.services, story.town.who(login), summary, [story.versions["police"]]
    ),
    "enter to add": lambda story, login, summary: composing.enter_to_add(
        story.services, story.town.who(login), summary
    ),
    "release": lambda story, login, summary: approving.release(
        story.services, story.town.who(login), summary
    ),
}
"""Every act of a partner on a summary."""


def part_of(story: Story, summary: UUID, institution: str) -> int:
    """The index of an institution's first part."""
    found = summaries.read_summary(story.services, story.town.who("cidff.un"), summary)
    wanted = story.town.institutions[institution].id
    return next(
        one.index for one in found.summary.parts.values() if one.author_institution == wanted
    )


# -- composing ---------------------------------------------------------------------------------------------------------


def test_a_summary_is_composed_in_parts_and_names_what_is_missing(story: Story) -> None:
    """Given entries of two institutions and one sealed to the composer, when a summary is composed, then each
    institution and compartment is a part, and the health entry is named as missing."""
    summary = story.compose()
    found = summaries.read_summary(story.services, story.town.who("cidff.un"), summary).summary
    assert found.standing is Standing.AWAITING_PARTS
    parts = {(one.author_institution, one.compartment, one.ground) for one in found.parts.values()}
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
    lines = audit(
        story.services, story.town.who("coordination.un"), AuditFilter(refusals_only=True)
    )
    assert [(one.access.act, one.access.compartment) for one in lines] == [
        ("include_in_summary", "follow_up")
    ]


def test_outside_the_requisition_nothing_is_named_as_missing(story: Story) -> None:
    """Given a requisition on danger alone, when it is composed, then the health entry is not named."""
    summary = story.compose(about=("danger",), scope=frozenset({Compartment.DANGER}))
    found = summaries.read_summary(story.services, story.town.who("cidff.un"), summary)
    assert found.summary.missing == []


def test_each_candidate_says_what_the_charter_says(story: Story) -> None:
    """Given a requisition without the follow-up, when candidates are listed, then each has its decision."""
    entered = composing.enter_to_compose(story.services, story.town.who("cidff.un"), story.journey)
    asked = story.requisition(SCOPE - {Compartment.FOLLOW_UP})
    found = {
        one.entry.version: (one.decision.allowed, one.decision.articles)
        for one in composing.candidates(entered, asked)
    }
    assert found[story.versions["cidff"]] == (False, ("14.3",))
    assert found[story.versions["danger"]][0]


def test_a_secret_does_not_enter_without_its_ground(story: Story) -> None:
    """Given no requisition, when the hospital chooses what it wrote on the ground of care, then 14.2 refuses."""
    with pytest.raises(Refused) as refused:
        composing.compose(
            story.services,
            story.town.who("hopital.un"),
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
    assert refused.value.field == "destinataire"


def test_nothing_chosen_or_nothing_known_is_refused(story: Story) -> None:
    """Given no entry, or one that is sealed to the composer, when it is composed, then the field is refused."""
    for about in ((), ("health",)):
        with pytest.raises(InvalidValue) as refused:
            story.compose(about=about)
        assert refused.value.field == "inscriptions"


def test_justice_and_strangers_compose_nothing(story: Story) -> None:
    """Given somebody who takes no part, when they compose, then the answer is the one for what does not exist."""
    for login in ("parquet.un", "spip.un", "coordination.un"):
        with pytest.raises(Refused) as refused:
            story.compose(login=login)
        assert refused.value.is_constant


def test_what_left_the_journey_could_approve_nothing(story: Story) -> None:
    """Given the police left, when one of its entries is chosen, then composing is refused by 14.2."""
    sharing.leave(story.services, story.town.who("police.un"), story.journey, "work_done")
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
    health = next(one for one in found.parts.values() if one.compartment is Compartment.HEALTH)
    assert health.items is None
    assert (health.count, health.ground) == (1, "requisition")
    assert found.missing == []


# -- approving ---------------------------------------------------------------------------------------------------------


def test_the_composer_approves_no_part_of_their_own(story: Story) -> None:
    """Given a part, when who composed it approves it, then 14.2 refuses; a colleague may."""
    summary = story.compose()
    part = part_of(story, summary, "cidff")
    with pytest.raises(Refused) as refused:
        approving.judge_part(story.services, story.town.who("cidff.un"), summary, part, None)
    assert refused.value.articles == ("14.2",)
    approving.judge_part(story.services, story.town.who("cidff.deux"), summary, part, None)


def test_an_institution_approves_its_own_entries_only(story: Story) -> None:
    """Given a part of the police, when the CIDFF or the hospital approves it, then 14.2 refuses."""
    summary = story.compose()
    part = part_of(story, summary, "police")
    for login in ("cidff.deux", "hopital.un"):
        with pytest.raises(Refused) as refused:
            approving.judge_part(story.services, story.town.who(login), summary, part, None)
        assert refused.value.articles == ("14.2",)


def test_who_approves_has_the_words_before_their_eyes(story: Story) -> None:
    """Given a part, when its institution reads it, then its words are there, and those of other institutions
    are not."""
    summary = story.compose()
    part = part_of(story, summary, "police")
    found = approving.read_part(story.services, story.town.who("police.un"), summary, part).summary
    assert [one.text for one in found.parts[part].items or ()] == [WORDS["police"]]
    others = [one.items for one in found.parts.values() if one.index != part]
    assert others == [None, None]


def test_an_unknown_part_is_as_if_there_were_none(story: Story) -> None:
    """Given a number of no part, when it is read or judged, then the constant answer comes."""
    summary = story.compose()
    session = story.town.who("police.un")
    for part in (-1, 3, 200):
        for act in (
            lambda part=part: approving.read_part(story.services, session, summary, part),
            lambda part=part: approving.judge_part(story.services, session, summary, part, None),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.is_constant


def test_two_referents_of_one_institution_cannot_make_both_approvals(story: Story) -> None:
    """Given two referents who act together (attack case 11), when one approves the part and the other the
    frame, then the frame is refused by 14.2, whatever partner they belong to; so is the coordination for a
    part."""
    summary = story.compose(about=("police",), login="cidff.un")
    story.approve(summary, "police.un")
    for login in (
        "police.deux",
        "cidff.un",
        "cidff.deux",
        "hopital.un",
        "auditeur.un",
        "parquet.un",
    ):
        with pytest.raises(Refused) as refused:
            framing.judge_frame(story.services, story.town.who(login), summary, None)
        assert refused.value.articles == ("14.2",)
    with pytest.raises(Refused) as refused:
        approving.judge_part(story.services, story.town.who("coordination.un"), summary, 0, None)
    assert refused.value.is_constant


def test_the_frame_answers_who_may_not_the_same_for_what_does_not_exist(story: Story) -> None:
    """Given a partner, when they judge the frame of a summary or of nothing, then the answer is the same."""
    answers = []
    for summary in (story.compose(), story.journey):
        with pytest.raises(Refused) as refused:
            framing.judge_frame(story.services, story.town.who("cidff.deux"), summary, None)
        answers.append(refused.value.articles)
    assert answers[0] == answers[1]


def test_the_coordination_approves_the_frame_and_sees_no_word(story: Story) -> None:
    """Given a summary approved in parts, when the coordination reads it, then it sees counts and the
    requisition, and has no key to any word; it approves, and the summary is ready."""
    summary = story.compose()
    story.approve(summary, "cidff.deux", "police.un")
    session = story.town.log_in("coordination.un")
    found = read_frame(story.services, session, summary).summary
    assert [part.items for part in found.parts.values()] == [None, None, None]
    assert sum(found.counts().values()) == 3
    assert found.requisition is not None
    assert found.requisition.magistrate.startswith(FRAMED)
    assert not any(word in repr(found.__dict__) for word in WORDS.values())
    story.approve_frame(summary)
    ready = summaries.read_summary(story.services, session, summary).summary
    assert ready.standing is Standing.READY


def test_a_refused_part_is_named_as_missing(story: Story) -> None:
    """Given a part, when its institution refuses it for a coded reason, then it is out of the document and
    named."""
    summary = story.compose()
    part = part_of(story, summary, "police")
    session = story.town.who("police.un")
    with pytest.raises(InvalidValue):
        approving.judge_part(story.services, session, summary, part, "parce que")
    approving.judge_part(story.services, session, summary, part, "person_disagrees")
    found = summaries.read_summary(story.services, session, summary).summary
    assert part not in [one.index for one in found.standing_parts]
    police = story.town.institutions["police"].id
    assert (police, 1) in [(one.author_institution, one.count) for one in found.missing]


def test_a_refused_frame_is_said_and_may_be_approved_later(story: Story) -> None:
    """Given a frame refused for a coded reason, when it is read, then the reason is there; it may be approved
    later."""
    summary = story.compose(about=("police",))
    story.approve(summary, "police.un")
    session = story.town.who("coordination.un")
    with pytest.raises(InvalidValue):
        framing.judge_frame(story.services, session, summary, "des mots")
    framing.judge_frame(story.services, session, summary, "out_of_scope")
    found = read_frame(story.services, session, summary).summary
    assert found.frame.reason == "out_of_scope"
    story.approve_frame(summary)
    assert read_frame(story.services, session, summary).summary.standing is Standing.READY


def test_a_part_added_after_the_frame_was_approved_opens_the_frame_anew(story: Story) -> None:
    """Given an approved frame, when a part is added, then the coordination has to approve again."""
    summary = story.compose(about=("police",))
    story.approve(summary, "police.un")
    story.approve_frame(summary)
    added = [story.versions["danger"]]
    composing.add_entries(story.services, story.town.who("cidff.un"), summary, added)
    story.approve(summary, "cidff.deux")
    with pytest.raises(Refused) as refused:
        approving.release(story.services, story.town.who("cidff.un"), summary)
    assert refused.value.articles == ("14.2",)


# -- releasing ---------------------------------------------------------------------------------------------------------


def test_nothing_is_released_before_every_approval(story: Story) -> None:
    """Given a summary that awaits parts, then its frame, when it is released, then 14.2 refuses."""
    summary = story.compose()
    session = story.town.who("cidff.un")
    with pytest.raises(Refused) as refused:
        approving.release(story.services, session, summary)
    assert refused.value.articles == ("14.2",)
    story.approve(summary, "cidff.deux", "police.un")
    with pytest.raises(Refused):
        approving.release(story.services, session, summary)
    story.approve_frame(summary)
    approving.release(story.services, session, summary)
    found = summaries.read_summary(story.services, session, summary).summary
    assert (found.standing, found.copy_number) == (Standing.RELEASED, 1)


def test_the_composing_institution_releases_and_once(story: Story) -> None:
    """Given a summary that is ready, when another partner releases it, then 14.2 refuses; a second release,
    14.4 or 14.2."""
    summary = story.compose()
    story.approve(summary, "cidff.deux", "police.un")
    story.approve_frame(summary)
    with pytest.raises(Refusal) as refused:
        approving.release(story.services, story.town.who("police.un"), summary)
    assert refused.value.article == "14.2"
    approving.release(story.services, story.town.who("cidff.un"), summary)
    with pytest.raises(Refused):
        approving.release(story.services, story.town.who("cidff.un"), summary)


# -- the door ----------------------------------------------------------------------------------------------------------


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
    summaries.read_summary(story.services, story.town.who("police.un"), summary)
    _set_standing(story.town, story.town.referents["police.un"], standing)
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.un", summary)
    assert article in refused.value.articles
    with pytest.raises(Refused):
        summaries.my_summaries(story.services, story.town.who("police.un"))


@pytest.mark.parametrize("name", PARTNER_ACTS)
def test_a_shut_institution_reads_no_word(story: Story, name: str) -> None:
    """Given a partner that is excluded, when its referent acts with an open session, then 1.2 refuses."""
    summary = story.compose()
    summaries.read_summary(story.services, story.town.who("police.un"), summary)
    _set_standing(story.town, story.town.institutions["police"].id, AccountStanding.EXCLUDED)
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
        summaries.my_summaries(story.services, story.town.who("police.trois"))
    assert refused.value.articles == ("1.1",)


@pytest.mark.parametrize("name", PARTNER_ACTS)
def test_who_is_shut_out_of_the_journey_reads_no_word(story: Story, name: str) -> None:
    """Given a summary whose words a referent has read, when they are shut out of the journey, then each act
    answers as for what does not exist, and their list no longer shows it."""
    summary = story.compose()
    session = story.town.who("police.deux")
    approving.read_part(story.services, session, summary, part_of(story, summary, "police"))
    _shut_out(story, "police.deux")
    with pytest.raises(Refused) as refused:
        PARTNER_ACTS[name](story, "police.deux", summary)
    assert refused.value.is_constant
    assert summaries.my_summaries(story.services, session) == []
    assert len(summaries.my_summaries(story.services, story.town.who("police.un"))) == 1


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
    sharing.withdraw_consent(story.services, story.town.who("cidff.un"), story.journey, police)
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
        (row,) = summaries.my_summaries(story.services, story.town.who(login))
        assert (row.summary, row.card.journey) == (summary, story.journey)
    assert summaries.my_summaries(story.services, story.town.who("abri.un")) == []
    for login, article in (("parquet.un", "14.1"), ("auditeur.un", "10.2")):
        with pytest.raises(Refused) as refused:
            summaries.my_summaries(story.services, story.town.who(login))
        assert article in refused.value.articles


def test_reading_is_in_the_ledger_with_its_article(story: Story) -> None:
    """Given a summary that was read, when the coordination audits, then the reading is there under 14.2."""
    summary = story.compose()
    summaries.read_summary(story.services, story.town.who("police.un"), summary)
    lines = audit(
        story.services, story.town.who("coordination.un"), AuditFilter(act="read_summary")
    )
    assert [(one.person, one.access.articles) for one in lines] == [("police.un", ("14.2",))]
    assert lines[0].summary
    assert lines[0].summary.startswith("S-2026-")


def _shut_out(story: Story, login: str) -> None:
    restricting.restrict(
        story.services,
        story.town.who("police.un"),
        story.journey,
        story.town.institutions["police"].id,
        frozenset({story.town.referents[login]}),
    )
    story.town.log_in("police.un")


def _set_standing(town: Town, subject: UUID, standing: AccountStanding) -> None:
    town.set_standing(subject, standing)


def _signing_keys(town: Town) -> dict[UUID, bytes]:
    network = town.installation.directory.current()
    return {one.id: one.signing_key for one in network.referents.values()}


def test_reading_a_journey_to_compose_from_it_is_a_consult(story: Story) -> None:
    """Given the form that composes, when it is shown, then the ledger says that the journey was consulted."""
    composing.enter_to_compose(story.services, story.town.who("cidff.deux"), story.journey)
    lines = audit(
        story.services, story.town.who("coordination.un"), AuditFilter(person="cidff.deux")
    )
    assert [one.access.act for one in lines][:1] == ["consult"]


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
