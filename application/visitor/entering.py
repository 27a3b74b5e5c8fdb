"""What somebody does before any journey: log in, read the charter, sign it, log out."""

from dataclasses import dataclass
from uuid import UUID

from application.door.audience import asker_of
from application.door.refusing import Refused
from application.door.services import Services
from application.ports import Session
from domain.access import Access
from domain.network.network import Network
from policies.charter import Act


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that began, and what its cookie holds."""

    session: Session
    cookie: str


def log_in(services: Services, login: str, passphrase: str) -> LoggedIn | None:
    """Open a session, or answer ``None``: the same, in the same time, whatever did not fit."""
    at = services.clock()
    directory = services.directory.current()
    session = services.entrance.unlock(directory, login, passphrase, at)
    if session is None:
        return None
    services.entrance.begin(session, Access("log_in", at))
    services.entrance.renew_groups(session, at)
    cookie = services.entrance.keep(session, at)
    return LoggedIn(session, cookie)


def log_out(services: Services, session: Session) -> None:
    """End the session; the fact is in the ledger."""
    services.ledger.note(session, Access("log_out", services.clock()))
    services.entrance.end(session)


def signatures_missing(session: Session, network: Network) -> list[UUID]:
    """Who has yet to sign before this session opens anything: the institution, the referent (article 1.1)."""
    return [
        signatory
        for signatory in (session.institution, session.referent)
        if not network.has_signed(signatory)
    ]


def sign_charter(services: Services, session: Session, signatory: UUID) -> None:
    """Sign the version in force, for oneself or for one's institution."""
    at = services.clock()
    network = services.directory.current()
    asker = asker_of(network, network.institutions[session.institution], session.referent)
    decision = services.charter.decide(Act.SIGN_CHARTER, asker)
    if not decision.allowed:
        raise Refused(Act.SIGN_CHARTER, decision.articles)
    access = Access(
        Act.SIGN_CHARTER.value, at, articles=decision.articles, policies=decision.policies
    )
    services.offices.sign_charter(session, access, signatory, at)
