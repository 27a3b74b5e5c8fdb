"""Pages in states that a town does not reach, or not cheaply: errors, outages, hostile words, extremes."""

from datetime import date

from tests.web.gallery import invented as some
from tests.web.gallery.coordination import coordination_pages
from tests.web.gallery.journey import journey_pages
from web.drawing.error_pages import ErrorPage, RefusalPage
from web.drawing.page import CarriedForm, Page, Paging, Section
from web.entrance.views import (
    Chapter,
    LoginPage,
    SignaturePage,
)
from web.journey.reading.views import MeanwhileChange, StalePage
from web.site.settings import DemonstrationAccount
from web.work.views import Invitation, JourneyCard, JourneysPage, NewsItem, WorkItem, WorkPage


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
        for status in (429, 500, 503)
    }
    return {
        "login-carried": LoginPage(
            outside,
            some.typed({"identifiant": "ines.montbrun"}),
            failed=True,
            destination="/suivis",
            carried=carried,
            accounts=accounts,
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
        "journeys-full": JourneysPage(journeys, cards, 27, False, True, Paging(2, 4)),
    }
