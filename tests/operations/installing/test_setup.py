"""An environment is what its lock names, whatever was published since; each target of the Makefile runs from it.

No network: the index is a folder of wheels made here. The installers are the oldest pip supported for this Python and
the uv of the locks, from ``make installers``.
"""

import os
import re
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distributions
from os.path import relpath
from pathlib import Path
from shutil import which
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.databases import CLONE

INSTALLERS = Path(sys.prefix) / "installers"
# All that tools/environment.sh asks of a machine, beside a Python.
PROGRAMS = ("date", "grep", "mktemp", "rm", "sh", "tail")
NEW = "1.1"
"""The version that was published after the lock was made."""


def installers() -> Path:
    """The packages of ``make installers``."""
    (packages,) = INSTALLERS.glob("lib/python3*/site-packages")
    return packages


def pinned(lock: Path) -> set[Requirement]:
    """What a lock names for the Python and the machine that run this."""
    lines = re.findall(r"^[a-z][^\\\n]+", lock.read_text("utf-8"), re.MULTILINE)
    read = {Requirement(line) for line in lines}
    return {named for named in read if named.marker is None or named.marker.evaluate()}


def oldest_pip() -> str:
    """The version of the oldest pip supported for this Python."""
    (pip,) = [named for named in pinned(CLONE / "tools" / "installers.lock") if named.name == "pip"]
    return str(pip.specifier).removeprefix("==")


class Machine:
    """A machine with nothing but Python, an installer, and an index of three packages."""

    def __init__(self, folder: Path, installer: str) -> None:
        self.folder = folder
        self.index = folder / "index"
        self.lock = folder / "some.lock"
        self.made = folder / "made"
        programs = folder / "bin"
        for path in (self.index, programs):
            path.mkdir()
        for name in PROGRAMS:
            (programs / name).symlink_to(which(name) or name)
        self.python = programs / "python3"
        self.python.write_text(f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n', "utf-8")  # type: ignore[attr-defined]
        self.python.chmod(0o755)
        if installer == "uv":
            (programs / "uv").symlink_to(INSTALLERS / "bin" / "uv")
        settings = folder / "uv.toml"
        settings.write_text(f"no-index = true\nfind-links = ['{self.index}']\n", "utf-8")
        self.environment = {
            "HOME": str(folder),
            "PATH": str(programs),
            "PYTHONPATH": str(installers()),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(self.index),
            "PIP_NO_INDEX": "1",
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_CONFIG_FILE": str(settings),
        }
        self.publish("bread", "1.0")
        self.publish("butter", "1.0", "bread[crust]>=1.0")
        self.hold()

    def publish(self, name: str, version: str, *requires: str) -> None:
        """Put a package into the index."""
        about = f"{name}-{version}.dist-info"
        metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
        metadata += ["Provides-Extra: crust", *(f"Requires-Dist: {other}" for other in requires)]
        files = {
            f"{name}.py": "",
            f"{about}/METADATA": "\n".join(metadata) + "\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{about}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{about}/RECORD"])
        with ZipFile(self.index / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
            for path, text in files.items():
                wheel.writestr(path, text)

    def hold(self, *without: str) -> None:
        """Make the lock of all that is in the index, and of a package for another machine that no index has."""
        lines = ["winter==1.0 ; sys_platform == 'win32' \\", f"    --hash=sha256:{'0' * 64}"]
        for wheel in sorted(self.index.iterdir()):
            name, version = wheel.name.split("-")[:2]
            if name not in without:
                digest = sha256(wheel.read_bytes()).hexdigest()
                lines += [f"{name}=={version} \\", f"    --hash=sha256:{digest}"]
        self.lock.write_text("\n".join(lines) + "\n", "utf-8")

    def set_up(self) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        command = ["sh", str(CLONE / "tools" / "environment.sh"), "made", "some.lock"]
        return self._run(command)

    def pip_version(self) -> str:
        """The version of the pip that the environment was made with."""
        said = self._run([str(self.made / "bin" / "python"), "-m", "pip", "--version"])
        return said.stdout.split()[1]

    def packages(self) -> set[tuple[str, str]]:
        """What is installed, the installer left aside."""
        (packages,) = self.made.glob("lib/python3*/site-packages")
        found = {(each.name, each.version) for each in distributions(path=[str(packages)])}
        return {each for each in found if each[0] not in {"pip", "setuptools"}}

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
        )


@pytest.fixture(params=["pip", "uv"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """A machine with each installer."""
    return Machine(tmp_path, request.param)


def refused(machine: Machine, advice: str) -> list[str]:
    """The lines of a run that failed: the installer's last, then what to do, and nothing is left."""
    run = machine.set_up()
    lines = run.stderr.splitlines()
    assert run.returncode == 1
    assert 2 <= len(lines) <= 16
    assert advice in lines[-1]
    assert not machine.made.exists()
    return lines


def test_what_was_published_after_the_lock_changes_nothing(machine: Machine) -> None:
    machine.publish("bread", NEW)
    machine.publish("butter", NEW)

    run = machine.set_up()

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count("\n") == 2
    assert machine.packages() == {("bread", "1.0"), ("butter", "1.0")}
    assert machine.pip_version() == oldest_pip()


def test_an_environment_half_made_is_made_from_nothing(machine: Machine) -> None:
    machine.set_up()
    (left,) = machine.made.glob("lib/python3*/site-packages")
    (left / "bread.py").rename(left / "crumbs.py")

    assert machine.set_up().returncode == 0

    assert (left / "bread.py").exists()
    assert not (left / "crumbs.py").exists()


def test_a_package_that_is_not_the_locks_is_refused(machine: Machine) -> None:
    machine.publish("bread", "1.0", "milk")

    refused(machine, "n'est pas celui du verrou")


def test_a_lock_that_is_not_whole_is_refused(machine: Machine) -> None:
    machine.hold("bread")

    assert any("butter" in line for line in refused(machine, "L'environnement n'est pas fait"))


def test_an_index_out_of_reach_is_said_and_what_comes_next_begins_anew(machine: Machine) -> None:
    reached = machine.environment
    offline = ("PIP_NO_INDEX", "PIP_FIND_LINKS", "UV_CONFIG_FILE")
    nowhere = "http://127.0.0.1:9/simple"
    machine.environment = {
        **{name: value for name, value in reached.items() if name not in offline},
        "PIP_INDEX_URL": nowhere,
        "PIP_RETRIES": "0",
        "UV_DEFAULT_INDEX": nowhere,
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CONFIG": "1",
    }
    refused(machine, "le réseau, le mandataire")

    machine.environment = reached

    assert machine.set_up().returncode == 0


def test_a_machine_without_a_python_of_the_locks_is_told_which(machine: Machine) -> None:
    machine.python.write_text("#!/bin/sh\nexit 1\n", "utf-8")

    run = machine.set_up()

    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "3.11" in run.stderr


def test_on_a_terminal_one_line_is_written_over(machine: Machine) -> None:
    mine, terminal = os.openpty()
    subprocess.run(
        ["sh", str(CLONE / "tools" / "environment.sh"), "made", "some.lock"],
        cwd=machine.folder,
        env=machine.environment,
        stdout=terminal,
        check=True,
    )
    os.close(terminal)
    said = os.read(mine, 100_000).decode()
    os.close(mine)

    assert said.count("\n") == 1
    assert said.count("\r→") >= 2


def test_these_tests_run_in_what_the_lock_names_and_nothing_else() -> None:
    found = {(canonicalize_name(each.name), each.version) for each in distributions()}
    named = {
        (named.name, str(named.specifier).removeprefix("=="))
        for named in pinned(CLONE / "requirements.lock")
    }

    assert {each for each in found if each[0] not in {"pip", "relais"}} == named


BEFORE = ("assets", "chromium", "environment", "installers", "lint")
"""What targets begin with, done already where these tests run."""
SHORTEST = {
    "help": "OPTIONS=",
    "demo": "OPTIONS=--help",
    "test": "TESTS=--version",
    "bench": "OPTIONS=--help",
    "chaos": "OPTIONS=--help",
    "matrix": "OPTIONS=--help",
    "lock": "OPTIONS=--help",
    # Minutes, whatever they are told: their programs are loaded, and not begun.
    "coverage": "PYTHON={python} -c 'import runpy, sys; runpy.run_module(sys.argv[2])'",
    "mutation": "PYTHON={python} -c 'import runpy, sys; runpy.run_module(sys.argv[2])'",
}
"""What each target is told to be over at once."""
ELSEWHERE = {
    "lint": "`make test` begins with it",
    "audit": ".ci/run asks for its shortest form, in an environment of its own",
    "sbom": ".ci/run runs it, in that environment",
    "clean": "deletes what these tests run in",
    "digests": "asks an engine and a registry: below with one that is made up",
}


def test_each_target_is_tried() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (CLONE / "Makefile").read_text(), re.MULTILINE))

    assert targets == {*SHORTEST, *ELSEWHERE}
    assert "make sbom audit test OPTIONS=--version" in (CLONE / ".ci" / "run").read_text()


@pytest.mark.parametrize("target", SHORTEST)
def test_each_target_runs_from_what_the_lock_installs(target: str) -> None:
    # As the Makefile says them: seen from the clone, which may lie below a folder with a space in its name.
    python, uv = (relpath(path, CLONE) for path in (sys.executable, INSTALLERS / "bin" / "uv"))
    told = SHORTEST[target].format(python=python)
    command = ["make", target, f"PYTHON={python}", f"UV={uv}"]
    done = [f"--old-file={name}" for name in BEFORE]

    run = subprocess.run(
        [*command, *done, told],
        cwd=CLONE,
        capture_output=True,
        check=False,
        text=True,
    )

    assert (run.returncode, run.stderr) == (0, "")


def test_each_base_image_gets_its_digest_beside_its_tag_and_the_next_one_in_its_place(
    tmp_path: Path,
) -> None:
    """Given a registry that gives each image one digest today and another tomorrow."""
    files = [tmp_path / name for name in ("Dockerfile", "docker-compose.yml")]
    for file in files:
        file.write_bytes((CLONE / file.name).read_bytes())
    tags = images(files)
    docker = tmp_path / "docker"
    for digest in ("a" * 64, "b" * 64):
        docker.write_text(
            f'#!/bin/sh\nfor name; do :; done\necho "${{name%:*}}@sha256:{digest}"\n', "utf-8"
        )
        docker.chmod(0o755)

        subprocess.run(
            ["sh", str(CLONE / "tools" / "digests.sh")],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            check=True,
        )

        assert images(files) == [f"{tag.partition('@')[0]}@sha256:{digest}" for tag in tags]
    assert len(tags) == 4


def images(files: list[Path]) -> list[str]:
    """Every base image that the files name."""
    text = "".join(file.read_text("utf-8") for file in files)
    named = re.findall(r"^ *(?:FROM|image:) (\S+:\S+)", text, re.MULTILINE)
    return [name for name in named if not name.startswith("relais:")]
