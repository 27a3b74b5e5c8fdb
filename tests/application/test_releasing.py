"""A summary is approved in parts and in its frame, then released, each step done and refused (article 14)."""

import pytest

from application.coordination import framing
from application.door.refusing import Refused
from application.door.summary import read_frame
from application.referent import approving, composing, summaries
from domain.refusals import InvalidValue, Refusal
from domain.summary.summary import Standing
from tests.telling.journeys import act_as
from tests.telling.story import FRAMED, WORDS, Story


def test_the_composer_approves_no_part_of_their_own(story: Story) -> None:
    """Given a part, when who composed it approves it, then 14.2 refuses; a colleague may."""
    summary = story.compose()
    part = story.part_of(summary, "cidff")
    with pytest.raises(Refused) as refused:
        act_as(story.town, "cidff.un", approving.judge_part, summary, part, None)
    assert refused.value.articles == ("14.2",)
    act_as(story.town, "cidff.deux", approving.judge_part, summary, part, None)


def test_an_institution_approves_its_own_entries_only(story: Story) -> None:
    """Given a part of the police, when the CIDFF or the hospital approves it, then 14.2 refuses."""
    summary = story.compose()
    part = story.part_of(summary, "police")
    for login in ("cidff.deux", "hopital.un"):
        with pytest.raises(Refused) as refused:
            act_as(story.town, login, approving.judge_part, summary, part, None)
        assert refused.value.articles == ("14.2",)


def test_who_approves_has_the_words_before_their_eyes(story: Story) -> None:
    """Given a part, when its institution reads it, then its words are there, and those of other institutions
    are not."""
    summary = story.compose()
    part = story.part_of(summary, "police")
    found = act_as(story.town, "police.un", approving.read_part, summary, part).summary
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
            act_as(story.town, login, framing.judge_frame, summary, None)
        assert refused.value.articles == ("14.2",)
    with pytest.raises(Refused) as refused:
        act_as(story.town, "coordination.un", approving.judge_part, summary, 0, None)
    assert refused.value.is_constant


def test_the_frame_answers_who_may_not_the_same_for_what_does_not_exist(story: Story) -> None:
    """Given a partner, when they judge the frame of a summary or of nothing, then the answer is the same."""
    answers = []
    for summary in (story.compose(), story.journey):
        with pytest.raises(Refused) as refused:
            act_as(story.town, "cidff.deux", framing.judge_frame, summary, None)
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
    part = story.part_of(summary, "police")
    session = story.town.who("police.un")
    with pytest.raises(InvalidValue):
        approving.judge_part(story.services, session, summary, part, "parce que")
    approving.judge_part(story.services, session, summary, part, "person_disagrees")
    found = summaries.read_summary(story.services, session, summary).summary
    assert part not in [part.index for part in found.standing_parts]
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
    act_as(story.town, "cidff.un", composing.add_entries, summary, added)
    story.approve(summary, "cidff.deux")
    with pytest.raises(Refused) as refused:
        act_as(story.town, "cidff.un", approving.release, summary)
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
        act_as(story.town, "police.un", approving.release, summary)
    assert refused.value.article == "14.2"
    act_as(story.town, "cidff.un", approving.release, summary)
    with pytest.raises(Refused):
        act_as(story.town, "cidff.un", approving.release, summary)
