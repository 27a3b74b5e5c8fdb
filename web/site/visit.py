"""One request: who asks, what for, and how an answer is made of a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from starlette.responses import HTMLResponse, RedirectResponse, Response

from application.door.facts import asker_of
from application.door.services import Services
from application.ports import Session
from application.visitor.signing import signatures_missing
from domain.network.network import Network
from policies.charter import Act
from web.drawing.page import Chrome, Notice, Page, Section, User
from web.site import session as sessions
from web.site.forms import Sent
from web.site.routing import Need, Route, Table
from web.site.settings import Web


class NotFound(Exception):
    """What is asked for does not exist, or is not open to who asks: one constant answer."""


class SessionNeeded(Exception):
    """Nobody is logged in, or no longer."""


class SignaturesNeeded(Exception):
    """The charter is not signed by both (article 1.1)."""


@dataclass(slots=True)
class Visit:
    """One request. ``fields`` is what a form sent; ``resuming`` says that the form is a kept one, to be
    shown again filled in and not executed. ``attend`` runs a visit's handler and answers what it raises."""

    web: Web
    table: Table
    route: Route
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    fields: Sent = field(repr=False)
    language: str
    source: str
    cookie: str | None = field(repr=False)
    now: datetime
    attend: "Callable[[Visit], Response]" = field(repr=False)
    known: tuple[Session, Network] | None = None
    resuming: bool = False

    # -- who asks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Find the session, and check what the route needs.

        Raises ``SessionNeeded``, ``SignaturesNeeded``.
        """
        if self.route.need is Need.NOTHING:
            return
        self.known = sessions.find(self.services, self.cookie, self.now)
        if self.route.need is Need.ANYBODY:
            return
        if self.known is None:
            raise SessionNeeded
        if self.route.need is Need.SIGNATURES and self.signatures_missing():
            raise SignaturesNeeded

    @property
    def services(self) -> Services:
        """The parts of the house."""
        return self.web.services

    @property
    def session(self) -> Session:
        """Who is logged in. Raises ``SessionNeeded``."""
        if self.known is None:
            raise SessionNeeded
        return self.known[0]

    @property
    def network(self) -> Network:
        """The directory: the session's where there is one. To read, never to change."""
        return self.known[1] if self.known else self.services.directory.at_least(0)

    @property
    def today(self) -> date:
        """The network's day."""
        return self.network.day(self.now)

    def signatures_missing(self) -> list[UUID]:
        """Who has yet to sign before anything opens."""
        return signatures_missing(self.session, self.network)

    def may(self, act: Act) -> bool:
        """Whether the charter allows an act of the network to who is logged in; nothing is recorded."""
        institution = self.network.institutions[self.session.institution]
        asker = asker_of(self.network, institution, self.session.referent)
        return self.services.charter.decide(act, asker).allowed

    # -- what is asked --------------------------------------------------------------------------

    def identifier(self, name: str) -> UUID:
        """An identifier in the address, as we write it. Raises ``NotFound`` for anything else."""
        text = self.parameters[name]
        try:
            found = UUID(text)
        except ValueError:
            raise NotFound from None
        if str(found) != text:
            raise NotFound
        return found

    def number(self, name: str) -> int:
        """A number in the address, as we write it. Raises ``NotFound`` for anything else."""
        return _whole(self.parameters[name])

    def asked_number(self, name: str) -> int | None:
        """A number after the question mark, or ``None``. Raises ``NotFound`` for anything else."""
        return _whole(self.query[name]) if name in self.query else None

    def gettext(self, message: str) -> str:
        """A sentence in the reader's language."""
        return self.web.renderer.messages(self.language).gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """A sentence that counts, in the reader's language."""
        return self.web.renderer.messages(self.language).ngettext(one, many, number)

    # -- how it is answered ---------------------------------------------------------------------

    def show(self, page: Page, status: int = 200) -> Response:
        """A page."""
        return HTMLResponse(self.web.renderer.render(page), status_code=status)

    def go(self, address: str) -> Response:
        """Another page, to be asked for by GET."""
        return RedirectResponse(address, status_code=303)

    def chrome(
        self,
        section: Section | None = None,
        notice: Notice | None = None,
        path: str | None = None,
        alarm: str | None = None,
    ) -> Chrome:
        """What surrounds a page. ``path`` is where a change of language comes back to; ``alarm`` the sentence of the
        banner, asked for where none is given."""
        network = self.network
        return Chrome(
            language=self.language,
            network=network.name,
            gateway_number=network.gateway_number,
            now=self.now,
            path=self._own_path() if path is None else path,
            demonstration=self.web.settings.demonstration,
            user=self._user() if self.known else None,
            section=section,
            notice=notice,
            alarm=self.web.alarm() if alarm is None else alarm or None,
            posted=self.route.method == "POST",
        )

    def home(self) -> str:
        """Where the work of who is logged in begins: by signing, where that is missing."""
        if self.signatures_missing():
            return "/charte/signature"
        sections = self._sections()
        addresses = {
            Section.LEDGER: "/registre",
            Section.WORK: "/reste-a-faire",
            Section.SUMMARIES: "/syntheses",
        }
        return next((addresses[one] for one in sections if one in addresses), "/charte")

    def resumed(self, path: str, fields: Sent) -> Response | None:
        """The page of a form that was kept while its author logged in again, filled in; ``None`` where
        there is no such form."""
        found = self.table.find("POST", path)
        if found is None or found[0].form is None or found[0].need in (Need.NOTHING, Need.ANYBODY):
            return None
        route, parameters = found
        again = replace(
            self,
            route=route,
            path=path,
            parameters=parameters,
            query={},
            fields=fields,
            resuming=True,
        )
        if again.route.need is Need.SIGNATURES and again.signatures_missing():
            return None
        return self.attend(again)

    def _own_path(self) -> str:
        """The page's own address where it can be asked for, else its journey's, else the first page."""
        parts = self.path.split("/")
        for path in (self.path, "/".join(parts[:3])):
            if self.table.find("GET", path) is not None:
                return path
        return "/"

    def _user(self) -> User:
        network, session, settings = self.network, self.session, self.web.settings
        return User(
            name=network.referents[session.referent].name,
            institution=network.institutions[session.institution].name,
            sections=self._sections(),
            minutes_left=sessions.minutes_left(session, self.now, settings.idle, settings.absolute),
            minutes_before_lock=settings.minutes_before_lock,
            remark=self.gettext("ne lit aucun suivi") if self.may(Act.AUDIT) else None,
        )

    def _sections(self) -> tuple[Section, ...]:
        if self.signatures_missing():
            return (Section.CHARTER,)
        journeys = self.may(Act.LIST_JOURNEYS)
        summaries = journeys or self.may(Act.RECEIVE_SUMMARY) or self.may(Act.APPROVE_FRAME)
        shown = {
            Section.LEDGER: self.may(Act.AUDIT),
            Section.WORK: journeys,
            Section.JOURNEYS: journeys,
            Section.SUMMARIES: summaries,
            Section.CHARTER: True,
        }
        return tuple(section for section in Section if shown[section])


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0")):
        raise NotFound
    return int(text)
