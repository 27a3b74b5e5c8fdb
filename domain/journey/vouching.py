"""Vouching: whether every entry of a journey is sealed under a key made by one of its partners."""

from collections.abc import Sequence
from uuid import UUID

from domain.journey.journey import Journey


def vouched_for(journey: Journey, makers: Sequence[UUID | None], gateways: frozenset[UUID]) -> bool:
    """Whether every entry is sealed under a key made by an institution that takes part or did, or by a gateway.

    ``makers`` are the institutions that made each entry's key, in order; ``None`` if the reader has no key to it. An
    invitation counts only if its own key is vouched for: an institution that takes no part cannot invite itself.
    """
    invitations = [
        (note.institution, makers[note.version - 1])
        for note in journey.frame_notes
        if note.code == "invited"
    ]
    known: set[UUID | None] = {journey.lead, *gateways}
    is_growing = True
    while is_growing:
        invited = {institution for institution, maker in invitations if maker in known}
        is_growing = not invited <= known
        known |= invited
    return makers[0] == journey.lead and known.issuperset(filter(None, makers))
