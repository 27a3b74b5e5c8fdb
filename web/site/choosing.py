"""Codes that a form sent, looked up in the closed lists that have them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from domain.compartments import SHARED, Compartment
from domain.journey.capacities import Capacity
from domain.network.members import Institution
from domain.network.network import Network
from domain.refusals import InvalidValue
from web.drawing.labels import WRITABLE
from web.drawing.words import _

T = TypeVar("T")
_CHOOSE = _("Choisissez une réponse de la liste.")


def chosen(field: str, code: str, choices: Mapping[str, T]) -> T:
    """The choice that a code stands for. Raises ``InvalidValue`` for a code that the list does not have."""
    if code not in choices:
        raise InvalidValue(field, _CHOOSE)
    return choices[code]


def code_in(field: str, code: str, choices: Mapping[str, object]) -> str:
    """The code itself, once the list is known to have it. Raises ``InvalidValue``."""
    chosen(field, code, choices)
    return code


def writable_compartment(field: str, code: str) -> Compartment:
    """A compartment that takes actions. Raises ``InvalidValue``."""
    return chosen(field, code, {compartment.value: compartment for compartment in WRITABLE})


def shared_compartments(field: str, codes: Iterable[str]) -> frozenset[Compartment]:
    """Compartments that a partner may be told; the frame goes without saying. Raises ``InvalidValue``."""
    shared = {compartment.value: compartment for compartment in SHARED}
    return frozenset(chosen(field, code, shared) for code in codes)


def capacities(field: str, codes: Iterable[str]) -> frozenset[Capacity]:
    """Capacities of a partner. Raises ``InvalidValue``."""
    known = {capacity.value: capacity for capacity in Capacity}
    return frozenset(chosen(field, code, known) for code in codes)


def institution_of(field: str, code: str, network: Network) -> Institution:
    """An institution by its code. Raises ``InvalidValue``."""
    members = {institution.code: institution for institution in network.institutions.values()}
    return chosen(field, code, members)
