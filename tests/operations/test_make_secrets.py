"""The passwords of the database's roles: made once, each for itself, closed to others."""

import shutil
import subprocess
from pathlib import Path

from tests.operations.installed import MAKE_SECRETS, compose


def _made(folder: Path) -> dict[str, str]:
    script = folder / "deployment" / "make-secrets"
    script.parent.mkdir(exist_ok=True)
    shutil.copy(MAKE_SECRETS, script)
    subprocess.run([script], check=True, capture_output=True)
    return {path.name: path.read_text("ascii") for path in (folder / "secrets").iterdir()}


def test_each_secret_that_a_service_names_is_made(tmp_path: Path) -> None:
    named = {name: Path(secret["file"]) for name, secret in compose()["secrets"].items()}

    made = _made(tmp_path)

    assert set(made) == set(named)
    for name, path in named.items():
        assert path == Path("secrets") / name
        assert len(bytes.fromhex(made[name])) == 32
    assert len(set(made.values())) == len(made)


def test_nobody_else_can_reach_the_secrets(tmp_path: Path) -> None:
    _made(tmp_path)

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "secrets").iterdir():
        assert path.stat().st_mode & 0o222 == 0


def test_existing_secrets_are_kept(tmp_path: Path) -> None:
    first = _made(tmp_path)

    assert _made(tmp_path) == first
