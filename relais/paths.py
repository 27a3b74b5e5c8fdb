"""Places in the clone, or in the image."""

from pathlib import Path

CLONE = Path(__file__).parent.parent
POLICIES = CLONE / "policies"
DEMONSTRATION_HOUSE = CLONE / "var" / "demonstration" / "house"
