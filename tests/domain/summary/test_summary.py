"""Summary: each command, done and refused (charter, article 14)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.compartments import Compartment, InformationClass
from domain.refusals import InvalidValue, Refusal
from domain.summary.parts import (
    GROUNDS_OF_SECRECY,
    NEVER_IN_A_SUMMARY,
    SECRETS,
    Approval,
    Decision,
    MissingPart,
    Opening,
    Part,
    Requisition,
    SealedWords,
    SummaryItem,
)
from domain.summary.summary import FRAME_LOCK, PARTS_LIMIT, Standing, Summary, lock_of
from tests.domain.given import (
    NOW,
    TODAY,
    Call,
    Commands,
    Fact,
    Given,
    assert_reloads,
    author,
    fact,
    facts_of,
    named,
    public_methods,
    sequences,
)

DAY = timedelta(days=1)
COMPOSER = author("Nadia", "CIDFF")
COLLEAGUE = author("Inès", "CIDFF")
POLICE = author("Marc", "police")
COORDINATION = author("Rémi", "coordination")
JUDGE = author("Delphine", "bench")
SCOPE = frozenset({Compartment.FOLLOW_UP, Compartment.HEALTH, Compartment.DANGER})
REQUISITION = Requisition("2026/1143", "Mme Aubertin", TODAY - DAY, SCOPE)
ITEM = SummaryItem(3, "interview", "Madame dit : « il me suit ».", TODAY, NOW, "Nadia Ferrand")
SECOND = replace(ITEM, version=7)


def drafted(requisition: Requisition | None = None) -> Fact:
    return fact(
        "SummaryDrafted",
        network=named("Chalon"),
        journey=named("journey"),
        number="S-2026-0007",
        author=COMPOSER,
        recipient=named("bench"),
        requisition=requisition,
        groups={},
    )


def part(
    index: int = 0,
    compartment: Compartment = Compartment.FOLLOW_UP,
    ground: str = "person_consent",
    of: str = "CIDFF",
    *items: SummaryItem,
) -> tuple[Fact, Fact]:
    common: dict[str, Any] = {
        "author": COMPOSER,
        "part": index,
        "author_institution": named(of),
        "compartment": compartment,
        "ground": ground,
    }
    chosen = items or (ITEM,)
    return (
        fact("PartDeclared", **common, count=len(chosen)),
        fact("PartAdded", **common, items=chosen),
    )


def missing(count: int, of: str | None = None) -> Fact:
    return fact(
        "PartMissing",
        author=COMPOSER,
        author_institution=named(of) if of else None,
        compartment=Compartment.FOLLOW_UP,
        count=count,
    )


APPROVED = fact("PartApproved", author=COLLEAGUE, part=0)
REFUSED = fact("PartRefused", author=COLLEAGUE, part=0, reason="wrong_facts")
FRAMED = fact("FrameApproved", author=COORDINATION)
RELEASED = fact("SummaryReleased", author=COMPOSER, copy_number=1, until=None)
CANCELLED = fact("SummaryCancelled", author=COMPOSER, reason="not_needed")
OPENED = fact("SummaryOpened", author=JUDGE)


def given_summary(*past: Fact, requisition: Requisition | None = None) -> Given[Summary]:
    return Given(Summary, drafted(requisition), *past)


def adding(**changed: Any) -> Call:
    arguments = {
        "author": COMPOSER,
        "author_institution": named("CIDFF"),
        "compartment": Compartment.FOLLOW_UP,
        "ground": "person_consent",
        "items": [ITEM],
        "approvers": [COMPOSER.referent, COLLEAGUE.referent],
        "at": NOW,
    }
    return Call("add_part", {**arguments, **changed})


# -- drafting --------------------------------------------------------------------------------------


def drafting(**changed: Any) -> Summary:
    arguments: dict[str, Any] = {
        "network": named("Chalon"),
        "journey": named("journey"),
        "number": "S-2026-0007",
        "author": COMPOSER,
        "recipient": named("bench"),
        "requisition": REQUISITION,
        "at": NOW,
    }
    return Summary.draft(**{**arguments, **changed})


@pytest.mark.parametrize("requisition", [None, REQUISITION])
def test_a_summary_is_drafted(requisition: Requisition | None) -> None:
    summary = drafting(requisition=requisition)
    assert facts_of(summary) == [drafted(requisition)]
    assert summary.standing is Standing.AWAITING_PARTS


def test_a_restricted_institution_takes_part_through_its_small_group_11_1() -> None:
    through = {named("police"): named("small"), named("CIDFF"): named("CIDFF")}
    assert drafting(groups=through).groups == through


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "7"}, "number"),
        ({"number": "S-2026-0007\n"}, "number"),
        ({"requisition": replace(REQUISITION, number=" ")}, "number"),
        ({"requisition": replace(REQUISITION, magistrate="")}, "magistrate"),
        ({"requisition": replace(REQUISITION, magistrate="x" * 201)}, "magistrate"),
        ({"requisition": replace(REQUISITION, issued_on=TODAY + DAY)}, "issued_on"),
        ({"requisition": replace(REQUISITION, scope=frozenset())}, "scope"),
    ],
)
def test_a_requisition_has_number_magistrate_date_and_scope_14_3(
    changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        drafting(**changed)
    assert refused.value.field == field


def test_a_summary_goes_to_justice_14_1() -> None:
    with pytest.raises(Refusal) as refused:
        drafting(recipient=named("CIDFF"))
    assert refused.value.article == "14.1"


# -- parts -----------------------------------------------------------------------------------------


def test_a_part_is_declared_in_the_frame_and_its_words_have_a_lock_of_their_own() -> None:
    summary = given_summary().when(adding()).then(*part())
    assert summary.parts[0] == Part(
        0,
        named("CIDFF"),
        COMPOSER,
        Compartment.FOLLOW_UP,
        "person_consent",
        1,
        Decision(),
        (ITEM,),
    )
    assert summary.author_institutions == {named("CIDFF")}


def test_the_next_part_has_the_next_index() -> None:
    adds = adding(compartment=Compartment.DANGER, items=[ITEM, SECOND])
    given = given_summary(*part()).when(adds)
    given.then(*part(1, Compartment.DANGER, "person_consent", "CIDFF", ITEM, SECOND))


def test_a_part_may_hold_another_institutions_entries() -> None:
    adds = adding(author_institution=named("police"), approvers=[POLICE.referent])
    given_summary().when(adds).then(*part(of="police"))


@pytest.mark.parametrize("items", [[], [ITEM, ITEM]])
def test_a_part_holds_each_entry_once(items: list[SummaryItem]) -> None:
    given_summary().when(adding(items=items)).then_refused("au moins une", field="items")


@pytest.mark.parametrize("compartment", [Compartment.CONTACT, Compartment.SHELTER])
def test_place_and_contact_never_enter_6_2(compartment: Compartment) -> None:
    every = replace(REQUISITION, scope=frozenset(Compartment))
    adds = adding(compartment=compartment, ground="requisition")
    given_summary(requisition=every).when(adds).then_refused("contact sûr", "6.2")
    given_summary(requisition=every).when(
        lambda it: it.name_missing(COMPOSER, None, compartment, 1, NOW)
    ).then_refused("contact sûr", "6.2")


def test_the_frame_of_a_journey_does_not_enter() -> None:
    given_summary().when(adding(compartment=Compartment.FRAME)).then_refused(
        "cadre", field="compartment"
    )


def test_outside_the_scope_nothing_is_added_14_3() -> None:
    asked = given_summary(requisition=REQUISITION)
    asked.when(adding(compartment=Compartment.CHILDREN)).then_refused("hors de ce que", "14.3")
    given_summary(requisition=REQUISITION).when(adding()).then(*part())


@pytest.mark.parametrize("compartment", [Compartment.SOCIAL, Compartment.HEALTH])
@pytest.mark.parametrize("ground", ["council_ground", "care_team", "social_secret_shared"])
def test_a_secret_needs_consent_226_14_or_a_requisition_14_2(
    compartment: Compartment, ground: str
) -> None:
    given_summary().when(adding(compartment=compartment, ground=ground)).then_refused(
        "226-14", "14.2"
    )


@pytest.mark.parametrize("ground", ["person_consent", "unable_to_protect", "vital_danger"])
def test_a_secret_enters_on_consent_or_226_14_14_2(ground: str) -> None:
    given_summary().when(adding(compartment=Compartment.HEALTH, ground=ground)).then(
        *part(0, Compartment.HEALTH, ground)
    )


def test_a_secret_enters_on_a_requisition_that_is_there_14_3() -> None:
    adds = adding(compartment=Compartment.HEALTH, ground="requisition")
    given_summary(requisition=REQUISITION).when(adds).then(
        *part(0, Compartment.HEALTH, "requisition")
    )
    given_summary().when(adds).then_refused("Aucune réquisition", "14.3")


def test_a_ground_is_a_code() -> None:
    given_summary().when(adding(ground="Elle est d'accord")).then_refused("liste", field="ground")


@pytest.mark.parametrize("approvers", [[], [COMPOSER.referent]])
def test_who_is_alone_does_not_compose_their_own_part_14_2(approvers: list[Any]) -> None:
    given_summary().when(adding(approvers=approvers)).then_refused("autre partenaire", "14.2")


def test_locks_end_with_their_byte() -> None:
    summary = given_summary().aggregate
    for index in range(PARTS_LIMIT):
        summary.parts[index] = Part(
            index, named("CIDFF"), COMPOSER, Compartment.DANGER, "person_consent", 1
        )
    with pytest.raises(Refusal, match="au plus"):
        adding()(summary)
    del summary.parts[PARTS_LIMIT - 1]
    adding()(summary)
    assert [lock_of(event) for event in summary.collect_events()] == [FRAME_LOCK, 0xFF]


# -- what is missing -------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [None, "police"])
def test_a_part_not_added_is_named_as_missing_14_2(of: str | None) -> None:
    institution = named(of) if of else None
    summary = (
        given_summary(missing(2, "CHU"))
        .when(lambda it: it.name_missing(COMPOSER, institution, Compartment.FOLLOW_UP, 3, NOW))
        .then(missing(3, of))
    )
    assert summary.missing == [
        MissingPart(named("CHU"), Compartment.FOLLOW_UP, 2),
        MissingPart(institution, Compartment.FOLLOW_UP, 3),
    ]


def test_the_last_count_stands_and_none_is_left_at_zero() -> None:
    assert given_summary(missing(3), missing(1)).aggregate.missing == [
        MissingPart(None, Compartment.FOLLOW_UP, 1)
    ]
    summary = (
        given_summary(missing(3))
        .when(lambda it: it.name_missing(COMPOSER, None, Compartment.FOLLOW_UP, 0, NOW))
        .then(missing(0))
    )
    assert summary.missing == []


@pytest.mark.parametrize(("past", "count"), [((), -1), ((), 0), ((missing(3),), 3)])
def test_a_count_that_says_nothing_new_is_refused(past: tuple[Fact, ...], count: int) -> None:
    given_summary(*past).when(
        lambda it: it.name_missing(COMPOSER, None, Compartment.FOLLOW_UP, count, NOW)
    ).then_refused("combien", field="count")


def test_what_was_not_asked_for_is_not_missing_14_3() -> None:
    given_summary(requisition=REQUISITION).when(
        lambda it: it.name_missing(COMPOSER, None, Compartment.SOCIAL, 1, NOW)
    ).then_refused("hors de ce que", "14.3")


# -- approvals -------------------------------------------------------------------------------------

DECISIONS = [
    pytest.param(lambda it, by: it.approve_part(by, 0, NOW), id="approve"),
    pytest.param(lambda it, by: it.refuse_part(by, 0, "wrong_facts", NOW), id="refuse"),
]


def test_a_colleague_approves_the_part_14_2() -> None:
    summary = (
        given_summary(*part()).when(lambda it: it.approve_part(COLLEAGUE, 0, NOW)).then(APPROVED)
    )
    assert summary.parts[0].decision == Decision(Approval.APPROVED, COLLEAGUE, NOW)
    assert summary.standing is Standing.AWAITING_FRAME


def test_a_part_refused_is_named_as_missing_14_2() -> None:
    summary = (
        given_summary(missing(1, "CIDFF"), *part(), FRAMED)
        .when(lambda it: it.refuse_part(COLLEAGUE, 0, "wrong_facts", NOW))
        .then(REFUSED)
    )
    assert summary.missing == [MissingPart(named("CIDFF"), Compartment.FOLLOW_UP, 2)]
    assert summary.standing_parts == ()
    assert summary.frame.approval is Approval.AWAITED
    assert summary.standing is Standing.AWAITING_PARTS


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_composer_does_not_decide_on_their_own_part_14_2(decision: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, COMPOSER)).then_refused("collègue", "14.2")


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("by", [POLICE, COORDINATION])
def test_each_institution_decides_on_its_own_entries_14_2(decision: Any, by: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, by)).then_refused("ses propres", "14.2")


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_part_that_does_not_exist_is_not_decided(decision: Any) -> None:
    given_summary().when(lambda it: decision(it, COLLEAGUE)).then_refused("n'existe pas", "2.1")


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("before", [APPROVED, REFUSED])
def test_a_part_is_decided_once(decision: Any, before: Fact) -> None:
    given_summary(*part(), before).when(lambda it: decision(it, COLLEAGUE)).then_refused(
        "déjà prononcée", "14.2"
    )


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_decides_on_what_they_cannot_read_14_2(decision: Any) -> None:
    unread = given_summary(part()[0])
    unread.aggregate.seal(3, FRAME_LOCK + 1, TODAY)
    unread.when(lambda it: decision(it, COLLEAGUE)).then_refused("lu", "14.2")


def test_the_coordination_approves_the_frame_without_a_word_14_2() -> None:
    blind = given_summary(part()[0])
    blind.aggregate.seal(3, FRAME_LOCK + 1, TODAY)
    summary = blind.when(
        lambda it: it.approve_frame(COORDINATION, named("coordination"), NOW)
    ).then(FRAMED)
    assert summary.frame == Decision(Approval.APPROVED, COORDINATION, NOW)
    assert summary.counts() == {(InformationClass.FACTUAL, "person_consent"): 1}
    assert summary.sealed_words == [SealedWords(3, 0, TODAY)]


def test_counts_add_up_by_class_and_ground_and_leave_out_what_was_refused() -> None:
    summary = given_summary(
        *part(0),
        *part(1, Compartment.DANGER, "person_consent", "CIDFF", ITEM, SECOND),
        *part(2, Compartment.IDENTITY, "person_consent"),
        *part(3, Compartment.DANGER, "council_ground"),
        REFUSED,
    ).aggregate
    assert summary.counts() == {
        (InformationClass.CONFIDENTIAL, "person_consent"): 3,
        (InformationClass.CONFIDENTIAL, "council_ground"): 1,
    }


FRAME_DECISIONS = [
    pytest.param(lambda it, by: it.approve_frame(by, named("coordination"), NOW), id="approve"),
    pytest.param(
        lambda it, by: it.refuse_frame(by, named("coordination"), "too_wide", NOW), id="refuse"
    ),
]


@pytest.mark.parametrize("decision", FRAME_DECISIONS)
@pytest.mark.parametrize("by", [COMPOSER, COLLEAGUE, JUDGE])
def test_nobody_but_the_coordination_decides_on_the_frame_14_2(decision: Any, by: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, by)).then_refused("coordination", "14.2")


@pytest.mark.parametrize("past", [(), (*part(), REFUSED)])
def test_an_empty_frame_is_not_approved_14_2(past: tuple[Fact, ...]) -> None:
    given_summary(*past).when(
        lambda it: it.approve_frame(COORDINATION, named("coordination"), NOW)
    ).then_refused("aucune partie", "14.2")


def test_a_frame_is_approved_once_14_2() -> None:
    given_summary(*part(), FRAMED).when(
        lambda it: it.approve_frame(COORDINATION, named("coordination"), NOW)
    ).then_refused("déjà approuvé", "14.2")


def test_a_frame_is_refused_and_may_be_approved_later_14_2() -> None:
    refused = fact("FrameRefused", author=COORDINATION, reason="too_wide")
    summary = (
        given_summary(*part(), APPROVED)
        .when(lambda it: it.refuse_frame(COORDINATION, named("coordination"), "too_wide", NOW))
        .then(refused)
    )
    assert summary.frame == Decision(Approval.REFUSED, COORDINATION, NOW, "too_wide")
    assert summary.standing is Standing.AWAITING_FRAME
    given_summary(*part(), refused).when(
        lambda it: it.approve_frame(COORDINATION, named("coordination"), NOW)
    ).then(FRAMED)


@pytest.mark.parametrize("later", [part(1), (missing(1),), (REFUSED,)])
def test_what_changes_the_frame_voids_its_approval_14_2(later: tuple[Fact, ...]) -> None:
    summary = given_summary(*part(), FRAMED, *later).aggregate
    assert summary.frame == Decision()


SENTENCES = ["", "Elle a vu Marc", "x\n", "é", "x" * 41]


@pytest.mark.parametrize("reason", SENTENCES)
@pytest.mark.parametrize(
    "command",
    [
        lambda it, reason: it.refuse_part(COLLEAGUE, 0, reason, NOW),
        lambda it, reason: it.refuse_frame(COORDINATION, named("coordination"), reason, NOW),
        lambda it, reason: it.cancel(COMPOSER, reason, NOW),
    ],
)
def test_a_reason_is_a_code_since_the_frame_holds_no_word(command: Any, reason: str) -> None:
    given_summary(*part()).when(lambda it: command(it, reason)).then_refused(
        "liste", field="reason"
    )


# -- release, opening, cancelling ------------------------------------------------------------------

READY = (*part(), APPROVED, FRAMED)


def test_what_is_approved_by_all_is_released_14_4() -> None:
    assert given_summary(*READY).aggregate.standing is Standing.READY
    summary = (
        given_summary(*READY)
        .when(lambda it: it.release(COLLEAGUE, 1, NOW))
        .then(fact("SummaryReleased", author=COLLEAGUE, copy_number=1, until=None))
    )
    assert summary.standing is Standing.RELEASED
    assert summary.copy_number == 1


@pytest.mark.parametrize(
    "past",
    [(), part(), (*part(), APPROVED), (*part(), FRAMED), (*READY, *part(1)), (*READY, missing(1))],
)
def test_what_is_not_approved_by_all_is_not_released_14_2(past: tuple[Fact, ...]) -> None:
    given_summary(*past).when(lambda it: it.release(COMPOSER, 1, NOW)).then_refused(
        "approuver", "14.2"
    )


def test_another_institution_neither_releases_nor_cancels_14_2() -> None:
    given_summary(*READY).when(lambda it: it.release(POLICE, 1, NOW)).then_refused(
        "compose", "14.2"
    )
    given_summary(*READY).when(lambda it: it.cancel(POLICE, "x", NOW)).then_refused(
        "compose", "14.2"
    )


@pytest.mark.parametrize("number", [0, -1])
def test_a_copy_has_a_number_14_4(number: int) -> None:
    given_summary(*READY).when(lambda it: it.release(COMPOSER, number, NOW)).then_refused(
        "numéro", field="copy_number"
    )


def test_a_term_is_not_past() -> None:
    given_summary(*READY).when(lambda it: it.release(COMPOSER, 1, NOW, TODAY - DAY)).then_refused(
        "passée", field="until"
    )


def test_the_recipient_opens_and_each_opening_is_kept_14_4() -> None:
    summary = (
        given_summary(*READY, RELEASED, OPENED).when(lambda it: it.open(JUDGE, NOW)).then(OPENED)
    )
    assert summary.standing is Standing.OPENED
    assert summary.openings == [Opening(JUDGE, NOW), Opening(JUDGE, NOW)]


@pytest.mark.parametrize("by", [COMPOSER, COORDINATION, author("Yves", "prosecution")])
def test_nobody_else_opens_14_1(by: Any) -> None:
    given_summary(*READY, RELEASED).when(lambda it: it.open(by, NOW)).then_refused(
        "adressée", "14.1"
    )


@pytest.mark.parametrize("past", [READY, (*READY, CANCELLED)])
def test_what_is_not_released_does_not_open_14_4(past: tuple[Fact, ...]) -> None:
    given_summary(*past).when(lambda it: it.open(JUDGE, NOW)).then_refused("pas été remise", "14.4")


def test_a_summary_opens_up_to_the_last_day_of_its_term_14_4() -> None:
    termed = fact("SummaryReleased", author=COMPOSER, copy_number=1, until=TODAY)
    given_summary(*READY, termed).when(lambda it: it.open(JUDGE, NOW)).then(OPENED)
    given_summary(*READY, termed).when(lambda it: it.open(JUDGE, NOW + DAY)).then_refused(
        "terme", "14.4"
    )


def test_a_summary_is_cancelled_before_its_release() -> None:
    summary = (
        given_summary(*READY)
        .when(lambda it: it.cancel(COMPOSER, "not_needed", NOW))
        .then(CANCELLED)
    )
    assert summary.standing is Standing.CANCELLED


@pytest.mark.parametrize(
    ("end", "saying", "article"),
    [(RELEASED, "gardée telle quelle", "14.4"), (CANCELLED, "abandonnée", None)],
)
@pytest.mark.parametrize(
    "command",
    [
        adding(),
        lambda it: it.name_missing(COMPOSER, None, Compartment.DANGER, 1, NOW),
        lambda it: it.approve_part(COLLEAGUE, 0, NOW),
        lambda it: it.refuse_part(COLLEAGUE, 0, "x", NOW),
        lambda it: it.approve_frame(COORDINATION, named("coordination"), NOW),
        lambda it: it.refuse_frame(COORDINATION, named("coordination"), "x", NOW),
        lambda it: it.release(COMPOSER, 2, NOW),
        lambda it: it.cancel(COMPOSER, "x", NOW),
    ],
)
def test_what_is_settled_is_kept_as_it_is_14_4(
    command: Any, end: Fact, saying: str, article: str | None
) -> None:
    given_summary(*READY, end).when(command).then_refused(saying, article)


# -- groups ----------------------------------------------------------------------------------------


def test_a_restriction_made_since_is_followed_11_1() -> None:
    groups = {named("CIDFF"): named("a small group")}
    given_summary().when(lambda it: it.regroup(COMPOSER, groups, NOW)).then(
        fact("GroupsChanged", author=COMPOSER, groups=groups)
    )


def test_the_same_groups_are_not_said_again() -> None:
    given_summary().when(lambda it: it.regroup(COMPOSER, {}, NOW)).then()


# -- locks -----------------------------------------------------------------------------------------


def test_only_the_words_of_a_part_are_outside_the_frame() -> None:
    drafted_one = drafting(requisition=None)
    adding()(drafted_one)
    adding(compartment=Compartment.DANGER)(drafted_one)
    drafted_one.approve_part(COLLEAGUE, 0, NOW)
    assert [lock_of(event) for event in drafted_one.collect_events()] == [
        0x40, 0x40, 0x41, 0x40, 0x42, 0x40,
    ]  # fmt: skip


@pytest.mark.parametrize("lock", [None, 0x01, FRAME_LOCK, 0x100])
def test_a_lock_of_no_part_is_not_folded_in(lock: int | None) -> None:
    with pytest.raises(ValueError, match="lock"):
        given_summary(part()[0]).aggregate.seal(3, lock, TODAY)


# -- any sequence ----------------------------------------------------------------------------------

authors = st.sampled_from([COMPOSER, COLLEAGUE, POLICE, COORDINATION, JUDGE])
institutions = st.sampled_from([named("CIDFF"), named("police")])
moments = st.sampled_from([NOW, NOW + 2 * DAY])
indexes = st.integers(0, 2)
coordination = st.sampled_from([named("coordination"), named("CIDFF")])
reasons = st.sampled_from(["wrong_facts", "une phrase"])
COMMANDS: Commands = {
    "add_part": {
        "author": authors,
        "author_institution": institutions,
        "compartment": st.sampled_from(Compartment),
        "ground": st.sampled_from(["person_consent", "council_ground", "requisition"]),
        "items": st.lists(st.sampled_from([ITEM, SECOND]), max_size=2),
        "approvers": st.just([COMPOSER.referent, COLLEAGUE.referent, POLICE.referent]),
        "at": moments,
    },
    "name_missing": {
        "author": authors,
        "author_institution": st.none() | institutions,
        "compartment": st.sampled_from(Compartment),
        "count": st.integers(-1, 3),
        "at": moments,
    },
    "approve_part": {"author": authors, "part": indexes, "at": moments},
    "refuse_part": {"author": authors, "part": indexes, "reason": reasons, "at": moments},
    "approve_frame": {"author": authors, "coordination": coordination, "at": moments},
    "refuse_frame": {
        "author": authors,
        "coordination": coordination,
        "reason": reasons,
        "at": moments,
    },
    "release": {
        "author": authors,
        "copy_number": st.integers(0, 2),
        "at": moments,
        "until": st.sampled_from([None, TODAY - DAY, TODAY + DAY]),
    },
    "open": {"author": authors, "at": moments},
    "cancel": {"author": authors, "reason": reasons, "at": moments},
    "regroup": {
        "author": authors,
        "groups": st.dictionaries(institutions, institutions, max_size=2),
        "at": moments,
    },
}
BEGINNINGS: list[list[Call]] = [
    [],
    [adding(), Call("approve_part", {"author": COLLEAGUE, "part": 0, "at": NOW})],
    [
        adding(),
        Call("approve_part", {"author": COLLEAGUE, "part": 0, "at": NOW}),
        Call(
            "approve_frame",
            {"author": COORDINATION, "coordination": named("coordination"), "at": NOW},
        ),
    ],
]


@given(st.sampled_from([None, REQUISITION]), st.sampled_from(BEGINNINGS), sequences(COMMANDS))
def test_any_sequence_reloads_and_keeps_article_14(
    requisition: Requisition | None, beginning: list[Call], sequence: list[Call]
) -> None:
    summary = assert_reloads(drafting(requisition=requisition), beginning + sequence)
    for one in summary.parts.values():
        assert one.compartment not in NEVER_IN_A_SUMMARY
        assert requisition is None or one.compartment in requisition.scope
        assert one.compartment.information_class not in SECRETS or one.ground in GROUNDS_OF_SECRECY
        by = one.decision.by
        assert by is None or by.institution == one.author_institution
        assert by is None or by.referent != one.composed_by.referent
    if summary.released_at is not None:
        decided = [one.decision.approval for one in summary.standing_parts]
        assert set(decided) == {Approval.APPROVED}
        assert summary.frame.approval is Approval.APPROVED
        assert summary.cancelled_for is None
    assert all(opening.by.institution == summary.recipient for opening in summary.openings)


def test_every_command_is_in_the_sequences() -> None:
    assert public_methods(Summary, but={"draft", "counts", "refuse_unavailable", "seal"}) == set(
        COMMANDS
    )
