"""One request: who asks, what for, and how a page becomes the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
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
from web.site.forms import Fields, Sent
from web.site.settings import Web


class NotFound(Exception):
    """The page asked for does not exist, or is not open to the visitor: both get the same constant answer."""


class SessionNeeded(Exception):
    """Nobody is logged in, or no longer."""


class SignaturesNeeded(Exception):
    """The charter is not signed by both the referent and the institution (article 1.1)."""


class Need(StrEnum):
    """The requirement that is checked before a handler runs."""

    NOTHING = "nothing"
    """The session is not even looked for."""
    ANYBODY = "anybody"
    """The session is looked for, and may be missing."""
    SESSION = "session"
    SIGNATURES = "signatures"
    """A session, and the charter signed by the referent and by the institution (article 1.1)."""


class Site(Protocol):
    """All addresses of the pages, as a visit asks about them."""

    def is_page(self, path: str) -> bool:
        """Whether an address can be asked for by GET."""
        ...

    def resume(self, visit: "Visit", path: str, fields: Sent) -> Response | None:
        """Show the page of a form that was kept, filled in and not executed.

        ``None`` if no form of a session's pages is sent to that address.
        """
        ...


@dataclass(slots=True)
class Visit:
    """One request.

    ``fields`` is what a form sent; ``form`` describes what may be sent to this address. ``resuming``: the form is a
    kept one, to be shown again filled in and not executed. ``known`` is the session with its directory, if there is
    one.
    """

    web: Web
    site: Site
    method: str
    route_name: str
    need: Need
    form: type[Fields] | None
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    fields: Sent = field(repr=False)
    language: str
    source: str
    cookie: str | None = field(repr=False)
    now: datetime
    known: tuple[Session, Network] | None = None
    resuming: bool = False

    # -- who asks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Find the session, and check what the route needs.

        Raises ``SessionNeeded``, ``SignaturesNeeded``.
        """
        if self.need is Need.NOTHING:
            return
        self.known = sessions.find(self.services, self.cookie, self.now)
        if self.need is Need.ANYBODY:
            return
        if self.known is None:
            raise SessionNeeded
        if self.need is Need.SIGNATURES and self.signatures_missing():
            raise SignaturesNeeded

    @property
    def services(self) -> Services:
        """The parts of the installation."""
        return self.web.services

    @property
    def session(self) -> Session:
        """The session of the referent who is logged in. Raises ``SessionNeeded``."""
        if self.known is None:
            raise SessionNeeded
        return self.known[0]

    @property
    def network(self) -> Network:
        """The directory, the session's if there is one. To read, never to change."""
        return self.known[1] if self.known else self.services.directory.at_least(0)

    @property
    def today(self) -> date:
        """The network's day."""
        return self.network.day(self.now)

    def signatures_missing(self) -> list[UUID]:
        """The signatories who have yet to sign before anything opens."""
        return signatures_missing(self.session, self.network)

    def may(self, act: Act) -> bool:
        """Whether the charter allows the visitor an act of the network; nothing is recorded."""
        institution = self.network.institutions[self.session.institution]
        asker = asker_of(self.network, institution, self.session.referent)
        return self.services.charter.decide(act, asker).allowed

    # -- what is asked --------------------------------------------------------------------------

    def identifier(self, name: str) -> UUID:
        """An identifier in the address, as we write it. Raises ``NotFound`` for anything else."""
        text = self.parameters[name]
        try:
            identifier = UUID(text)
        except ValueError:
            raise NotFound from None
        if str(identifier) != text:
            raise NotFound
        return identifier

    def number(self, name: str) -> int:
        """A number in the address, as we write it. Raises ``NotFound`` for anything else."""
        return _whole(self.parameters[name])

    def asked_number(self, name: str) -> int | None:
        """A number after the question mark, or ``None``. Raises ``NotFound`` for anything else."""
        return _whole(self.query[name]) if name in self.query else None

    def gettext(self, message: str) -> str:
        """A sentence in the reader's language."""
        return self.web.renderer.messages(self.language).gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A sentence that counts, in the reader's language."""
        return self.web.renderer.messages(self.language).ngettext(singular, plural, number)

    # -- how it is answered ---------------------------------------------------------------------

    def show(self, page: Page, status: int = 200) -> Response:
        """Answer with a page."""
        return HTMLResponse(self.web.renderer.render(page), status_code=status)

    def go(self, address: str) -> Response:
        """Send the browser to another page, to be asked for by GET."""
        return RedirectResponse(address, status_code=303)

    def chrome(
        self,
        section: Section | None = None,
        notice: Notice | None = None,
        path: str | None = None,
        alarm: str | None = None,
    ) -> Chrome:
        """The parts that surround a page. ``path`` is where a change of language comes back to; ``alarm`` the sentence
        of the banner, asked for if none is given."""
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
            posted=self.method == "POST",
        )

    def home(self) -> str:
        """The address where the visitor's work begins: the signature, if that is missing."""
        if self.signatures_missing():
            return "/charte/signature"
        addresses = {
            Section.LEDGER: "/registre",
            Section.WORK: "/reste-a-faire",
            Section.SUMMARIES: "/syntheses",
        }
        sections = self._sections()
        return next((addresses[section] for section in sections if section in addresses), "/charte")

    def resumed(self, path: str, fields: Sent) -> Response | None:
        """The page of a form that was kept while its author did something else first, filled in; ``None`` if there is
        no such form."""
        return self.site.resume(self, path, fields)

    def _own_path(self) -> str:
        """The page's own address if it can be asked for, else its journey's, else the first page."""
        parts = self.path.split("/")
        for path in (self.path, "/".join(parts[:3])):
            if self.site.is_page(path):
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
