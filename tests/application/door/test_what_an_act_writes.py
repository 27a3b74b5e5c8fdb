"""The register names every compartment that an act writes into, and no more."""

from application.coordination.auditing import AuditFilter, audit
from application.referent.person import record_person
from domain.compartments import Compartment
from tests.telling.journeys import act_as, append_action, open_journey
from tests.telling.town import Town, ambre


def written(town: Town, act: str) -> list[tuple[str, ...]]:
    """The compartments of each entry of an act, as the coordination reads them, newest first."""
    lines = act_as(town, "coordination.un", audit, AuditFilter(act=act))
    return [line.access.compartments for line in lines]


def test_opening_a_journey_names_identity_contact_and_danger(town: Town) -> None:
    open_journey(town, contact="SMS, 9 h", level="high", danger="menaces")
    assert written(town, "open_journey") == [("identity", "contact", "danger")]


def test_a_person_and_her_safe_contact_are_both_named(town: Town) -> None:
    journey = open_journey(town)
    act_as(town, "cidff.un", record_person, journey, ambre(), "le soir")
    act_as(town, "cidff.un", record_person, journey, None, "le matin")
    assert written(town, "append") == [("contact",), ("identity", "contact")]


def test_an_action_names_its_own(town: Town) -> None:
    journey = open_journey(town)
    append_action(town, "cidff.un", journey, compartment=Compartment.FOLLOW_UP)
    assert written(town, "append") == [("follow_up",)]
