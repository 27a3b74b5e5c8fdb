"""Acts, for which the charter is asked, and the thing that each is done to."""

from enum import StrEnum


class Act(StrEnum):
    """Something that a referent does, or a key that a holder is given; each is one Cedar action."""

    # Of the network: no journey is concerned.
    SIGN_CHARTER = "sign_charter"
    READ_CHARTER = "read_charter"
    LIST_JOURNEYS = "list_journeys"
    SEARCH = "search"
    OPEN_JOURNEY = "open_journey"
    BE_INVITED = "be_invited"
    READ_STATISTICS = "read_statistics"
    AUDIT = "audit"
    EXPORT_AUDIT = "export_audit"
    ADMIT_INSTITUTION = "admit_institution"
    ADMIT_REFERENT = "admit_referent"
    NAME_ON_CALL = "name_on_call"
    SUSPEND = "suspend"
    EXCLUDE = "exclude"
    REINSTATE = "reinstate"
    RECORD_DEPARTURE = "record_departure"

    # Of a journey.
    CONSULT = "consult"
    INVITE = "invite"
    JOIN = "join"
    LEAVE = "leave"
    GIVE_CONSENT = "give_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    STATE_CAPACITIES = "state_capacities"
    RESTRICT = "restrict"
    CLOSE = "close"
    REOPEN = "reopen"
    COMPOSE_SUMMARY = "compose_summary"
    APPROVE_PART = "approve_part"
    RELEASE_SUMMARY = "release_summary"

    # Of one compartment of a journey.
    READ = "read"
    HOLD = "hold"
    OPEN_PAST = "open_past"
    PASS_KEY = "pass_key"  # noqa: S105 -- the name of an act, not a password
    APPEND = "append"
    DEPOSIT = "deposit"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    SHARE_WITHOUT_CONSENT = "share_without_consent"
    INCLUDE_IN_SUMMARY = "include_in_summary"

    # Of a summary, by those who take no part in the journey.
    APPROVE_FRAME = "approve_frame"
    RECEIVE_SUMMARY = "receive_summary"
    OPEN_SUMMARY = "open_summary"

    @property
    def concerns(self) -> "Concern":
        """The thing that the act is done to."""
        if self in _OF_A_COMPARTMENT:
            return Concern.COMPARTMENT
        if self in _OF_A_SUMMARY:
            return Concern.SUMMARY
        if self in _OF_THE_NETWORK:
            return Concern.NETWORK
        return Concern.JOURNEY


class Concern(StrEnum):
    """The thing that an act is done to; each is one Cedar entity type."""

    NETWORK = "Network"
    JOURNEY = "Journey"
    COMPARTMENT = "Compartment"
    SUMMARY = "Summary"


OF_MEMBERSHIP = frozenset({Act.ADMIT_INSTITUTION, Act.ADMIT_REFERENT, Act.NAME_ON_CALL})
"""The acts that say who belongs to an institution or to the on-call desk."""

_OF_THE_NETWORK = frozenset(
    {
        Act.SIGN_CHARTER,
        Act.READ_CHARTER,
        Act.LIST_JOURNEYS,
        Act.SEARCH,
        Act.OPEN_JOURNEY,
        Act.BE_INVITED,
        Act.READ_STATISTICS,
        Act.AUDIT,
        Act.EXPORT_AUDIT,
        Act.ADMIT_INSTITUTION,
        Act.ADMIT_REFERENT,
        Act.NAME_ON_CALL,
        Act.SUSPEND,
        Act.EXCLUDE,
        Act.REINSTATE,
        Act.RECORD_DEPARTURE,
    }
)
_OF_A_COMPARTMENT = frozenset(
    {
        Act.READ,
        Act.HOLD,
        Act.OPEN_PAST,
        Act.PASS_KEY,
        Act.APPEND,
        Act.DEPOSIT,
        Act.CORRECT,
        Act.WITHDRAW,
        Act.SHARE_WITHOUT_CONSENT,
        Act.INCLUDE_IN_SUMMARY,
    }
)
_OF_A_SUMMARY = frozenset({Act.APPROVE_FRAME, Act.RECEIVE_SUMMARY, Act.OPEN_SUMMARY})
