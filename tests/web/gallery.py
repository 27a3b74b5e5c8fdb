"""Every page in every state, with invented data: ``python -m tests.web.gallery [--serve PORT]``."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

from tests.web import invented as some
from tests.web.gallery_coordination import coordination_pages
from tests.web.gallery_journey import journey_pages
from web.drawing.error_pages import ErrorPage, RefusalPage
from web.drawing.page import CarriedForm, Page, Paging, Section
from web.drawing.rendering import Renderer
from web.drawing.served_files import PREFIX, ServedFiles
from web.entrance.views import Chapter, CharterPage, LoggedOutPage, LoginPage, SignaturePage
from web.journey.reading.views import MeanwhileChange, StalePage
from web.site.settings import DemonstrationAccount
from web.work.views import Invitation, JourneyCard, JourneysPage, NewsItem, WorkItem, WorkPage

BUILT = Path(__file__).resolve().parents[2] / "web" / "static" / "built"

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; report-uri /csp; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


def pages() -> dict[str, Page]:
    """Give every page of the gallery by name; the part before the dash is the template's."""
    return {**_entrance(), **_work(), **journey_pages(), **coordination_pages()}


def _entrance() -> dict[str, Page]:
    outside = some.chrome(user=None, path="/connexion")
    carried = CarriedForm(
        "/suivis/x/inscriptions", {"texte": (some.HOSTILE,), "volet": ("danger",)}
    )
    accounts = (DemonstrationAccount("ines.montbrun", "Inès Montbrun", "CIDFF"),)
    chapters = (
        Chapter(
            "La personne",
            (
                some.ARTICLE,
                some.ARTICLE.__class__(
                    "8.2", "L’accord", "Il est recueilli pour chaque partenaire."
                ),
            ),
        ),
        Chapter("La confiance", (some.ARTICLE.__class__("10.1", some.HOSTILE, some.LONG_WORD),)),
    )
    typed = (("Faits, dates, paroles citées", f"{some.HOSTILE}\n{some.LONG_WORD}"),)
    since = date(2026, 9, 1)
    errors = {
        f"error-{status}": ErrorPage(
            some.chrome(),
            status,
            "K7Q2-93",
            2 if status == 429 else None,
            typed if status == 500 else (),
        )
        for status in (400, 404, 405, 413, 429, 500, 503)
    }
    return {
        "login-empty": LoginPage(outside),
        "login-failed": LoginPage(
            outside, some.typed({"identifiant": "ines.montbrun"}), failed=True, accounts=accounts
        ),
        "login-carried": LoginPage(outside, destination="/suivis", carried=carried),
        "logged_out-chosen": LoggedOutPage(outside),
        "logged_out-expired": LoggedOutPage(outside, expired=True),
        "charter-signed": CharterPage(
            some.chrome(Section.CHARTER), "2026-1", since, chapters, True, True
        ),
        "charter-unsigned": CharterPage(
            some.chrome(Section.CHARTER), "2026-1", since, chapters, False, False
        ),
        "signature-missing": SignaturePage(
            some.chrome(),
            "2026-1",
            since,
            "9f2c" * 16,
            chapters,
            True,
            True,
            True,
            some.typed({}, lu="Cochez pour signer."),
        ),
        "signature-institution": SignaturePage(
            some.chrome(), "2026-1", since, "9f2c" * 16, chapters, False, True, False
        ),
        "refusal-health": RefusalPage(
            some.chrome(),
            "La police ne lit pas le volet Santé.",
            (some.ARTICLE,),
            "Centre hospitalier, ou la coordination du réseau",
            "/suivis",
            typed,
        ),
        "stale-typed": StalePage(
            some.chrome(Section.JOURNEYS),
            some.IDENTIFIER,
            "7F3K-2Q",
            (
                MeanwhileChange(
                    some.at(0, 11, 5), "Paul Verdanne", "SIAO / 115", "a inscrit une action"
                ),
            ),
            "/suivis/x/inscriptions",
            {"texte": (some.HOSTILE,)},
            typed,
        ),
        **errors,
    }


def _work() -> dict[str, Page]:
    work = some.chrome(Section.WORK)
    overdue = WorkItem(
        some.IDENTIFIER,
        "7F3K-2Q",
        "Mme Ambre V.",
        "Rappeler par SMS, entre 9 h et 11 h",
        some.day(-1),
        7,
        41,
    )
    today = WorkItem(some.IDENTIFIER, "K2WD-8H", None, "Organiser le transport", some.TODAY, 8, 41)
    hostile = WorkItem(
        some.IDENTIFIER, "9QX2-M4", some.HOSTILE, some.LONG_WORD, some.day(40), 9, 41
    )
    invitation = Invitation(some.IDENTIFIER, "K2WD-8H", "Centre hospitalier", some.at(-1, 16), 5)
    news = NewsItem(
        some.IDENTIFIER, "9QX2-M4", "Police nationale a inscrit une action", some.at(0, 8, 50)
    )
    cards = (
        JourneyCard(
            some.IDENTIFIER,
            "7F3K-2Q",
            "Mme Ambre V.",
            "Rappeler par SMS",
            some.day(-1),
            overdue=True,
        ),
        JourneyCard(some.IDENTIFIER, "K2WD-8H", None, "Réponse à l’invitation"),
        JourneyCard(some.IDENTIFIER, "9QX2-M4", some.HOSTILE, some.LONG_WORD, some.day(3)),
        JourneyCard(some.IDENTIFIER, "M4TT-7C", "M. Sorbier", None),
        JourneyCard(some.IDENTIFIER, "P8LE-3A", "Mme Olive T.", None, closed=True),
    )
    journeys = some.chrome(Section.JOURNEYS)
    return {
        "work-full": WorkPage(
            work,
            (overdue,),
            (today,),
            (hostile,),
            (invitation,),
            (news,),
            some.REASONS,
            True,
            "Marc Tavel",
            2,
        ),
        "work-empty": WorkPage(work, (), (), (), (), (), some.REASONS, False),
        "journeys-full": JourneysPage(journeys, cards, 27, False, True, Paging(2, 4)),
        "journeys-none-found": JourneysPage(
            journeys,
            (),
            27,
            True,
            False,
            Paging(1, 1),
            some.typed({"recherche": some.HOSTILE, "etat": "clos"}),
        ),
        "journeys-empty": JourneysPage(journeys, (), 0, False, False, Paging(1, 1)),
        "journeys-first": JourneysPage(journeys, (), 0, False, True, Paging(1, 1)),
    }


class _Handler(BaseHTTPRequestHandler):
    """Serves rendered pages and built files with the house's own headers; counts violations."""

    bodies: Mapping[str, tuple[str, bytes]]
    violations: list[str]

    def do_GET(self) -> None:
        """Answer with a page or a built file."""
        kind, body = self.bodies.get(self.path, ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Keep what the browser reports as a violation."""
        self.violations.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


KINDS = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2", "svg": "image/svg+xml"}


def bodies(language: str = "fr") -> dict[str, tuple[str, bytes]]:
    """Render every page, and give it and every built file by path."""
    files = ServedFiles.load(BUILT)
    renderer = Renderer(files, some.ZONE)
    found = {
        PREFIX + name: (KINDS[name.rpartition(".")[2]], content)
        for name, content in files.contents.items()
    }
    for name, page in pages().items():
        read = replace(cast("Any", page), chrome=replace(page.chrome, language=language))
        found[f"/{name}"] = ("text/html; charset=utf-8", renderer.render(read).encode())
    return found


@contextmanager
def served(language: str = "fr", port: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Serve the gallery; give its address and the list where policy violations are kept."""
    violations: list[str] = []
    handler = type("Handler", (_Handler,), {"bodies": bodies(language), "violations": violations})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", violations
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Serve the gallery until Enter is pressed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=8099, metavar="PORT")
    parser.add_argument("--language", default="fr")
    given = parser.parse_args()
    with served(given.language, given.serve) as (address, _violations):
        sys.stdout.writelines(f"{address}/{name}\n" for name in pages())
        sys.stdin.readline()


if __name__ == "__main__":
    main()
