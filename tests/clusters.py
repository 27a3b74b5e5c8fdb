"""The clusters that test runs leave behind when they are killed.

``python -m tests.clusters`` stops and deletes those whose run has ended.
"""

import os
import re
from pathlib import Path

from infrastructure.postgres.embedded.cluster import existing
from infrastructure.postgres.embedded.process import lives

_NAME = re.compile(r"test-(?P<run>\d+)(-.*)?")


def name_of_this_run(suffix: str = "") -> str:
    """The name for a cluster of this run; it holds the run's process id."""
    return f"test-{os.getpid()}{'-' if suffix else ''}{suffix}"


def remove_abandoned(clone: Path) -> None:
    """Stop and delete the clusters of runs that ended."""
    for cluster in existing(clone):
        match = _NAME.fullmatch(cluster.home.name)
        if match and not lives(int(match["run"])):
            cluster.remove()


if __name__ == "__main__":
    remove_abandoned(Path(__file__).parent.parent)
