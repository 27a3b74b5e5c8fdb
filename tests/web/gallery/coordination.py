"""The gallery's pages of the coordination, of summaries and of the magistrate."""

from dataclasses import replace

from tests.web.gallery import invented as some
from web.drawing.page import Choice, Page, Paging, Section
from web.drawing.pictures import HeatCounts
from web.ledger.views import LedgerPage, LedgerRow, LedgerStanding
from web.summary.composing_views import CandidateEntry, ComposePage
from web.summary.received_views import (
    OpenedSummaryPage,
    SummaryPart,
)
from web.summary.views import (
    ApprovalState,
    ApprovePartPage,
    MissingPart,
    OpeningView,
    PartView,
    Requisition,
    SummariesPage,
    SummaryEntry,
    SummaryPage,
    SummaryRow,
    SummaryState,
)

NUMBER = "S-2026-014"
PROSECUTION = "Parquet"
COMPOSER = "Inès Montbrun, CIDFF"


def coordination_pages() -> dict[str, Page]:
    """Give the ledger's pages, then those of summaries."""
    return {**_ledger(), **_summaries(), **_magistrate()}


def _ledger() -> dict[str, Page]:
    rows = (
        LedgerRow(
            some.at(0, 11, 2),
            "Inès Montbrun",
            "CIDFF",
            "a inscrit une action",
            "7F3K-2Q",
            None,
            ("4.2",),
        ),
        LedgerRow(
            some.at(0, 10, 40),
            "Paul Verdanne",
            "SIAO / 115",
            "a consulté",
            "7F3K-2Q",
            "Orientation reçue",
            ("2.1", "3.1"),
            times=3,
        ),
        LedgerRow(
            some.at(-1, 10, 31),
            "Lucie Aramon",
            "Police nationale",
            "a demandé",
            "9QX2-M4",
            None,
            ("5.2",),
            "volet Santé",
            refused=True,
        ),
        LedgerRow(
            some.at(-9, 9, 58), some.HOSTILE, some.LONG_WORD, "a ouvert une session", None, None, ()
        ),
    )
    counts = tuple(
        tuple(
            (hour * 7 + weekday * 5) % 23 if 7 < hour < 19 and weekday < 5 else (hour * weekday) % 3
            for hour in range(24)
        )
        for weekday in range(7)
    )
    page = LedgerPage(
        some.coordination(Section.LEDGER),
        LedgerStanding(some.at(0, 2), 48213, 12),
        some.day(-7),
        some.TODAY,
        1284,
        HeatCounts(counts, frozenset({(5, 3)})),
        rows,
        (Choice("cidff", "CIDFF"), Choice("long", some.LONG_NAME)),
        (Choice("consult", "consultation"), Choice("append", "inscription")),
        Paging(1, 26),
    )
    nothing = HeatCounts(tuple((0,) * 24 for _ in range(7)))
    return {
        "ledger-full": page,
        "ledger-broken": replace(
            page,
            standing=LedgerStanding(
                None, 48213, 0, "L’inscription 48 102 n’est pas celle qui a été scellée."
            ),
        ),
        "ledger-empty": replace(
            page,
            rows=(),
            heat=nothing,
            total=0,
            filtered=True,
            form=some.typed(
                {"personne": some.HOSTILE, "refus": "oui", "du": "x"}, du="Ce jour n’existe pas."
            ),
        ),
    }


REQUISITION = Requisition(
    f"26/1184 {some.HOSTILE}", "Blanche Cormier", some.day(-6), ("Danger", "Procédures")
)
MISSING = (
    MissingPart(
        "volet Santé, 2 inscriptions",
        "scellée pour qui compose ; un partenaire qui la lit peut la joindre",
        "5.2",
    ),
)
PARTS = (
    PartView(1, "CIDFF", "Danger", 3, ApprovalState.APPROVED, "Aline Frêne", some.at(-1, 15)),
    PartView(
        2,
        "Police nationale",
        "Procédures",
        1,
        ApprovalState.REFUSED,
        "Lucie Aramon",
        some.at(0, 9),
        "La personne s'y oppose",
    ),
    PartView(3, some.LONG_NAME, "Danger", 2, ApprovalState.AWAITED, may_judge=True),
)
REASONS = (Choice("not_ours", "Ces inscriptions ne sont pas les nôtres"),)
SCOPES = (Choice("danger", "Danger", "évaluations du danger"), Choice("health", "Santé"))
ENTRY = SummaryEntry(
    some.day(-7),
    "Niveau de danger constaté",
    "CIDFF",
    "Danger",
    "Accord de la personne",
    f"9 oui, 4 non connus.\n{some.HOSTILE}",
    "élevé",
)


def _summaries() -> dict[str, Page]:
    chrome = some.chrome(Section.SUMMARIES)
    rows = tuple(
        SummaryRow(
            some.IDENTIFIER,
            f"S-2026-0{10 + index}",
            "7F3K-2Q",
            PROSECUTION,
            state,
            some.at(-index, 14),
            "CIDFF" if index == 1 else None,
        )
        for index, state in enumerate(SummaryState)
    )
    candidates = (
        CandidateEntry(
            12,
            some.TODAY,
            "Hébergement proposé",
            "SIAO / 115",
            "Accompagnement",
            "Accord de la personne",
            "Deux places, avec les enfants.",
        ),
        CandidateEntry(
            9,
            some.day(-7),
            some.HOSTILE,
            "CIDFF",
            "Danger",
            "Accord de la personne",
            some.LONG_WORD,
            on_requisition=True,
        ),
        CandidateEntry(
            6,
            some.day(-9),
            "Lieu d’hébergement",
            "SIAO / 115",
            "Hébergement",
            "Accord de la personne",
            "",
            "Le lieu n’entre jamais dans une synthèse.",
            "6.2",
        ),
    )
    recipients = (Choice("prosecution", PROSECUTION), Choice("bench", "Siège"))
    compose = ComposePage(chrome, some.BAR, recipients, SCOPES, candidates, MISSING)
    wrong = some.typed(
        {"requisition_numero": some.HOSTILE, "inscriptions": "9"},
        destinataire="Choisissez un destinataire.",
        inscriptions="Choisissez au moins une inscription.",
        requisition_date="Donnez une date.",
    )
    summary = SummaryPage(
        chrome,
        some.IDENTIFIER,
        NUMBER,
        some.IDENTIFIER,
        "7F3K-2Q",
        PROSECUTION,
        REQUISITION,
        SummaryState.OPENED,
        PARTS,
        ApprovalState.APPROVED,
        MISSING,
        openings=(OpeningView(some.HOSTILE, some.at(0, 11)),),
        available_until=some.day(300),
    )
    part = ApprovePartPage(
        chrome,
        some.IDENTIFIER,
        NUMBER,
        1,
        "7F3K-2Q",
        COMPOSER,
        PROSECUTION,
        REQUISITION,
        (ENTRY,),
        REASONS,
    )
    return {
        "summaries-full": SummariesPage(
            chrome,
            rows,
            rows[:1],
        ),
        "compose-errors": replace(compose, form=wrong),
        "summary-full": summary,
        "approve_part-asked": part,
    }


def _magistrate() -> dict[str, Page]:
    chrome = some.magistrate()
    return {
        "opened_summary-read": OpenedSummaryPage(
            chrome,
            some.IDENTIFIER,
            NUMBER,
            "1/1",
            "Blanche Cormier, Parquet",
            some.at(0, 9),
            some.at(0, 11),
            "7F3K-2Q",
            REQUISITION,
            (
                SummaryPart("CIDFF", "Aline Frêne", some.at(-1, 15), (ENTRY, ENTRY)),
                SummaryPart(some.LONG_NAME, "Paul Noyer", some.at(-1, 16), (), waiting=True),
            ),
            MISSING,
        ),
    }
