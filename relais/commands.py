"""What the commands do once their words are understood."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo


class CannotRun(Exception):
    """A command cannot do what was asked. ``str()`` is one French line that says what to do."""


CLONE = Path(__file__).parent.parent
POLICIES = CLONE / "policies"
TOWN_TIME = ZoneInfo("Europe/Paris")


def serve_installation(database, house, host, port, *, demonstration):
    raise NotImplementedError
