"""Try an installation from outside, through its proxy: log in, sign the charter, open a journey, append, read again.

``python -m tests.operations.trial ACCOUNTS --name relais.example --authority root.crt --kept kept.txt`` writes one more
action at each run, after it has found all those of the runs before. ACCOUNTS is the output of ``relais found``.
"""

import argparse
import re
import ssl
import sys
import time
from pathlib import Path
from uuid import uuid4

from tests.operations.visitor import Answer, PageForm, Unanswered, Visitor

LOGIN = "ines.montbrun"
_OLDER = re.compile(r'href="(/suivis/[0-9a-f-]+\?avant=\d+)"')


class Failed(Exception):
    """A step of the trial did not end as it should."""


def main() -> int:
    """Run the trial once; the status is 0 if everything confirmed before is there and one more action was added."""
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", type=Path)
    parser.add_argument("--address", default="https://127.0.0.1")
    parser.add_argument("--name", required=True)
    parser.add_argument("--authority", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True, help="the journey, then each action")
    parser.add_argument("--login", default=LOGIN)
    chosen = parser.parse_args()
    lines = (line.rstrip("\r\n").split("\t") for line in chosen.accounts.open(encoding="utf-8"))
    passphrases = {parts[0]: parts[1] for parts in lines if len(parts) == 2}
    trusted = ssl.create_default_context(cafile=str(chosen.authority))
    browser = Visitor(chosen.address, chosen.name, trusted)
    try:
        _run(browser, chosen.login, passphrases[chosen.login], chosen.kept)
    except (Failed, Unanswered) as failed:
        print(f"non : {type(failed).__name__} {failed}")
        return 1
    finally:
        browser.close()
    return 0


def _run(browser: Visitor, login: str, passphrase: str, kept: Path) -> None:
    begun = time.monotonic()
    if not browser.log_in(login, passphrase):
        raise Failed("connexion")
    logged_in = time.monotonic()
    _sign(browser)
    before = kept.read_text("utf-8").splitlines() if kept.exists() else []
    journey = before[0] if before else _open(browser, kept)
    page = _journey(browser, journey)
    words = _every_page(browser, page)
    missing = [text for text in before[1:] if words.count(text) != 1]
    if missing:
        raise Failed(f"{len(missing)} actions confirmées ne sont pas là une fois")
    text = f"Essai {uuid4().hex}"
    answer = browser.submit(_form(page, "/inscriptions"), genre="interview", texte=text)
    if answer.status != 303 or "inscription=" not in answer.location:
        raise Failed(f"inscription : {answer.status}")
    with kept.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    if _journey(browser, journey).text.count(text) != 1:
        raise Failed("l'action confirmée n'est pas sur la page")
    print(
        f"oui : {len(before[1:])} retrouvées, une de plus ;"
        f" connexion {logged_in - begun:.1f} s, le reste {time.monotonic() - logged_in:.1f} s"
    )


def _form(page: Answer, ending: str) -> PageForm:
    form = page.form(ending)
    if form is None:
        raise Failed(f"pas de formulaire {ending} ({page.status})")
    return form


def _sign(browser: Visitor) -> None:
    form = browser.get("/charte/signature").form("/charte/signature")
    if form is None:
        return
    answer = browser.submit(form, lu="oui", institution="oui")
    if answer.status != 303:
        raise Failed(f"signature : {answer.status}")


def _open(browser: Visitor, kept: Path) -> str:
    form = _form(browser.get("/suivis/nouveau"), "/suivis/nouveau")
    answer = browser.submit(
        form, connue_comme="Mme Essai", information="donnee", information_maniere="spoken"
    )
    if answer.status != 303:
        raise Failed(f"ouverture : {answer.status}")
    journey = answer.location.partition("?")[0].removeprefix("/suivis/")
    kept.write_text(f"{journey}\n", "utf-8")
    return journey


def _every_page(browser: Visitor, page: Answer) -> str:
    """The words of a journey's page, and of those with its older entries."""
    words = page.text
    while older := _OLDER.search(page.text):
        page = browser.get(older[1])
        words += page.text
    return words


def _journey(browser: Visitor, journey: str) -> Answer:
    page = browser.get(f"/suivis/{journey}")
    if page.form("/inscriptions") is None:
        why = _form(page, "/consultations")
        page = browser.follow(browser.submit(why, motif="ongoing_work"))
    return page


if __name__ == "__main__":
    sys.exit(main())
