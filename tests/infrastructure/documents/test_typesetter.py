"""The process that sets a document writes no file and tells nothing of its content."""

import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.documents.setting import DocumentFailed, summary_pdf
from tests.infrastructure.documents.documents import SUMMARY, TYPESETTER, saying


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    beside = set(TYPESETTER.parent.rglob("*"))
    summary_pdf(SUMMARY)
    assert list(tmp_path.rglob("*")) == []
    assert set(TYPESETTER.parent.rglob("*")) == beside


def test_the_process_cannot_write_a_file(tmp_path: Path) -> None:
    target = tmp_path / "left"
    program = (
        "import runpy, sys\n"
        "shut = runpy.run_path(sys.argv[1])['shut_the_disk']\n"
        "shut()\n"
        "with open(sys.argv[2], 'w') as left:\n"
        "    left.write('x')\n"
    )
    finished = subprocess.run(
        [sys.executable, "-I", "-B", "-c", program, str(TYPESETTER), str(target)],
        capture_output=True,
        check=False,
    )
    assert finished.returncode != 0
    assert target.read_bytes() == b""


def test_what_goes_wrong_is_told_without_a_word_of_the_content() -> None:
    with pytest.raises(DocumentFailed) as failed:
        summary_pdf(saying("Secret"), timeout=0.0)
    assert "Secret" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_a_process_that_fails_says_nothing() -> None:
    finished = subprocess.run(
        [sys.executable, "-I", "-B", str(TYPESETTER)],
        input=b'{"released_at": "Secret"}',
        env={},
        capture_output=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, b"", b"")


def test_a_failed_process_is_a_failed_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DocumentFailed, match="typesetting failed"):
        summary_pdf(SUMMARY)
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    with pytest.raises(DocumentFailed, match="could not start"):
        summary_pdf(SUMMARY)
