"""Every line and both ways of every branch of the domain, the policies and the sealing are taken by a test.

``python -m tests.campaigns.branches`` runs the tests of those rooms once, prints each line and branch that none took,
and ends with an error where there is one.
"""

import os
import subprocess
import sys

from tests.campaigns.mutation import ROOMS
from tests.databases import CLONE

MODULES = ("domain/*", *(module for room in ROOMS.values() for module in room.modules))
TESTS = ("domain", "policies", "sealing", "infrastructure", "application")


def main() -> int:
    """Run the tests and report; returns 0 where everything was taken."""
    folder = CLONE / "var" / "coverage"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "COVERAGE_FILE": str(folder / "data")}

    def coverage(*arguments: str) -> int:
        command = [sys.executable, "-m", "coverage", *arguments]
        return subprocess.run(command, cwd=CLONE, env=environment, check=False).returncode

    coverage("erase")
    tests = [f"tests/{name}" for name in TESTS]
    return (
        coverage("run", "-m", "pytest", *tests)
        or coverage("combine", "--quiet")
        or coverage("report", f"--include={','.join(MODULES)}", "--fail-under=100")
    )


if __name__ == "__main__":
    sys.exit(main())
