"""Any asker, in any situation, towards any compartment."""

from hypothesis import strategies as st

from domain.compartments import Compartment
from policies.charter import Asker, Entitlement, Ground, Relation, Situation

KINDS = (
    "benefits",
    "child-protection",
    "coordination",
    "education",
    "elected",
    "gendarmerie",
    "health",
    "housing",
    "justice",
    "legal-advice",
    "municipal-police",
    "municipality",
    "police",
    "probation",
    "second-auditor",
    "social",
    "state",
    "support",
    "victim-support",
    "youth-justice",
)
SECURITY_FORCES = ("police", "gendarmerie", "municipal-police")

compartments = st.sampled_from(Compartment)
grounds = st.none() | st.sampled_from(Ground)
scopes = st.frozensets(compartments) | st.just(frozenset(Compartment))

askers = st.builds(
    Asker,
    institution_kind=st.sampled_from(KINDS),
    may=st.frozensets(st.sampled_from(Entitlement).map(str))
    | st.just(frozenset(map(str, Entitlement))),
    gateway=st.booleans(),
    works_with_author=st.booleans(),
    institution_signed=st.booleans(),
    referent_signed=st.booleans(),
    suspended=st.booleans(),
    excluded=st.booleans(),
)

situations = st.builds(
    Situation,
    relation=st.sampled_from(Relation),
    shut_out=st.booleans(),
    state=st.sampled_from(("open", "closed")),
    address_hidden=st.booleans(),
    consent=scopes,
    ground_scope=scopes,
    includes_past=st.booleans(),
    takes_part_in_care=st.booleans(),
    works_with_person=st.booleans(),
    designated_coordinator=st.booleans(),
    shelters=st.booleans(),
    listed=st.booleans(),
    person_informed=st.booleans(),
    has_open_task=st.booleans(),
    purpose=st.none() | st.just("ongoing_work"),
    is_author_institution=st.booleans(),
    is_composer=st.booleans(),
    is_approved=st.booleans(),
    is_addressee=st.booleans(),
    within_requisition=st.none() | st.booleans(),
    is_own_institution=st.booleans(),
    has_no_member=st.booleans(),
    desk_has_key=st.booleans(),
)
