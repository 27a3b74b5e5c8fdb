"""Refusals of the door, recorded in the ledger, and acts that are decided again when something moved meanwhile."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar
from uuid import UUID

from application.ports import Ledger, Loaded, Session
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.journey import Journey
from domain.refusals import Refusal
from domain.storing import DirectoryMoved, StoreUnavailable, VersionMoved
from policies.charter import CONSTANT_ANSWER, Act, Decision

P = ParamSpec("P")
T = TypeVar("T")

_TRIES = 8

PURPOSE_ARTICLE = "3.1"
"""The article by which a consult without a purpose is refused."""

CONSTANT_REFUSAL = Decision(allowed=False, articles=(CONSTANT_ANSWER,), policies=())
"""The answer to whoever takes no part, is shut out, or asks for what does not exist."""


class Refused(Exception):
    """The charter said no. ``articles`` say why; for 2.1 alone the answer is the same as for what does not exist."""

    def __init__(self, act: Act, articles: tuple[str, ...]) -> None:
        super().__init__(act.value)
        self.act = act
        self.articles = articles

    @property
    def is_constant(self) -> bool:
        """Whether nothing may be told, not even that the journey exists."""
        return self.articles == (CONSTANT_ANSWER,)


class PurposeNeeded(Refused):
    """Nothing awaits the referent in this journey: a purpose is asked for first (article 3.1). Nothing is shown yet, so
    nothing is recorded yet."""


class Moved(Refusal):
    """The form was filled on something that changed meanwhile: look again, then decide. Nothing typed is lost."""


class Stale(Moved):
    """The journey has other entries than those that the author was shown."""

    def __init__(self) -> None:
        super().__init__("Ce suivi a changé entre-temps : relisez-le avant de décider.")


def decided_again(use_case: Callable[P, T]) -> Callable[P, T]:
    """Decide and do a use case again if the journey or the directory moved meanwhile.

    The use case raises ``StoreUnavailable`` if they kept moving.
    """

    @wraps(use_case)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_TRIES):
            try:
                return use_case(*args, **kwargs)
            except (VersionMoved, DirectoryMoved):
                continue
        raise StoreUnavailable

    return tried


def decided(
    act: str,
    decision: Decision,
    at: datetime,
    subject: UUID | None = None,
    compartments: Iterable[Compartment] = (),
    purpose: str | None = None,
    ground: str | None = None,
    details: Mapping[str, str] | None = None,
) -> Access:
    """The ledger's entry of an act that the charter allowed or refused."""
    return Access(
        act=str(act),
        at=at,
        subject=subject,
        compartments=tuple(compartment.value for compartment in compartments),
        purpose=purpose,
        ground=ground,
        articles=decision.articles,
        policies=decision.policies,
        allowed=decision.allowed,
        details=details or {},
    )


def refuse(
    ledger: Ledger[Session, Loaded[Journey]], session: Session, act: Act, access: Access
) -> NoReturn:
    """Record a refusal in the ledger alone, which no partner of a journey reads. Raises ``Refused``."""
    ledger.note(session, access)
    raise Refused(act, access.articles)
