"""Codes that a form sent, against the closed lists that have them."""

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


def one_of(field: str, code: str, choices: Mapping[str, T]) -> T:
    """What a code stands for. Raises ``InvalidValue`` for a code that the list does not have."""
    if code not in choices:
        raise InvalidValue(field, _CHOOSE)
    return choices[code]


def code_in(field: str, code: str, choices: Mapping[str, object]) -> str:
    """The code itself, once the list is known to have it. Raises ``InvalidValue``."""
    one_of(field, code, choices)
    return code


def writable_compartment(field: str, code: str) -> Compartment:
    """A compartment that takes actions. Raises ``InvalidValue``."""
    return one_of(field, code, {one.value: one for one in WRITABLE})


def shared_compartments(field: str, codes: Iterable[str]) -> frozenset[Compartment]:
    """Compartments that a partner may be told; the frame goes without saying. Raises ``InvalidValue``."""
    known = {one.value: one for one in SHARED}
    return frozenset(one_of(field, code, known) for code in codes)


def capacities(field: str, codes: Iterable[str]) -> frozenset[Capacity]:
    """What a partner does for the person. Raises ``InvalidValue``."""
    return frozenset(one_of(field, code, {one.value: one for one in Capacity}) for code in codes)


def institution_of(field: str, code: str, network: Network) -> Institution:
    """An institution by its code. Raises ``InvalidValue``."""
    return one_of(field, code, {one.code: one for one in network.institutions.values()})
