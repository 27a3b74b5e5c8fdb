"""Every room of the house stands under the contracts that keep imports one way."""

import re
import tomllib
from pathlib import Path

CLONE = Path(__file__).parent.parent


def test_each_room_has_its_place_in_the_contracts() -> None:
    settings = tomllib.loads((CLONE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    rooms = {path.parent.name for path in CLONE.glob("*/__init__.py")} - {"tests"}
    walk = next(
        setting for setting in settings["contracts"] if setting["name"] == "The walk goes one way"
    )
    placed = {name for layer in walk["layers"] for name in re.split(r"[ |:]+", layer)}

    assert rooms
    assert set(settings["root_packages"]) == rooms
    assert placed == rooms
