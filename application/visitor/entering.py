"""Logging in and out."""

from dataclasses import dataclass

from application.door.services import Services
from application.ports import Session
from domain.access import Access, LedgerAct


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that began, and what its cookie holds."""

    session: Session
    cookie: str


def log_in(services: Services, login: str, passphrase: str) -> LoggedIn | None:
    """Open a session. A wrong login and a wrong passphrase get the same answer, ``None``, in the same time."""
    at = services.clock()
    directory = services.directory.current()
    session = services.entrance.unlock(directory, login, passphrase, at)
    if session is None:
        return None
    services.entrance.begin(session, Access(LedgerAct.LOG_IN, at))
    services.entrance.renew_groups(session, at)
    cookie = services.entrance.keep(session, at)
    return LoggedIn(session, cookie)


def log_out(services: Services, session: Session) -> None:
    """End the session; the fact is in the ledger."""
    services.ledger.note(session, Access(LedgerAct.LOG_OUT, services.clock()))
    services.entrance.end(session)
