"""Groups through which the institutions of the journey take part in a summary: their own, or a small one (11.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.summary.locks import FRAME_LOCK

if TYPE_CHECKING:
    from domain.summary.summary import Summary


def regroup(summary: "Summary", author: Author, groups: Mapping[UUID, UUID], at: datetime) -> None:
    """Say through which group each institution takes part now, if that changed since.

    Those who write later, and cannot see the journey, seal to these groups.
    """
    if dict(groups) != summary.groups:
        summary.trigger_event(GroupsChanged, author=author, groups=dict(groups), timestamp=at)


class GroupsChanged(Aggregate.Event):
    """The groups through which the institutions take part have changed."""

    lock = FRAME_LOCK

    author: Author
    groups: dict[UUID, UUID]

    def apply(self, summary: "Summary") -> None:
        """Replace the groups."""
        summary.groups = self.groups


EVENTS = (GroupsChanged,)
