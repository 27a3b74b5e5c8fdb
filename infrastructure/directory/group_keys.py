"""The key pairs of groups: renewed when somebody left, shared with members who lack them."""

from datetime import datetime
from uuid import UUID

from domain.access import Access, LedgerAct
from domain.network.network import Network
from infrastructure.directory.change import DirectoryChange
from infrastructure.directory.directory import Directory, copied
from infrastructure.formats.session import OpenSession


class GroupKeys:
    """The groups of one network, and changes to its directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def change(self, network: Network) -> DirectoryChange:
        """Begin a change to the directory, decided on it as ``network`` shows it."""
        return DirectoryChange(self._directory, copied(network))

    def renew_groups(self, session: OpenSession, at: datetime) -> list[UUID]:
        """Give each group of the session that somebody left its next generation. Returns those renewed.

        No person decides this, so the charter is not asked: each log-in of a member does it.
        """
        network = self._directory.current()
        stale = [
            group
            for group in network.stale_groups(session.referent)
            if session.private_half(group, network.groups[group].generation) is not None
        ]
        if stale:
            change = self.change(network)
            for group in stale:
                change.renew_group_key(session, group, at)
            change.record(session, Access(LedgerAct.RENEW_GROUPS, at))
        return stale

    def share_groups(self, session: OpenSession, at: datetime) -> list[UUID]:
        """Pass on each group's current private half to members who lack it. Returns the groups concerned.

        No person decides this, so the charter is not asked: a colleague admitted these members before.
        """
        network = self._directory.current()
        unshared = [
            group
            for group in network.unshared_groups(session.referent)
            if session.referent in network.members(group)
            and session.private_half(group, network.groups[group].generation) is not None
        ]
        if unshared:
            change = self.change(network)
            for group in unshared:
                lacking = network.members(group) - network.groups[group].founders
                for member in sorted(lacking):
                    change.share_group_key(session, group, member, at)
            change.record(session, Access(LedgerAct.SHARE_GROUPS, at))
        return unshared
