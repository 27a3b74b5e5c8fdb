"""For each acceptance the refusal beside it, named by its rule and article."""

from dataclasses import replace

from domain.compartments import Compartment
from policies.charter import Act, Asker, Charter, Decision, Relation, Situation

EVERYTHING = frozenset(Compartment)


def institution(kind: str, *may: str) -> Asker:
    return Asker(
        institution_kind=kind,
        may=frozenset(may),
        gateway=False,
        works_with_author=False,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=False,
    )


def towards(relation: Relation = Relation.PARTNER, *, close: bool = True) -> Situation:
    """An open journey, everything shared; ``close``: cares for, works with, shelters the person."""
    return Situation(
        relation=relation,
        shut_out=False,
        state="open",
        address_hidden=False,
        consent=EVERYTHING,
        takes_part_in_care=close,
        works_with_person=close,
        shelters=close,
        person_informed=True,
    )


POLICE = institution("police", "offence-data")
HOSPITAL = institution("health", "care")
SOCIAL_WORKERS = institution("social", "social-action", "child-protection")
CIDFF = institution("legal-advice")
SHELTER = institution("housing", "social-action", "shelter")


def refused(decision: Decision, article: str) -> bool:
    return not decision.allowed and decision.articles == (article,)


def test_signatories_read_1_1_and_others_do_not(charter: Charter) -> None:
    unsigned = replace(CIDFF, referent_signed=False)
    assert charter.decide(Act.READ, CIDFF, towards(), Compartment.FOLLOW_UP).allowed
    answer = charter.decide(Act.READ, unsigned, towards(), Compartment.FOLLOW_UP)
    assert refused(answer, "1.1")


def test_the_excluded_hold_no_key_1_2(charter: Charter) -> None:
    excluded = replace(CIDFF, excluded=True)
    assert refused(charter.decide(Act.HOLD, excluded, towards(), Compartment.FRAME), "1.2")


def test_who_takes_no_part_and_who_is_shut_out_hear_the_same_2_1(charter: Charter) -> None:
    shut_out = charter.decide(Act.CONSULT, POLICE, replace(towards(), shut_out=True))
    stranger = charter.decide(Act.CONSULT, POLICE)
    assert refused(shut_out, "2.1")
    assert (shut_out.allowed, shut_out.articles) == (stranger.allowed, stranger.articles)


def test_an_elected_official_reads_no_journey_2_3(charter: Charter) -> None:
    answer = charter.decide(
        Act.READ, institution("elected"), towards(Relation.LEAD), Compartment.FOLLOW_UP
    )
    assert refused(answer, "2.3")


def test_a_consult_without_task_or_purpose_is_refused_3_1(charter: Charter) -> None:
    assert refused(charter.decide(Act.CONSULT, CIDFF, towards()), "3.1")
    assert charter.decide(Act.CONSULT, CIDFF, replace(towards(), has_open_task=True)).allowed


def test_who_has_not_signed_is_not_invited_3_2(charter: Charter) -> None:
    outside = replace(CIDFF, institution_signed=False)
    assert refused(charter.decide(Act.BE_INVITED, outside), "3.2")


def test_the_council_ground_covers_no_secret_4_1(charter: Charter) -> None:
    for asker, secret in (
        (SOCIAL_WORKERS, Compartment.SOCIAL),
        (HOSPITAL, Compartment.HEALTH),
    ):
        answer = charter.decide(Act.APPEND, asker, towards(), secret, "council_ground")
        assert refused(answer, "4.1")


def test_the_invited_do_not_write_4_2(charter: Charter) -> None:
    invited = towards(Relation.INVITED)
    assert charter.decide(Act.READ, CIDFF, invited, Compartment.FOLLOW_UP).allowed
    assert refused(charter.decide(Act.APPEND, CIDFF, invited, Compartment.FOLLOW_UP), "4.2")


def test_who_may_not_read_health_may_deposit_it_5_0(charter: Charter) -> None:
    assert charter.decide(Act.DEPOSIT, POLICE, towards(), Compartment.HEALTH).articles == ("5.0",)
    assert refused(charter.decide(Act.READ, POLICE, towards(), Compartment.HEALTH), "5.2")


def test_police_cannot_read_the_social_secret_5_1(charter: Charter) -> None:
    assert charter.decide(Act.READ, SOCIAL_WORKERS, towards(), Compartment.SOCIAL).allowed
    assert refused(charter.decide(Act.READ, POLICE, towards(), Compartment.SOCIAL), "5.1")


def test_police_cannot_read_health_5_2(charter: Charter) -> None:
    assert charter.decide(Act.READ, HOSPITAL, towards(), Compartment.HEALTH).allowed
    careful = replace(POLICE, may=frozenset({"care", "offence-data"}))
    for asker in (POLICE, careful):
        assert refused(charter.decide(Act.READ, asker, towards(), Compartment.HEALTH), "5.2")


def test_a_report_to_the_prosecutor_enters_no_journey_5_3(charter: Charter) -> None:
    answer = charter.decide(Act.APPEND, HOSPITAL, towards(), Compartment.HEALTH, "vital_danger")
    assert refused(answer, "5.3")


def test_a_report_for_the_unprotected_enters_no_journey_5_4(charter: Charter) -> None:
    answer = charter.decide(Act.DEPOSIT, CIDFF, towards(), Compartment.DANGER, "unable_to_protect")
    assert refused(answer, "5.4")


def test_a_school_cannot_read_about_children_5_5(charter: Charter) -> None:
    assert charter.decide(Act.READ, SOCIAL_WORKERS, towards(), Compartment.CHILDREN).allowed
    answer = charter.decide(Act.READ, institution("education"), towards(), Compartment.CHILDREN)
    assert refused(answer, "5.5")


def test_legal_advice_cannot_read_offence_data_6_1(charter: Charter) -> None:
    assert charter.decide(Act.READ, POLICE, towards(), Compartment.PROCEEDINGS).allowed
    assert refused(charter.decide(Act.READ, CIDFF, towards(), Compartment.PROCEEDINGS), "6.1")


def test_a_hidden_address_is_for_the_listed_6_2(charter: Charter) -> None:
    hidden = replace(towards(), address_hidden=True)
    assert refused(charter.decide(Act.HOLD, SHELTER, hidden, Compartment.SHELTER), "6.2")
    listed = replace(hidden, listed=True)
    assert charter.decide(Act.HOLD, SHELTER, listed, Compartment.SHELTER).allowed


def test_nobody_is_invited_before_the_person_is_informed_8_1(charter: Charter) -> None:
    assert charter.decide(Act.INVITE, CIDFF, towards()).allowed
    uninformed = replace(towards(), person_informed=False)
    assert refused(charter.decide(Act.INVITE, CIDFF, uninformed), "8.1")


def test_a_withdrawn_consent_ends_the_keys_8_2(charter: Charter) -> None:
    withdrawn = replace(towards(), consent=frozenset())
    for compartment in Compartment:
        assert not charter.decide(Act.HOLD, HOSPITAL, withdrawn, compartment).allowed
    assert refused(charter.decide(Act.HOLD, CIDFF, withdrawn, Compartment.FRAME), "8.2")


def test_sharing_without_consent_names_its_ground_8_3(charter: Charter) -> None:
    share = Act.SHARE_WITHOUT_CONSENT
    assert charter.decide(share, CIDFF, towards(), Compartment.DANGER, "council_ground").allowed
    assert refused(charter.decide(share, CIDFF, towards(), Compartment.DANGER), "8.3")


def test_without_consent_the_help_goes_on_8_4(charter: Charter) -> None:
    unshared = replace(towards(Relation.LEAD), consent=frozenset())
    gateway = replace(institution("municipality"), gateway=True)
    at_the_gateway = replace(unshared, relation=Relation.PARTNER)
    assert charter.decide(Act.APPEND, CIDFF, unshared, Compartment.FOLLOW_UP).allowed
    assert charter.decide(Act.APPEND, gateway, at_the_gateway, Compartment.FOLLOW_UP).allowed
    assert refused(charter.decide(Act.CLOSE, gateway, at_the_gateway), "8.4")


def test_another_institutions_entry_is_not_corrected_9_2(charter: Charter) -> None:
    assert refused(charter.decide(Act.CORRECT, CIDFF, towards(), Compartment.FOLLOW_UP), "9.2")


def test_a_closed_journey_takes_no_append_9_4(charter: Charter) -> None:
    closed = replace(towards(), state="closed")
    assert charter.decide(Act.READ, CIDFF, closed, Compartment.FOLLOW_UP).allowed
    assert refused(charter.decide(Act.APPEND, CIDFF, closed, Compartment.FOLLOW_UP), "9.4")


def test_a_partner_does_not_audit_10_2(charter: Charter) -> None:
    assert charter.decide(Act.AUDIT, institution("coordination")).allowed
    assert refused(charter.decide(Act.AUDIT, CIDFF), "10.2")


def test_the_invited_shut_nobody_out_11_1(charter: Charter) -> None:
    assert charter.decide(Act.RESTRICT, CIDFF, towards()).allowed
    assert refused(charter.decide(Act.RESTRICT, CIDFF, towards(Relation.INVITED)), "11.1")


def test_probation_cannot_read_safe_contact_11_2(charter: Charter) -> None:
    probation = replace(institution("probation", "offence-data"), works_with_author=True)
    assert refused(charter.decide(Act.READ, probation, towards(), Compartment.CONTACT), "11.2")


def test_the_on_call_desk_does_not_read_health_12_1(charter: Charter) -> None:
    desk = replace(institution("municipality"), gateway=True)
    assert charter.decide(Act.READ, desk, towards(Relation.ON_CALL), Compartment.DANGER).allowed
    answer = charter.decide(Act.READ, desk, towards(Relation.ON_CALL), Compartment.HEALTH)
    assert refused(answer, "12.1")


def test_justice_is_never_a_partner_14_1(charter: Charter) -> None:
    bench = institution("justice", "offence-data")
    assert charter.decide(Act.RECEIVE_SUMMARY, bench).allowed
    assert refused(charter.decide(Act.BE_INVITED, bench), "14.1")
    assert refused(charter.decide(Act.OPEN_SUMMARY, bench), "2.1")


def test_the_composer_does_not_approve_14_2(charter: Charter) -> None:
    author = replace(towards(), is_author_institution=True)
    other = replace(author, is_composer=False)
    assert charter.decide(Act.APPROVE_PART, CIDFF, other).allowed
    assert refused(charter.decide(Act.APPROVE_PART, CIDFF, author), "14.2")


def test_nothing_outside_the_requisition_14_3(charter: Charter) -> None:
    outside = replace(towards(), within_requisition=False)
    answer = charter.decide(Act.INCLUDE_IN_SUMMARY, CIDFF, outside, Compartment.FOLLOW_UP)
    assert refused(answer, "14.3")
