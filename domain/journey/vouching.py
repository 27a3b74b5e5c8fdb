"""Whether a journey is what its partners wrote: who made the keys that its entries stand under."""

from collections.abc import Sequence
from uuid import UUID

from domain.journey.journey import Journey


def vouched_for(journey: Journey, makers: Sequence[UUID | None], gateways: frozenset[UUID]) -> bool:
    """Whether every entry stands under a key made by an institution that takes part or did, or by a gateway.

    ``makers`` are the institutions that made each entry's key, in order; ``None`` where a reader has no key to it. An
    invitation counts only where its own key is vouched for: who takes no part cannot invite themselves.
    """
    invitations = [
        (note.institution, makers[note.version - 1])
        for note in journey.frame_notes
        if note.code == "invited"
    ]
    known: set[UUID | None] = {journey.lead, *gateways}
    grown = True
    while grown:
        invited = {institution for institution, maker in invitations if maker in known}
        grown = not invited <= known
        known |= invited
    return makers[0] == journey.lead and known.issuperset(filter(None, makers))
