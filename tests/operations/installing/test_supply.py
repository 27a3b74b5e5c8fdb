"""Attack 35: every package is pinned by its hash, and what is served is what was built."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

import relais.serving.pages
from relais.__main__ import main
from tests.databases import CLONE
from web.drawing.served_files import ServedFiles, ServedFilesError

LOCKS = ("requirements.lock", "tools/audit.lock", "tools/installers.lock")
_PINNED = re.compile(
    r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==\S+( ; .+)?( --hash=sha256:[0-9a-f]{64})+"
)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_its_hash_and_no_address_is_named(lock: str) -> None:
    text = (CLONE / lock).read_text("utf-8")
    lines = re.sub(r" *\\\n *", " ", text).splitlines()

    assert lines
    assert [line for line in lines if not _PINNED.fullmatch(line)] == []
    assert "://" not in text


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build left: a style sheet, a script, and their manifest."""
    files = {}
    for name, content in {"relais.css": b"p{}", "start.js": b"document;"}.items():
        path = f"{name.partition('.')[0]}.0123456789abcdef.{name.partition('.')[2]}"
        (tmp_path / path).write_bytes(content)
        files[name] = {"path": path, "sha256": sha256(content).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": files}), "utf-8")
    return tmp_path


def test_what_the_manifest_names_is_served_and_nothing_else(built: Path) -> None:
    (built / "more.js").write_bytes(b"alert;")

    files = ServedFiles.load(built)

    assert set(files.contents.values()) == {b"p{}", b"document;"}
    assert files.address("relais.css") == "/static/relais.0123456789abcdef.css"


@pytest.mark.parametrize("name", ["relais.0123456789abcdef.css", "start.0123456789abcdef.js"])
@pytest.mark.parametrize("change", ["altered", "longer", "gone"])
def test_the_pages_do_not_start_with_a_file_that_is_not_as_built(
    built: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    change: str,
) -> None:
    """Given one served file altered, when the pages are started, then one line says so and nothing was opened."""
    content = (built / name).read_bytes()
    if change == "gone":
        (built / name).unlink()
    else:
        (built / name).write_bytes(content[:-1] + b"!" if change == "altered" else content + b" ")
    monkeypatch.setattr(relais.serving.pages, "BUILT", built)

    assert main(["serve"]) == 1

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "build.py" in said if change == "gone" else name in said


def test_what_changes_on_the_disk_after_the_start_is_not_served(built: Path) -> None:
    files = ServedFiles.load(built)
    (built / "start.0123456789abcdef.js").write_bytes(b"alert(1)")

    assert files.contents["start.0123456789abcdef.js"] == b"document;"
    with pytest.raises(ServedFilesError):
        ServedFiles.load(built)
