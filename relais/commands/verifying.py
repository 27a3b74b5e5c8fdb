"""The command that verifies everything that is stored."""

from collections.abc import Mapping
from pathlib import Path

from infrastructure.ledger.verification.verify import verify as verify_ledger
from relais.environment import CannotRun, opened_network
from relais.serving.background import origin_of


def verify(environment: Mapping[str, str], against: Path | None) -> int:
    """Recompute everything from the stored bytes, and name the first thing that does not match. Needs no key."""
    earlier = None
    if against is not None:
        try:
            # A note that was copied by hand or printed by a program gains or loses lines at its end.
            earlier = against.read_text("utf-8").rstrip() + "\n"
        except (OSError, ValueError):
            raise CannotRun(f"{against} ne se lit pas.") from None
    with opened_network(environment) as opened:
        origin = origin_of(opened.network)
        public_key = opened.house.public_key
        report = verify_ledger(opened.database, opened.network, origin, public_key, earlier)
    for mismatch in report.mismatches:
        print(mismatch)
    if not report.sound:
        print(f"Le registre n'est pas entier : {report.number} écart(s), le premier ci-dessus.")
        return 1
    print(
        f"Le registre est entier : {report.size} inscriptions, {report.rows} lignes relues,"
        f" {report.checkpoint_size} sous un sceau signé, {report.outside} encore hors de la preuve."
    )
    return 0
