"""The cookie of a session, and the session that it opens."""

from datetime import datetime, timedelta

from starlette.responses import Response

from application.door.services import Services
from application.ports import Session
from domain.network.network import Network

COOKIE = "__Host-relais"


def find(services: Services, cookie: str | None, at: datetime) -> tuple[Session, Network] | None:
    """The session of a cookie, with the directory that it must be judged by; ``None`` if it
    ended, or if its referent has left or was excluded since."""
    kept = services.entrance.find(cookie, at) if cookie else None
    if kept is None:
        return None
    session, counter = kept
    network = services.directory.at_least(counter)
    if not network.holds_keys(session.referent):
        services.entrance.end(session)
        return None
    return session, network


def give_cookie(response: Response, cookie: str) -> None:
    """Hand out a session: to this origin alone, never to a script, until the browser closes."""
    response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="strict")


def take_cookie(response: Response) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def minutes_left(session: Session, now: datetime, idle: timedelta, absolute: timedelta) -> int:
    """Whole minutes until the session ends by itself, if nothing more is asked."""
    left = min(idle, session.begun_at + absolute - now)
    return max(0, int(left.total_seconds() // 60))
