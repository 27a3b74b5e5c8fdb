"""Rotation of the house key: killed at any step and run again, nothing is lost, and the old key goes when it may."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from application.door.refusing import Refused
from domain.storing import VersionMoved
from infrastructure.forgetting.rotation import BACKUPS_KEPT, Rotation
from infrastructure.formats.envelope import Tampered
from infrastructure.house.folder import CopyRefused, HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.verification.verify import verify
from infrastructure.ledger.verification.with_keys import verify_secrets
from infrastructure.postgres.embedded.configuration import APP, RETENTION
from infrastructure.store.recorder import Recorder
from relais.composition import erasing, install
from tests.databases import FreshDatabase
from tests.infrastructure.store.test_recorder import append
from tests.sealing.attacker import Attacker, Heap
from tests.telling.journeys import open_journey, read_journey
from tests.telling.town import CHEAP, POLICIES, Town

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
LATER = NOW + BACKUPS_KEPT


class Kept:
    """A town with five journeys, and what rotates its house key: two secrets a batch."""

    def __init__(self, town: Town, database: FreshDatabase, path: Path) -> None:
        self.database = database
        self.town = town
        self.path = path / "house"
        self.copy = path / "copy"
        self.copy.mkdir()
        self.folder = HouseFolder(self.path, self.copy)
        self.journeys = [open_journey(self.town) for _ in range(5)]

    def rotation(self) -> Rotation:
        """A fresh one, as each run of the command makes."""
        database = self.database
        return Rotation(self.folder, database.app, database.retention, batch=2)

    def named(self) -> list[int]:
        return self.ask("SELECT number FROM relais.house_key ORDER BY number")

    def stored_under(self) -> set[int]:
        return set(self.ask("SELECT DISTINCT house_key FROM relais.shred_secret"))

    def ask(self, statement: str) -> list[Any]:
        with self.database.app.connection() as connection:
            return [row[0] for row in connection.execute(statement.encode())]

    def spoil(self, journey: UUID) -> None:
        """Alter a stored secret, so that no key opens it."""
        with self.database.superuser.connection() as connection:
            connection.execute(
                "UPDATE relais.shred_secret SET envelope = set_byte(envelope, 20,"
                " get_byte(envelope, 20) # 1) WHERE originator = %b",
                (journey,),
            )

    def everything_opens(self) -> bool:
        """With the house as it is on the disk, and through the pages' own house, begun long before."""
        network = self.town.services.network
        for house in (HouseSecrets.load(self.path), self.town.house):
            if verify_secrets(self.database.app, network, house).number:
                return False
        for journey in self.journeys:
            read_journey(self.town, "cidff.un", journey)
        report = verify(self.database.app, network, "relais.example", self.town.house.public_key)
        return report.sound


@pytest.fixture
def kept(town: Town, database: FreshDatabase, tmp_path: Path) -> Kept:
    return Kept(town, database, tmp_path)


def test_every_secret_is_under_the_new_key_which_is_in_the_copy(kept: Kept) -> None:
    done = kept.rotation().run(NOW)
    assert (done.number, done.wrapped, done.unopened, done.destroyed) == (2, 5, [], [])
    assert kept.stored_under() == {2}
    assert kept.named() == [2]
    assert HouseFolder(kept.copy).keys() == kept.folder.keys()
    assert kept.everything_opens()
    kept.journeys.append(open_journey(kept.town))
    assert kept.stored_under() == {2}


def test_a_key_is_in_the_copy_before_it_wraps_anything(kept: Kept) -> None:
    for step in kept.rotation().steps(NOW):
        copied = HouseFolder(kept.copy).keys()
        assert kept.stored_under() <= set(copied), step
        assert set(kept.folder.keys()) <= set(copied), step
        kept.journeys.append(open_journey(kept.town))


@pytest.mark.parametrize("killed_after", range(1, 9))
def test_killed_after_any_step_everything_opens_and_the_next_run_ends_it(
    kept: Kept, killed_after: int
) -> None:
    # Given a rotation that is killed, and journeys opened meanwhile by pages begun before it.
    steps = kept.rotation().steps(NOW)
    told = [next(steps, "ended") for _ in range(killed_after)]
    del steps
    assert "ended" not in told
    kept.journeys.append(open_journey(kept.town))
    assert kept.everything_opens(), told
    # When it is run again, then every secret is under one key, and all of them open.
    done = kept.rotation().run(NOW)
    assert kept.stored_under() == {done.number}
    assert kept.named() == [done.number]
    assert kept.everything_opens(), told
    # And once no kept backup names them, the others are destroyed, here and in the copy.
    kept.rotation().run(LATER)
    last = kept.rotation().run(LATER + BACKUPS_KEPT)
    assert max(kept.folder.keys()) == last.number
    assert not {1, 2} & set(kept.folder.keys())
    assert HouseFolder(kept.copy).keys() == kept.folder.keys()
    assert kept.everything_opens()


def test_all_its_steps_are_tried(kept: Kept) -> None:
    # The kills above are after each of these, in this order.
    assert list(kept.rotation().steps(NOW)) == [
        "saved",
        "made",
        "named",
        "published",
        "wrapped",
        "wrapped",
        "wrapped",
        "taken away",
        "retired",
    ]


@pytest.mark.parametrize("milliseconds", [3, 20, 45, 70, 110, 160])
def test_killed_for_real_at_any_moment_everything_opens(kept: Kept, milliseconds: int) -> None:
    # Given a process that rotates without end and destroys past keys at once, when it is killed.
    addresses = (kept.database.address(APP), kept.database.address(RETENTION))
    folders = (str(kept.path), str(kept.copy))
    command = [
        sys.executable,
        "-m",
        "tests.infrastructure.forgetting.rotating",
        *folders,
        *addresses,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as rotating:
        assert rotating.stdout is not None
        assert rotating.stdout.readline()
        time.sleep(milliseconds / 1000)
        rotating.kill()
    # Then everything opens, in the folder and in its copy, and the next rotation ends it.
    assert kept.everything_opens()
    assert kept.stored_under() <= set(HouseFolder(kept.copy).keys())
    done = kept.rotation().run(NOW)
    assert kept.stored_under() == {done.number}
    assert kept.named() == [done.number]
    assert kept.everything_opens()


def test_a_run_ends_what_was_interrupted_and_makes_a_key_of_its_own(kept: Kept) -> None:
    # Given a rotation that is killed amid its work, and a journey whose secret is under the key that it made.
    for step in kept.rotation().steps(NOW):
        if step == "wrapped":
            break
    kept.journeys.append(open_journey(kept.town))
    assert kept.stored_under() == {1, 2}
    # When it is run again, then that key is a past one too: a dump from in between names it.
    done = kept.rotation().run(NOW)
    assert (done.number, done.wrapped) == (3, 6)
    assert kept.named() == [3]
    assert set(kept.folder.retired()) == {1, 2}
    assert kept.everything_opens()


def test_a_secret_that_no_key_opens_keeps_no_key_from_being_made(kept: Kept) -> None:
    kept.spoil(kept.journeys[2])
    assert [kept.rotation().run(NOW).number for _ in range(3)] == [2, 3, 4]
    assert kept.named() == [1, 4]


@pytest.mark.parametrize("content", [b"", bytes(31)], ids=["empty", "short"])
def test_a_key_that_was_not_written_whole_is_made_anew(kept: Kept, content: bytes) -> None:
    (kept.path / "next").mkdir()
    (kept.path / "next" / "0002").write_bytes(content)
    assert kept.rotation().run(NOW).number == 2
    assert kept.everything_opens()


def test_a_journey_opened_amid_the_rotation_is_wrapped_too(kept: Kept) -> None:
    # Given pages that wrapped a secret under the old key, and store it when all others are wrapped anew.
    stale = HouseSecrets(
        kept.town.house.signing_key, {1: (kept.path / "keys" / "0001").read_bytes()}
    )
    services = install(
        kept.database.app, kept.town.services.network, stale, POLICIES, kept.town.clock, CHEAP
    )
    town = Town(services, kept.database.app, stale, kept.town.clock)
    town.referents, town.bundles = kept.town.referents, kept.town.bundles
    for step in kept.rotation().steps(NOW):
        if step == "wrapped" and kept.stored_under() == {2} and len(kept.journeys) == 5:
            kept.journeys.append(open_journey(town))
    assert kept.stored_under() == {2}
    assert kept.everything_opens()
    # And after it nothing more is stored under the old one: the pages are told to decide again.
    wrapped = stale.wrap(kept.town.services.network, uuid4(), bytes(32))
    recorder = Recorder(kept.database.app, kept.town.services.network)
    with pytest.raises(VersionMoved):
        recorder.insert(replace(append(uuid4(), 0, b"one"), shred=wrapped))
    assert kept.stored_under() == {2}


def test_a_past_key_lives_as_long_as_a_backup_that_names_it(kept: Kept) -> None:
    kept.rotation().run(NOW)
    assert kept.rotation().run(NOW + timedelta(days=7)).destroyed == []
    assert kept.rotation().run(LATER - timedelta(seconds=1)).destroyed == []
    assert sorted(kept.folder.keys()) == [1, 2, 3, 4]
    assert kept.rotation().run(LATER).destroyed == [1]
    assert kept.rotation().run(LATER + timedelta(days=7)).destroyed == [2]
    for place in (kept.path, kept.copy):
        assert not (place / "keys" / "0001").exists()
    assert kept.everything_opens()


def test_a_destroyed_key_is_overwritten_before_its_file_goes(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.rotation().run(NOW)
    unlink, last = Path.unlink, dict[str, bytes]()

    def seen(path: Path, missing_ok: bool = False) -> None:
        if path.name == "0001" and path.parent.name == "keys":
            last[str(path.parent.parent)] = path.read_bytes()
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", seen)
    kept.rotation().run(LATER)
    assert last == {str(kept.path): bytes(32), str(kept.copy): bytes(32)}


def test_a_house_that_goes_on_forgets_a_destroyed_key(kept: Kept) -> None:
    older = kept.town.house.wrap(kept.town.services.network, kept.journeys[0], bytes(32))
    kept.rotation().run(NOW)
    kept.rotation().run(LATER)
    kept.town.house.read_again()
    with pytest.raises(Tampered):
        kept.town.house.unwrap(kept.town.services.network, kept.journeys[0], older)


def test_a_secret_that_no_key_opens_keeps_its_key_and_is_told(kept: Kept) -> None:
    kept.spoil(kept.journeys[2])
    done = kept.rotation().run(NOW)
    assert (done.wrapped, set(done.unopened)) == (4, {kept.journeys[2]})
    assert kept.named() == [1, 2]
    assert kept.rotation().run(LATER).destroyed == []


def test_without_its_copy_nothing_is_changed(kept: Kept) -> None:
    kept.copy.rename(kept.copy.with_name("elsewhere"))
    with pytest.raises(CopyRefused):
        kept.rotation().run(NOW)
    assert (kept.named(), list(kept.folder.keys())) == ([1], [1])


def test_the_copy_of_another_house_is_left_alone(kept: Kept, tmp_path: Path) -> None:
    other = HouseFolder(tmp_path / "other")
    other.create()
    with pytest.raises(CopyRefused):
        Rotation(
            HouseFolder(kept.path, other.path), kept.database.app, kept.database.retention
        ).run(NOW)
    assert list(other.keys()) == [1]


def test_the_copy_takes_the_place_of_a_lost_house(kept: Kept) -> None:
    kept.rotation().run(NOW)
    kept.path.rename(kept.path.with_name("lost"))
    kept.copy.rename(kept.path)
    assert kept.everything_opens()


def test_a_house_key_that_a_secret_names_cannot_be_taken_away(kept: Kept) -> None:
    with (
        pytest.raises(psycopg.errors.ForeignKeyViolation),
        kept.database.retention.connection() as connection,
    ):
        connection.execute("DELETE FROM relais.house_key")


# -- erased, and rotated -------------------------------------------------------------------------------


@pytest.fixture
def stolen(kept: Kept) -> Callable[[Path], Heap]:
    """Every copy of the database from before an erasure and after, opened with the house's folder as it then was."""
    network, connections = kept.town.services.network, kept.database.app
    before = Heap(network, kept.path).copy(connections)
    erasing(connections, kept.database.retention, network, kept.folder).erase(kept.journeys[0], NOW)

    def heap(house: Path) -> Heap:
        made = Heap(network, house)
        made.take(before)
        made.copy(connections)
        return made

    return heap


def everybody(kept: Kept, heap: Heap) -> Attacker:
    """Who has every key of every referent."""
    attacker = Attacker(heap, uuid4())
    for login, bundle in kept.town.bundles.items():
        attacker.halves[kept.town.referents[login], 1] = bundle.decryption.raw
    attacker.attack()
    return attacker


def test_erased_and_rotated_nobody_opens_it_with_every_key_and_every_copy(
    kept: Kept, stolen: Callable[[Path], Heap]
) -> None:
    # Within the term, the past house key still opens the copies from before the erasure.
    kept.rotation().run(NOW)
    assert kept.journeys[0] in {one[1] for one in everybody(kept, stolen(kept.path)).read}
    # At its end nothing opens it; the others open as before.
    kept.rotation().run(LATER)
    opened = {one[1] for one in everybody(kept, stolen(kept.path)).read}
    assert opened == set(kept.journeys[1:])
    with pytest.raises(Refused):
        read_journey(kept.town, "cidff.un", kept.journeys[0])


def test_who_copied_the_house_key_in_time_opens_it(
    kept: Kept, stolen: Callable[[Path], Heap], tmp_path: Path
) -> None:
    """What the threat model says: erasure is no protection against who has a copy of both."""
    taken = tmp_path / "taken"
    (taken / "keys").mkdir(parents=True)
    (taken / "keys" / "0001").write_bytes((kept.path / "keys" / "0001").read_bytes())
    kept.rotation().run(NOW)
    kept.rotation().run(LATER)
    for key in kept.folder.keys().items():
        (taken / "keys" / f"{key[0]:04}").write_bytes(key[1])
    assert kept.journeys[0] in {one[1] for one in everybody(kept, stolen(taken)).read}
