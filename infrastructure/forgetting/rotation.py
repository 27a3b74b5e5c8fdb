"""Rotation of the house key: make a new key, wrap every living shred secret anew, destroy the old key when its term
ends.

It may be killed at any moment and run again: after each step every stored secret opens, and the folder and the database
tell which steps remain (docs/decisions/0018-erasure.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg

from infrastructure.formats.envelope import Tampered
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Connections

BACKUPS_KEPT: Final = timedelta(days=35)
"""The time for which a backup of the database is kept, and therefore a past house key too."""

BATCH: Final = 500
_TRIES: Final = 5

_NAMED = "SELECT number FROM relais.house_key ORDER BY number"
_OLDER = """
SELECT network, originator, house_key, envelope FROM relais.shred_secret
WHERE house_key <> %b AND (network, originator) > (%b, %b) ORDER BY network, originator LIMIT %b
"""
_WRAP = "SELECT relais.wrap_anew(%b::uuid[], %b::uuid[], %b::bytea[], %b::bytea[], %b::integer)"
_FIRST = UUID(int=0)

Row = tuple[UUID, UUID, int, bytes]


@dataclass(slots=True)
class Rotated:
    """The result of a rotation. ``unopened`` are journeys and summaries whose secret no key of the house opens: the
    keys that their rows name are not retired."""

    number: int = 0
    wrapped: int = 0
    unopened: list[UUID] = field(default_factory=list)
    destroyed: list[int] = field(default_factory=list)


class Rotation:
    """Rotates the house key of one folder and one database, of all its networks.

    ``reading`` connects as ``relais_app``, ``changing`` as ``relais_retention``. ``kept`` is the time for which a key
    is kept after the last secret stored under it.
    """

    def __init__(
        self,
        folder: HouseFolder,
        reading: Connections,
        changing: Connections,
        kept: timedelta = BACKUPS_KEPT,
        batch: int = BATCH,
    ) -> None:
        self._folder = folder
        self._house = HouseSecrets.load(folder.path)
        self._reading = reading
        self._changing = changing
        self._kept = kept
        self._batch = batch
        self.done = Rotated()

    def run(self, now: datetime) -> Rotated:
        """Finish a rotation that was interrupted, if there is one, then rotate: so the newest key was made in this run,
        and no earlier backup names it. Raises ``CopyRefused``, ``HouseMissing``."""
        with self._folder.alone():
            for _ in self.steps(now):
                pass
        return self.done

    def steps(self, now: datetime) -> Iterator[str]:
        """Rotate step by step: yields the name of each step that was done, for a caller that interrupts it."""
        self._folder.save()
        yield "saved"
        if self._is_unfinished():
            yield from self._put_under_newest(now)
        yield from self._make_key()
        yield from self._put_under_newest(now)
        yield from self._destroy(now)

    def forget(self, now: datetime) -> list[int]:
        """Destroy every past key now, even if a backup still names it. Returns their numbers."""
        self._kept = timedelta(0)
        before = len(self.done.destroyed)
        with self._folder.alone():
            for _ in self._destroy(now):
                pass
        return self.done.destroyed[before:]

    def name_newest(self) -> None:
        """Let the database store secrets under the newest key: a database put back from a backup may not know it."""
        newest = max(self._folder.keys())
        if newest > max(self._named()):
            self._name(newest)

    def knows_newest(self) -> bool:
        """Whether the database lets secrets be stored under the newest key."""
        return max(self._folder.keys()) in self._named()

    def is_behind(self) -> bool:
        """Whether the folder is from before the last rotation of this database: it opens nothing, and wraps nothing."""
        named, newest = self._named(), max(self._folder.keys())
        return newest not in named and newest < max(named)

    # -- steps ----------------------------------------------------------------------------------

    def _is_unfinished(self) -> bool:
        newest = max(self._folder.keys())
        return self._folder.next_key() is None and any(number < newest for number in self._named())

    def _make_key(self) -> Iterator[str]:
        number = self._folder.next_key() or 1 + max(*self._folder.keys(), *self._named())
        self._folder.make_next_key(number)
        yield "made"
        self._name(number)
        yield "named"
        self._folder.publish(number)
        self._house.read_again()
        yield "published"

    def _put_under_newest(self, now: datetime) -> Iterator[str]:
        self.done.number, self.done.wrapped = max(self._folder.keys()), 0
        self._name(self.done.number)
        yield from self._wrap_anew()
        yield from self._retire(now)

    def _wrap_anew(self) -> Iterator[str]:
        after = (_FIRST, _FIRST)
        self.done.unopened.clear()
        while rows := self._older(after):
            self.done.wrapped += self._wrap(rows)
            after = rows[-1][:2]
            yield "wrapped"

    def _older(self, after: tuple[UUID, UUID]) -> list[Row]:
        with self._reading.connection() as connection:
            rows: list[Row] = connection.execute(
                _OLDER, (self.done.number, *after, self._batch)
            ).fetchall()
        return rows

    def _wrap(self, rows: Sequence[Row]) -> int:
        anew = []
        for network, originator, number, envelope in rows:
            before = WrappedSecret(number, envelope)
            try:
                after = self._house.wrap_anew(network, originator, before)
            except Tampered:
                self.done.unopened.append(originator)
                continue
            anew.append((network, originator, envelope, after.envelope))
        if not anew:
            return 0
        columns = [list(column) for column in zip(*anew, strict=True)]
        with self._changing.connection() as connection:
            row = connection.execute(_WRAP, (*columns, self.done.number)).fetchone()
        return int(row[0])

    def _retire(self, now: datetime) -> Iterator[str]:
        retired = []
        for number in [named for named in self._named() if named < self.done.number]:
            for _ in range(_TRIES):
                if self._take_away(number):
                    break
                # A secret was stored under it meanwhile.
                yield from self._wrap_anew()
            else:
                continue
            retired.append(number)
            yield "taken away"
        named, before = self._named(), self._folder.retired()
        for number in list(self._folder.keys()):
            if number not in named and (number in retired or number not in before):
                self._folder.retire(number, now)
                yield "retired"

    def _take_away(self, number: int) -> bool:
        """Let nothing more be stored under a key; false if something is stored under it."""
        try:
            with self._changing.connection() as connection:
                connection.execute("DELETE FROM relais.house_key WHERE number = %b", (number,))
        except psycopg.errors.ForeignKeyViolation:
            return False
        return True

    def _destroy(self, now: datetime) -> Iterator[str]:
        named = self._named()
        for number, at in sorted(self._folder.retired().items()):
            if at + self._kept <= now and number not in named:
                self._folder.destroy(number)
                self.done.destroyed.append(number)
                yield "destroyed"

    # -- the database ---------------------------------------------------------------------------

    def _named(self) -> list[int]:
        with self._reading.connection() as connection:
            return [number for (number,) in connection.execute(_NAMED).fetchall()]

    def _name(self, number: int) -> None:
        with self._changing.connection() as connection:
            connection.execute(
                "INSERT INTO relais.house_key (number) VALUES (%b) ON CONFLICT DO NOTHING",
                (number,),
            )
