"""Names, labels and choices, as pages show them."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from domain.catalogue import Catalogue, Item
from domain.compartments import Compartment
from domain.network.network import Network
from web.drawing.page import Choice, Tone

WRITABLE = tuple(
    compartment
    for compartment in Compartment
    if compartment not in (Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT)
)
"""The compartments that take actions."""

DANGER_TONES = {"moderate": Tone.SOON, "high": Tone.DANGER, "critical": Tone.DANGER}


def institution_name(network: Network, institution: UUID) -> str:
    """The name of an institution, or of a group's institution."""
    known = network.institutions.get(institution)
    if known is None and institution in network.groups:
        known = network.institutions.get(network.groups[institution].of)
    return known.name if known else "—"


def referent_name(network: Network, referent: UUID) -> str:
    """The name of a referent."""
    known = network.referents.get(referent)
    return known.name if known else "—"


def choices(items: Mapping[str, Item]) -> tuple[Choice, ...]:
    """A closed list, as a form offers it."""
    return tuple(Choice(item.code, item.title) for item in items.values())


def compartment_choices(compartments: Iterable[Compartment]) -> tuple[Choice, ...]:
    """Compartments, as a form offers them."""
    return tuple(
        Choice(compartment.value, compartment.label, compartment.holds)
        for compartment in compartments
    )


def title_of(items: Mapping[str, Item], code: str | None) -> str | None:
    """The French label of a code; a code that the list no longer has is shown as it is."""
    if code is None:
        return None
    return items[code].title if code in items else code


def kind_title(catalogue: Catalogue, kind: str) -> str:
    """The title of a kind of action."""
    return catalogue.action_kinds[kind].title if kind in catalogue.action_kinds else kind


def urgency(due: date, today: date) -> Tone:
    """The tone of a term: past, today or later."""
    if due < today:
        return Tone.DANGER
    return Tone.SOON if due == today else Tone.QUIET
