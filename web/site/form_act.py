"""A form and its act: whatever stops the act, the form is shown again with every word typed."""

from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response

from application.door.refusing import Moved, Stale
from domain.refusals import InvalidValue
from web.drawing.page import FieldError, Form
from web.journey.page import stale_page
from web.site.forms import Fields, FormRefused
from web.site.visit import Visit

F = TypeVar("F", bound=Fields)

FIELD_OF = {
    "birth_date": "naissance",
    "capacities": "titres",
    "compartment": "volet",
    "completes": "acheve",
    "deferred_for": "report_raison",
    "first_name": "prenom",
    "given_on": "information_date",
    "known_as": "connue_comme",
    "language": "information_langue",
    "manner": "information_maniere",
    "occurred_on": "date",
    "review_on": "report_revue",
    "safe_contact": "contact",
    "scope": "volets",
    "shut_out": "referents",
    "surname": "nom",
    "text": "texte",
    "told": "information_personne",
    "until": "jusqu_au",
}
"""What the pages call a value that a rule of the domain names."""


def with_form(
    visit: Visit,
    fields: type[F],
    act: Callable[[F], Response],
    again: Callable[[Form, int], Response],
) -> Response:
    """Read the form, then act. ``again`` shows the form filled in, with a status: 422 where something typed
    cannot be accepted, 409 where what it was filled on has changed, 200 where it was kept while its
    author logged in."""
    if visit.resuming:
        return again(Form(visit.fields), 200)
    try:
        return act(fields.read(visit.fields))
    except FormRefused as refused:
        return again(Form(visit.fields, refused.errors), 422)
    except InvalidValue as refused:
        name = FIELD_OF.get(refused.field, refused.field)
        error = FieldError(name if name in fields.model_fields else "", refused.message)
        return again(Form(visit.fields, (error,)), 422)
    except Stale:
        return stale_page(visit)
    except Moved as moved:
        return again(Form(visit.fields, (FieldError("", moved.message),)), 409)
