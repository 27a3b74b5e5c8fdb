"""The door to the network: acts that concern no journey, such as lists, audits and changes to the directory.

An act that is allowed is recorded before its result is shown (``EnteredNetwork.note``), or with the change that it
stores (``EnteredNetwork.record``). A refusal is recorded here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from application.door.facts import session_asker
from application.door.refusing import decided, refuse
from application.door.services import Services
from application.ports import DirectoryChange, Session
from domain.author import Author
from domain.network.network import Network
from policies.charter import NO_PART, Act, Decision


@dataclass(frozen=True, slots=True)
class EnteredNetwork:
    """The network that a session may act on, with the charter's decision to record. ``act`` is its name in the
    ledger."""

    services: Services
    session: Session
    network: Network
    decision: Decision
    act: str
    at: datetime

    @property
    def author(self) -> Author:
        """The referent who acts, and for which institution."""
        return Author(self.session.referent, self.session.institution)

    def change(self) -> DirectoryChange[Session]:
        """Begin a change to the directory that the charter was asked on: it is not stored if that moved meanwhile."""
        return self.services.group_keys.change(self.network)

    def note(self, act: str | None = None, details: Mapping[str, str] | None = None) -> None:
        """Record this act, which changes nothing, before anything is shown; under the name ``act`` if one is given."""
        access = decided(act or self.act, self.decision, self.at, details=details)
        self.services.ledger.note(self.session, access)

    def record(
        self, change: DirectoryChange[Session], details: Mapping[str, str] | None = None
    ) -> None:
        """Store a change to the directory with the ledger's entry of this act, in one transaction."""
        change.record(self.session, decided(self.act, self.decision, self.at, details=details))


def enter_network(
    services: Services,
    session: Session,
    act: Act,
    network: Network | None = None,
    *,
    recorded_as: str | None = None,
    **facts: object,
) -> EnteredNetwork:
    """Open the door to the network for one act. ``facts`` are the act's own; ``network`` is the directory that they
    were taken from, if they were.

    ``recorded_as`` is the act's name in the ledger, if that is another. Raises ``Refused`` if the charter refuses,
    having recorded the refusal.
    """
    at = services.clock()
    network = network or services.directory.current()
    situation = replace(NO_PART, **facts)  # type: ignore[arg-type]
    decision = services.charter.decide(act, session_asker(network, session), situation)
    name = recorded_as or act.value
    if not decision.allowed:
        refuse(services.ledger, session, act, decided(name, decision, at))
    return EnteredNetwork(services, session, network, decision, name, at)
