"""A page with a form and an act: if anything stops the act, the page comes back with every word typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response

from application.door.refusing import Moved, Stale
from domain.refusals import InvalidValue
from web.drawing.page import FieldError, Form, Page
from web.site.forms import Fields, FormRefused
from web.site.routing import Route
from web.site.visit import Need, Visit

F = TypeVar("F", bound=Fields)


@dataclass(frozen=True, slots=True)
class FormPage(Generic[F]):
    """A page with a form.

    ``fields`` describes the form, ``page`` draws the page around the typed text, ``act`` does what the form asks and
    answers.
    """

    fields: type[F]
    page: Callable[[Visit, Form], Page]
    act: Callable[[Visit, F], Response]

    def routes(
        self, path: str, shown: str, sent: str, need: Need = Need.SIGNATURES
    ) -> tuple[Route, Route]:
        """Both routes of the page: ``shown`` names the one that shows it, ``sent`` the one its form is sent to."""
        return Route("GET", path, self.show, shown, need), self.sent_to(path, sent, need)

    def sent_to(self, path: str, name: str, need: Need = Need.SIGNATURES) -> Route:
        """The route that the form is sent to, alone."""
        return Route("POST", path, self.send, name, need, self.fields)

    def show(self, visit: Visit) -> Response:
        """Show the page with an empty form."""
        return visit.show(self.page(visit, Form()))

    def send(self, visit: Visit) -> Response:
        """Read the form and do the act, or show the page again with the typed text and its errors.

        Status 422 if something typed cannot be accepted, 409 if something that the page had shown has changed,
        200 if the form was kept and is only shown. Other errors of the page and the act are raised, ``Stale`` included.
        """
        if visit.resuming:
            return visit.show(self.page(visit, Form(visit.fields)))
        try:
            return self.act(visit, self.fields.read(visit.fields))
        except FormRefused as refused:
            return self._again(visit, 422, *refused.errors)
        except InvalidValue as refused:
            field = self.fields.field_of(refused.field)
            return self._again(visit, 422, FieldError(field, refused.message))
        except Stale:
            raise
        except Moved as moved:
            return self._again(visit, 409, FieldError("", moved.message))

    def _again(self, visit: Visit, status: int, *errors: FieldError) -> Response:
        return visit.show(self.page(visit, Form(visit.fields, errors)), status)
