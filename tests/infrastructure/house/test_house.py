"""The house's own secrets: files outside the database, and what they wrap."""

from pathlib import Path
from uuid import uuid4

import pytest

from infrastructure.formats.envelope import Tampered
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.house import HouseMissing, HouseSecrets

NETWORK, JOURNEY, SECRET = uuid4(), uuid4(), bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    HouseSecrets.create(tmp_path / "house")
    return tmp_path / "house"


def test_what_is_wrapped_is_unwrapped_by_the_house_read_again(folder: Path) -> None:
    wrapped = HouseSecrets.load(folder).wrap(NETWORK, JOURNEY, SECRET)
    assert wrapped.house_key == 1
    assert SECRET not in wrapped.envelope
    assert HouseSecrets.load(folder).unwrap(NETWORK, JOURNEY, wrapped) == SECRET


def test_the_newest_key_wraps_and_older_ones_still_unwrap(folder: Path) -> None:
    older = HouseSecrets.load(folder).wrap(NETWORK, JOURNEY, SECRET)
    (folder / "keys" / "0002").write_bytes(bytes(32))
    house = HouseSecrets.load(folder)
    newer = house.wrap(NETWORK, JOURNEY, SECRET)
    assert newer.house_key == 2
    assert house.unwrap(NETWORK, JOURNEY, older) == SECRET
    (folder / "keys" / "0001").unlink()
    with pytest.raises(Tampered):
        HouseSecrets.load(folder).unwrap(NETWORK, JOURNEY, older)
    assert HouseSecrets.load(folder).unwrap(NETWORK, JOURNEY, newer) == SECRET


def test_a_house_that_runs_takes_in_the_key_that_another_made(folder: Path) -> None:
    """The house key turns while the pages run."""
    running = HouseSecrets.load(folder)
    (folder / "keys" / "0002").write_bytes(bytes(32))
    newer = HouseSecrets.load(folder).wrap(NETWORK, JOURNEY, SECRET)
    assert newer.house_key == 2
    assert running.unwrap(NETWORK, JOURNEY, newer) == SECRET


def test_a_secret_wrapped_anew_is_the_same_in_the_same_place(folder: Path) -> None:
    older = HouseSecrets.load(folder).wrap(NETWORK, JOURNEY, SECRET)
    (folder / "keys" / "0002").write_bytes(bytes(32))
    house = HouseSecrets.load(folder)
    newer = house.wrap_anew(NETWORK, JOURNEY, older)
    assert newer.house_key == 2
    assert house.unwrap(NETWORK, JOURNEY, newer) == SECRET
    for network, originator in ((uuid4(), JOURNEY), (NETWORK, uuid4())):
        with pytest.raises(Tampered):
            house.wrap_anew(network, originator, older)
        with pytest.raises(Tampered):
            house.unwrap(network, originator, newer)


def test_a_secret_is_unwrapped_in_its_own_place_only(folder: Path) -> None:
    house = HouseSecrets.load(folder)
    wrapped = house.wrap(NETWORK, JOURNEY, SECRET)
    (folder / "keys" / "0002").write_bytes((folder / "keys" / "0001").read_bytes())
    for network, journey, moved in (
        (uuid4(), JOURNEY, wrapped),
        (NETWORK, uuid4(), wrapped),
        (NETWORK, JOURNEY, WrappedSecret(2, wrapped.envelope)),
    ):
        with pytest.raises(Tampered):
            HouseSecrets.load(folder).unwrap(network, journey, moved)


def test_its_files_are_its_owners_alone(folder: Path) -> None:
    modes = {path: path.stat().st_mode & 0o777 for path in (folder, folder / "keys")}
    assert set(modes.values()) == {0o700}
    for name in ("signing", "keys/0001"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_a_house_is_never_made_over_another(folder: Path) -> None:
    before = (folder / "signing").read_bytes()
    with pytest.raises(FileExistsError):
        HouseSecrets.create(folder)
    assert (folder / "signing").read_bytes() == before


@pytest.mark.parametrize("missing", ["signing", "keys/0001", "keys", "short", "name"])
def test_a_house_that_is_not_whole_is_missing(folder: Path, missing: str) -> None:
    if missing == "short":
        (folder / "keys" / "0001").write_bytes(bytes(31))
    elif missing == "name":
        (folder / "keys" / "copy").write_bytes(bytes(32))
    elif missing == "keys":
        (folder / "keys").rename(folder / "elsewhere")
    else:
        (folder / missing).unlink()
    with pytest.raises(HouseMissing):
        HouseSecrets.load(folder)


def test_it_shows_none_of_its_secrets(folder: Path) -> None:
    assert repr(HouseSecrets.load(folder)) == "HouseSecrets()"
    assert len(HouseSecrets.load(folder).public_key) == 32
