"""The program that typesets one summary and ends: JSON on standard input, PDF on standard output.

It is run by its path, isolated, and imports nothing of the project.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

_MEMORY = 2 << 30
"""Bytes of address space; a text of 100 kB was set within 285 MB."""


def shut_the_disk() -> None:
    """Let nothing be written to a file from now on, not even a core dump."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def typeset(text: bytes, template: Path) -> bytes:
    """The PDF of a summary. Raises ``typst.TypstError``, whose message may hold content: never show it."""
    year, month, day, hour, minute, second = json.loads(text)["released_at"]
    return typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=True,
        sys_inputs={"content": text.decode()},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime(year, month, day, hour, minute, second, tzinfo=UTC),
    )


def main() -> int:
    """Run. A failure shows in the exit code alone."""
    shut_the_disk()
    try:
        document = typeset(sys.stdin.buffer.read(), Path(__file__).with_name("summary.typ"))
    except Exception:  # noqa: BLE001 -- whatever went wrong, its message may hold content
        return 1
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
