"""The browser of the tests: the machine's Chromium, else the one that Playwright brings.

``python -m tests.chromium`` installs one where none is found, or says in one line what to install.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
)
"""So that it asks nobody anything by itself."""


def executable() -> str | None:
    """The path of the browser to start, or ``None`` where the machine has none."""
    for name in NAMES:
        if found := which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Start the browser; ``options`` are more of Playwright's ``launch``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(), **options)
        yield browser
        browser.close()


def launch_options() -> dict[str, Any]:
    """What Playwright's ``chromium.launch`` is given. As root, Chromium starts without its sandbox alone.

    Raises ``RuntimeError`` where the machine has no browser.
    """
    path = executable()
    if path is None:
        raise RuntimeError("no Chromium: run `make chromium`")
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*QUIET, *alone]}


def install() -> int:
    """Make sure that there is one; returns the exit status for the shell."""
    if executable() is not None:
        return 0
    print("→ navigateur : installation de Chromium", flush=True)
    for command in _commands():
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            break
    if executable() is not None:
        return 0
    print("Chromium est introuvable : installez le paquet « chromium ».", file=sys.stderr)
    return 1


def _commands() -> list[list[str]]:
    if os.geteuid() == 0 and which("apt-get"):
        quiet = ["apt-get", "-qq", "-o=Dpkg::Use-Pty=0"]
        return [
            [*quiet, "update"],
            [*quiet, "install", "-y", "--no-install-recommends", "chromium"],
        ]
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


if __name__ == "__main__":
    sys.exit(install())
