"""What a magistrate receives: what is addressed to them, once released, on their confirmation (articles 14.1,
14.4)."""

from uuid import UUID

import pytest

from application.coordination.auditing import AuditFilter, audit
from application.door.refusing import Refused
from application.magistrate import received as magistrate
from application.referent import approving, composing, restricting, summaries
from domain.network.members import Standing
from domain.refusals import Refusal
from domain.summary.locks import FRAME_LOCK
from tests.telling.journeys import act_as
from tests.telling.story import WORDS, Story


def test_a_released_summary_is_received_and_opened(story: Story) -> None:
    """Given a summary released to the prosecution, when its magistrate opens it, then every chosen word is
    read, and the opening stands in the summary as its receipt."""
    summary = story.released()
    session = story.town.who("parquet.un")

    (row,) = magistrate.received(story.services, session)
    assert row.summary == summary
    looked = magistrate.read_received(story.services, session, summary)
    assert not magistrate.has_opened(looked)

    assert set(story.opened("parquet.un", summary)) == {
        WORDS["police"],
        WORDS["cidff"],
        WORDS["danger"],
    }
    seen = act_as(story.town, "police.un", summaries.read_summary, summary)
    assert [opening.by.referent for opening in seen.summary.openings] == [session.referent]
    assert magistrate.has_opened(magistrate.read_received(story.services, session, summary))
    colleague = story.town.who("parquet.deux")
    assert not magistrate.has_opened(magistrate.read_received(story.services, colleague, summary))


def test_what_is_looked_at_before_the_confirmation_holds_no_word(story: Story) -> None:
    """Given a released summary, when it is looked at, then its frame is there and every part's words are not."""
    summary = story.released()
    looked = act_as(story.town, "parquet.un", magistrate.read_received, summary)
    assert looked.summary.requisition is not None
    assert [part.items for part in looked.summary.parts.values()] == [None, None, None]
    assert looked.summary.openings == []


def test_the_opening_is_in_the_ledger_before_the_words(story: Story) -> None:
    """Given an opening, when the coordination audits, then who opened it and under which article is there."""
    summary = story.released()
    story.opened("parquet.un", summary)
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(act="open_summary"))
    assert [(line.person, line.access.articles, line.access.allowed) for line in lines] == [
        ("parquet.un", ("14.1",), True)
    ]


def test_the_bench_cannot_open_what_the_prosecution_received(story: Story) -> None:
    """Given a summary for the prosecution, when the bench asks, then 2.1 alone answers, and nothing is in its
    list."""
    summary = story.released(recipient="parquet")
    bench = story.town.who("siege.un")
    assert magistrate.received(story.services, bench) == []
    for act in (magistrate.read_received, magistrate.open_summary, magistrate.document):
        with pytest.raises(Refused) as refused:
            act(story.services, bench, summary)
        assert refused.value.is_constant


@pytest.mark.parametrize("approved", [False, True])
def test_nothing_is_received_before_the_release(story: Story, approved: bool) -> None:
    """Given a summary composed, or approved whole, when its recipient asks, then it does not exist for them."""
    summary = story.compose()
    if approved:
        story.approve(summary, "cidff.deux", "police.un")
        story.approve_frame(summary)
    session = story.town.who("parquet.un")
    assert magistrate.received(story.services, session) == []
    for act in (magistrate.read_received, magistrate.open_summary, magistrate.document):
        with pytest.raises(Refused) as refused:
            act(story.services, session, summary)
        assert refused.value.is_constant


def test_before_the_release_no_key_is_given_to_the_recipient(story: Story) -> None:
    """Given a summary approved whole, when every stored grant is read, then none is to the recipient; once
    released, one is there for the frame and for each part."""
    summary = story.compose()
    story.approve(summary, "cidff.deux", "police.un")
    story.approve_frame(summary)
    recipient = story.town.institutions["parquet"].id
    assert _epochs_granted(story, recipient) == 0
    assert not story.town.log_in("parquet.un").known_epochs(summary)

    act_as(story.town, "cidff.un", approving.release, summary)
    assert _epochs_granted(story, recipient) >= 4
    session = story.town.log_in("parquet.un")
    magistrate.open_summary(story.services, session, summary)
    locks = {epoch.lock for epoch in session.known_epochs(summary).values()}
    assert locks == {FRAME_LOCK, FRAME_LOCK + 1, FRAME_LOCK + 2, FRAME_LOCK + 3}


def test_a_magistrate_whose_door_is_shut_opens_nothing(story: Story) -> None:
    """Given a magistrate suspended or excluded after the release, when they ask, then 2.2 and 1.2 refuse."""
    summary = story.released()
    session = story.town.who("parquet.un")
    for standing, article in ((Standing.SUSPENDED, "2.2"), (Standing.EXCLUDED, "1.2")):
        story.town.set_standing(session.referent, standing)
        for act in (magistrate.read_received, magistrate.open_summary, magistrate.document):
            with pytest.raises(Refused) as refused:
                act(story.services, session, summary)
            assert article in refused.value.articles
        with pytest.raises(Refused):
            magistrate.received(story.services, session)


def test_a_partner_is_no_addressee(story: Story) -> None:
    """Given a released summary, when a partner asks to open it as a magistrate would, then 2.1 alone answers."""
    summary = story.released()
    with pytest.raises(Refused) as refused:
        act_as(story.town, "cidff.un", magistrate.open_summary, summary)
    assert refused.value.is_constant


def test_after_its_term_a_summary_opens_no_more(story: Story) -> None:
    """Given a summary released more than its term ago, when its recipient asks, then 14.4 refuses."""
    summary = story.released()
    story.town.clock.forward(days=approving.AVAILABLE_FOR.days + 1)
    story.town.sessions.clear()
    for act in (magistrate.read_received, magistrate.open_summary, magistrate.document):
        with pytest.raises(Refusal) as refused:
            act(story.services, story.town.who("parquet.un"), summary)
        assert refused.value.article == "14.4"
        assert not isinstance(refused.value, magistrate.NotConfirmed)


def test_each_reading_after_the_confirmation_is_in_the_ledger(story: Story) -> None:
    """Given a confirmed opening, when the page is read again, then its words are there, and so is one more
    entry."""
    summary = story.released()
    story.opened("parquet.un", summary)
    session = story.town.who("parquet.un")
    found = magistrate.read_received(story.services, session, summary)
    assert all(part.items for part in found.summary.parts.values())
    assert len(found.summary.openings) == 1
    lines = act_as(story.town, "coordination.un", audit, AuditFilter(act="open_summary"))
    assert len(lines) == 2


def test_no_document_before_the_confirmation(story: Story) -> None:
    """Given a released summary that a colleague opened, when another asks for its PDF, then a confirmation is
    asked."""
    summary = story.released()
    story.opened("parquet.deux", summary)
    with pytest.raises(magistrate.NotConfirmed):
        act_as(story.town, "parquet.un", magistrate.document, summary)


def test_the_document_is_recorded_as_an_opening(story: Story) -> None:
    """Given a released summary, when its PDF is asked for, then it is one, and one more opening is recorded."""
    summary = story.released()
    session = story.town.who("parquet.un")
    story.opened("parquet.un", summary)
    made = magistrate.document(story.services, session, summary)
    assert made.startswith(b"%PDF-")
    looked = magistrate.read_received(story.services, session, summary)
    assert len(looked.summary.openings) == 2


def test_a_part_whose_key_has_not_come_is_waited_for(story: Story) -> None:
    """Given a part that only the hospital could compose, when the CIDFF releases, then the recipient waits for
    its words; the next session of the hospital passes the key on."""
    summary = story.compose(about=("cidff",))
    hospital = story.town.who("hopital.un")
    composing.add_entries(story.services, hospital, summary, [story.versions["health"]])
    story.approve(summary, "cidff.deux", "hopital.deux")
    story.approve_frame(summary)
    act_as(story.town, "cidff.un", approving.release, summary)

    found = act_as(story.town, "parquet.un", magistrate.open_summary, summary)
    assert [part.index for part in magistrate.waiting_parts(found.summary)] == [1]
    with pytest.raises(Refusal) as refused:
        act_as(story.town, "parquet.un", magistrate.document, summary)
    assert refused.value.article == "14.4"

    summaries.my_summaries(story.services, hospital)
    assert WORDS["health"] in story.opened("parquet.un", summary)
    assert act_as(story.town, "parquet.un", magistrate.document, summary)


def test_a_partner_that_is_restricted_passes_the_keys_of_its_parts_on_too(story: Story) -> None:
    """Given a part of a partner that takes part through a small group, when it is released and that partner lists its
    summaries, then the recipient reads the part's words (article 14.2)."""
    hospital = story.town.institutions["hopital"].id
    shut_out = frozenset({story.town.referents["hopital.deux"]})
    story.town.join("hopital", "hopital.trois", by="hopital.un")
    story.town.sign("hopital.trois", story.town.referents["hopital.trois"])
    restricting.restrict(
        story.services, story.town.who("hopital.un"), story.journey, hospital, shut_out
    )
    session = story.town.log_in("hopital.un")
    summary = story.compose(about=("cidff",))
    composing.add_entries(story.services, session, summary, [story.versions["health"]])
    story.town.log_in("hopital.trois")
    story.approve(summary, "cidff.deux", "hopital.trois")
    story.approve_frame(summary)
    approving.release(story.services, story.town.who("cidff.un"), summary)
    summaries.my_summaries(story.services, session)
    assert WORDS["health"] in story.opened("parquet.un", summary)


def _epochs_granted(story: Story, holder: UUID) -> int:
    with story.town.connections.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM relais.epoch_grant WHERE holder = %b", (holder,)
        ).fetchone()
    return int(row[0])
