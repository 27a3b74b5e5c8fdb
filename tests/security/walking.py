"""Fills every form of the pages, each field of words with a value of its own, and asks for every page."""

import re
from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic.fields import FieldInfo
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from tests.security.scenario import Planted
from tests.telling.town import Town
from web.routes import ROUTES
from web.site.forms import Fields
from web.site.routing import Route
from web.site.session import COOKIE

HOST = "relais.test"
_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": f"https://{HOST}"}

TECHNICAL = frozenset({"suite", "reprise", "destinataires"})
"""Fields that a page fills itself: an address, and what stands for the audiences that were shown."""

CHOICES = {
    "motif": "ongoing_work",
    "genre": "interview",
    "fondement": "person_consent",
    "danger": "high",
    "information_maniere": "spoken",
    "information_langue": "fr",
    "destinataire": "parquet",
    "institution": "cidff",
    "volets": "follow_up",
    "requisition_volets": "follow_up",
}
_REASONS = {"withdraw": "wrong_facts", "close": "protected", "leave": "work_done"}
_SHOWN = re.compile(r'name="(destinataires)" value="([^"]*)"')
_NOT_WALKED = frozenset({"log_out", "language"})


def fields_of_words(form: type[Fields]) -> Iterator[str]:
    """The fields of a form into which anything can be typed."""
    for name, one in form.model_fields.items():
        bare = [kind for kind in _kinds(one) if kind is not NoneType]
        free = bare == [str] and not any(getattr(rule, "pattern", None) for rule in _rules(one))
        if free and name not in TECHNICAL:
            yield name


def _kinds(one: FieldInfo) -> list[Any]:
    kinds = [one.annotation, *get_args(one.annotation)]
    bare = [get_args(kind)[0] if hasattr(kind, "__metadata__") else kind for kind in kinds]
    return [kind for kind in bare if isinstance(kind, type)]


def _rules(one: FieldInfo) -> Iterator[Any]:
    for kind in (one, *get_args(one.annotation)):
        for rule in getattr(kind, "metadata", getattr(kind, "__metadata__", ())):
            yield from getattr(rule, "metadata", (rule,))


class Walker:
    """Somebody's browser, on every route that has a form and on every page."""

    def __init__(self, app: ASGIApp, town: Town, planted: Planted) -> None:
        self._town = town
        self._planted = planted
        self.answers: dict[str, int] = {}
        self._client = TestClient(
            app, base_url=f"https://{HOST}", follow_redirects=False, raise_server_exceptions=True
        )

    def log_in(self, login: str) -> None:
        """Take a fresh session's cookie."""
        self._town.log_in(login)
        self._client.cookies.set(COOKIE, self._town.cookies[login], domain=HOST)

    def walk(self, journey: UUID, summary: UUID) -> None:
        """Send every form, in the order of the routes, then ask for every page."""
        self._post("purpose", journey, summary, {"motif": "ongoing_work"})
        for route in ROUTES:
            if route.form is not None and route.name not in _NOT_WALKED:
                self._post(route.name, journey, summary, self._filled(route, journey))
        for route in ROUTES:
            if route.method == "GET":
                word = self._planted.words(f"address.{route.name}")
                address = self._address(route, journey, summary)
                self._client.get(f"{address}?avant={word}&{word}=1", headers=_SAME_ORIGIN)
                self._client.get(address, headers=_SAME_ORIGIN)

    def _post(self, name: str, journey: UUID, summary: UUID, filled: dict[str, str]) -> None:
        (route,) = [one for one in ROUTES if one.name == name]
        answer = self._client.post(
            self._address(route, journey, summary), data=filled, headers=_SAME_ORIGIN
        )
        self.answers[name] = answer.status_code

    @staticmethod
    def _address(route: Route, journey: UUID, summary: UUID) -> str:
        return route.path.format(journey=journey, summary=summary, entry=4, part=0, name="x")

    def _filled(self, route: Route, journey: UUID) -> dict[str, str]:
        form = route.form or Fields
        filled = {}
        for name, one in form.model_fields.items():
            value = self._value(route, name, one, journey)
            if value is not None:
                filled[name] = value
        if "destinataires" in form.model_fields:
            page = self._client.get(f"/suivis/{journey}", headers=_SAME_ORIGIN).text
            filled |= dict(_SHOWN.findall(page))
        for name in fields_of_words(form):
            filled[name] = self._planted.words(f"{form.__name__}.{name}")
        return filled

    def _value(self, route: Route, name: str, one: FieldInfo, journey: UUID) -> str | None:
        value: str | None = None
        if name == "version":
            value = str(self._version(journey))
        elif name == "raison":
            value = _REASONS.get(route.name)
        elif name in {"destinataire", "institution"}:
            value = self._named(route, CHOICES[name])
        elif name in CHOICES:
            value = CHOICES[name]
        elif get_origin(one.annotation) is Literal:
            value = str(get_args(one.annotation)[0])
        elif name in {"information_date", "date"}:
            value = self._town.clock().date().isoformat()
        return value

    def _named(self, route: Route, code: str) -> str | None:
        if route.name == "sign":
            return None
        return str(self._town.institutions[code].id)

    def _version(self, journey: UUID) -> int:
        with self._town.connections.connection() as connection:
            (version,) = connection.execute(
                "SELECT max(version) FROM relais.event WHERE originator = %b", (journey,)
            ).fetchone()
        return int(version)
