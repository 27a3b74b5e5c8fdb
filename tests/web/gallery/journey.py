"""The gallery's pages of one journey and of its forms."""

from dataclasses import replace

from tests.web.gallery import invented as some
from web.drawing.page import Choice, Form, Page, Section
from web.journey.change_views import (
    CapacitiesPage,
    ConsentPage,
    ConsentView,
    CorrectPage,
    InvitableInstitution,
    InvitePage,
    OpenJourneyPage,
    PartnerCapacities,
    PersonPage,
    RestrictableInstitution,
    RestrictPage,
)
from web.journey.reading.timeline_views import EntryView, by_day
from web.journey.reading.views import (
    JourneyAct,
    JourneyPage,
)

CHROME = some.chrome(Section.JOURNEYS)


def journey_pages() -> dict[str, Page]:
    """Give the pages of a journey in each state, then those of its forms."""
    return {**_journey(), **_entry_forms(), **_journey_forms()}


def _journey() -> dict[str, Page]:
    wrong = some.typed(
        {"genre": "danger_noted", "volet": "health", "texte": some.HOSTILE, "etat": "prevue"},
        genre="Choisissez ce qui a été fait.",
        volet="Ce volet ne reçoit pas cette action.",
        echeance="Donnez le jour prévu.",
        texte="Raccourcissez le texte.",
    )
    full = JourneyPage(
        replace(CHROME, notice=some.DONE),
        some.BAR,
        some.action(),
        by_day(some.ENTRIES),
        some.AWAITED,
        some.PARTNERS,
        some.READINGS,
        some.ALL_ACTS,
        "Orientation reçue",
        7,
    )
    sealed = tuple(item for item in some.ENTRIES if item.shape == "sealed")
    return {
        "journey-full": full,
        "journey-errors": replace(full, chrome=CHROME, action=some.action(wrong)),
        "journey-sealed": replace(
            full, bar=some.SEALED_BAR, action=None, days=by_day(sealed), acts=()
        ),
        "journey-hostile": replace(
            full,
            bar=some.HOSTILE_BAR,
            action=None,
            days=by_day(some.HOSTILE_ENTRIES),
            acts=(JourneyAct.REOPEN,),
            chrome=replace(
                CHROME, alarm="Le registre ne se vérifie pas : la coordination est prévenue."
            ),
        ),
    }


def _entry_forms() -> dict[str, Page]:
    entry = next(item for item in some.ENTRIES if isinstance(item, EntryView) and item.may_correct)
    planned = replace(entry, due=some.day(3), awaiting=True)
    return {
        "correct-errors": CorrectPage(
            CHROME,
            some.BAR,
            planned,
            some.EVERYONE,
            (),
            4000,
            some.typed({"texte": some.LONG_WORD, "date": "32"}, date="Ce jour n’existe pas."),
        ),
    }


def _journey_forms() -> dict[str, Page]:
    manners = (Choice("spoken", "De vive voix"), Choice("phone", "Par téléphone"))
    languages = (Choice("fr", "français"), Choice("ar", "arabe"))
    deferrals = (Choice("danger", "L’informer maintenant la mettrait en danger"),)
    institutions = (
        InvitableInstitution("ccas", "CCAS", ("Accompagnement", "Danger"), 3),
        InvitableInstitution("long", some.LONG_NAME, ("Accompagnement",), 1, some.CAPACITIES),
    )
    consents = (
        ConsentView(
            "apar",
            "APAR",
            "Accord de la personne",
            True,
            ("Accompagnement", "Danger"),
            "Accompagnement en cours",
            some.day(-40),
            some.day(50),
            True,
        ),
        ConsentView(
            "police",
            "Police nationale",
            "Échange entre partenaires",
            False,
            ("Accompagnement",),
            "Plainte en cours",
            some.day(-12),
            told=some.HOSTILE,
        ),
        ConsentView(
            "ccas",
            "CCAS",
            "Accord de la personne",
            True,
            ("Accompagnement",),
            "Orientation reçue",
            some.day(-12),
            withdrawn_on=some.day(-2),
        ),
    )
    referents = (Choice("a", "Paul Verdanne"), Choice("b", "Aline Frêne"))
    restrictable = (
        RestrictableInstitution("siao", "SIAO / 115", referents, ("a", "b")),
        RestrictableInstitution("police", "Police nationale", referents, ("a",), restricted=True),
    )
    capable = (
        PartnerCapacities(
            "siao",
            "SIAO / 115",
            some.CAPACITIES,
            ("shelter",),
            some.day(-12),
            ("Accompagnement", "Hébergement"),
            3,
        ),
        PartnerCapacities("long", some.LONG_NAME, some.CAPACITIES[:1], ("care",), None, (), 1),
    )
    refused = some.typed(
        {"connue_comme": some.HOSTILE, "information": "differee"},
        connue_comme="Dites sous quel nom vous la connaissez.",
        report_raison="Choisissez une raison.",
        accord="Sans son accord, choisissez un autre fondement.",
    )
    wrong_invitation = some.typed(
        {"fondement": "council_ground", "institution": "long"},
        titres="L'annuaire n'habilite pas cette institution à ce titre.",
        institution="Choisissez une institution.",
        volets="Choisissez au moins un volet.",
        information_personne="Dites ce que la personne sait.",
        motif="Choisissez un motif.",
    )
    chosen = Form(
        {"institution": ("siao",), "referents": ()},
        some.typed({}, referents="Gardez au moins une personne.").errors,
    )
    sharing = (some.GROUNDS, "person_consent", some.COMPARTMENTS, some.PURPOSES)
    opening = (manners, languages, deferrals, some.LEVELS, some.CAPACITIES, some.day(30))
    wrong_capacity = Form(
        {"institution": ("siao",), "titres": ("care",)},
        some.typed({}, titres="L'annuaire n'habilite pas cette institution à ce titre.").errors,
    )
    partners = (Choice("apar", "APAR"), Choice("ccas", "CCAS"))
    return {
        "open_journey-errors": OpenJourneyPage(CHROME, *opening, refused),
        "person-sealed": PersonPage(CHROME, some.SEALED_BAR, False, False),
        "invite-errors": InvitePage(CHROME, some.BAR, institutions, *sharing, wrong_invitation),
        "consent-full": ConsentPage(CHROME, some.BAR, consents, partners, *sharing),
        "capacities-errors": CapacitiesPage(CHROME, some.BAR, capable, True, wrong_capacity),
        "restrict-errors": RestrictPage(CHROME, some.BAR, restrictable, chosen),
    }
