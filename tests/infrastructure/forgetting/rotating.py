"""Rotates a house key again and again, destroying the past ones at once, until it is killed.

``python -m tests.infrastructure.rotating HOUSE COPY READING CHANGING``: two folders and two addresses of the database.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infrastructure.forgetting.rotation import Rotation
from infrastructure.house.folder import HouseFolder
from infrastructure.postgres.database import Database


def rotate_for_ever(house: str, copy: str, reading: str, changing: str) -> None:
    """Say so after the first, and go on."""
    folder = HouseFolder(Path(house), Path(copy))
    with Database(reading) as app, Database(changing) as retention:
        while True:
            rotation = Rotation(folder, app, retention, kept=timedelta(0), batch=2)
            rotation.run(datetime.now(UTC))
            sys.stdout.write(f"{rotation.done.number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    rotate_for_ever(*sys.argv[1:])
