"""On-call desk: the referents of the gateway who answer at night and may open by emergency (article 12.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.network.network import Network


def name_on_call(network: "Network", referents: Iterable[UUID], at: datetime) -> None:
    """Name who is on call: at least two referents of the gateway."""
    named = frozenset(referents)
    gateways = {
        institution.id for institution in network.institutions.values() if institution.gateway
    }
    if len(named) < 2 or not all(
        network.holds_keys(referent) and network.referents[referent].institution in gateways
        for referent in named
    ):
        raise Refusal("L'astreinte compte au moins deux référents du numéro d'accueil.", "12.1")
    network.trigger_event(OnCallNamed, referents=tuple(sorted(named)), timestamp=at)


class OnCallNamed(Aggregate.Event):
    """The referents on call were named."""

    referents: tuple[UUID, ...]

    def apply(self, network: "Network") -> None:
        """Replace those who were on call."""
        network.on_call = frozenset(self.referents)


EVENTS = (OnCallNamed,)
