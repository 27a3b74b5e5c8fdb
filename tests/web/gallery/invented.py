"""Invented people and journeys for the gallery: colours and trees, so that it shows."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from web.drawing.page import (
    ArticleReference,
    Choice,
    Chrome,
    FieldError,
    Form,
    Notice,
    Section,
    Tone,
    User,
)
from web.journey.change_views import CapacityChoice
from web.journey.reading.timeline_views import (
    Audience,
    EntryView,
    FrameNoteView,
    Reading,
    SealedView,
    Struck,
    TimelineItem,
)
from web.journey.reading.views import (
    ActionForm,
    AwaitedItem,
    CompartmentChoice,
    ConsentState,
    JourneyAct,
    JourneyBar,
    KindChoice,
    PartnerStatus,
    PartnerView,
)

ZONE = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 11, 20, tzinfo=ZONE)
TODAY = NOW.date()
HOSTILE = "<svg onload=alert(1)> \"'><img src=x onerror=alert(1)> {{7*7}} \u202eerutxet\u202c"
LONG_WORD = "Anticonstitutionnellement" * 6
LONG_NAME = (
    "Service départemental d’accompagnement des familles et des personnes isolées du Grand Est"
)
IDENTIFIER = "b3f0a6de-7f0a-4d2b-9f0a-2b9d4b1c0a11"

REFERENT_SECTIONS = (Section.WORK, Section.JOURNEYS, Section.SUMMARIES, Section.CHARTER)


def chrome(section: Section | None = None, **changes: object) -> Chrome:
    """Give the surroundings of a page of a logged-in referent, with some fields changed."""
    values: dict[str, object] = {
        "language": "fr",
        "network": "Réseau ViF chalonnais",
        "gateway_number": "0800 800 071",
        "now": NOW,
        "path": "/reste-a-faire",
        "demonstration": True,
        "user": User("Inès Montbrun", "CIDFF", REFERENT_SECTIONS, 13, 10),
        "section": section,
    }
    return Chrome(**{**values, **changes})  # type: ignore[arg-type]


def coordination(section: Section) -> Chrome:
    """Give the surroundings of the coordination, which reads no journey."""
    sections = (Section.LEDGER, Section.SUMMARIES, Section.CHARTER)
    user = User(
        "Rose Tilleul", "Coordination du réseau ViF", sections, 14, 10, "ne lit aucun suivi"
    )
    return chrome(section, user=user, path="/registre")


def magistrate() -> Chrome:
    """Give the surroundings of a magistrate."""
    user = User("Blanche Cormier", "Parquet", (Section.SUMMARIES, Section.CHARTER), 14, 10)
    return chrome(Section.SUMMARIES, user=user, path="/syntheses")


def at(days: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment some days from today."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=ZONE) + timedelta(days=days)


def day(days: int) -> date:
    """Give a day some days from today."""
    return TODAY + timedelta(days=days)


def typed(values: dict[str, str], **errors: str) -> Form:
    """Give a form as it comes back with errors."""
    return Form(
        {name: (value,) for name, value in values.items()},
        tuple(FieldError(name, message) for name, message in errors.items()),
    )


ALL_SIX = (
    "CIDFF",
    "Police nationale",
    "SIAO / 115",
    "Maison des Solidarités",
    "APAR",
    "Centre hospitalier",
)
EVERYONE = Audience(11, 6, ALL_SIX, ("4.2",))
FEW = Audience(9, 5, ALL_SIX[:5], ("4.1", "11.2"))
CARE = Audience(2, 1, ("Centre hospitalier",), ("5.2", "5.0"), deposit=True)

BAR = JourneyBar(
    IDENTIFIER,
    "7F3K-2Q",
    41,
    "CIDFF",
    date(2026, 9, 3),
    ConsentState.IN_FORCE,
    known_as="Mme Ambre V.",
    safe_contact="SMS, jours ouvrés 9 h–11 h",
    danger_label="élevé",
    danger_tone=Tone.DANGER,
)
SEALED_BAR = replace(
    BAR,
    consent=ConsentState.WITHDRAWN,
    known_as=None,
    safe_contact=None,
    danger_label=None,
    danger_tone=Tone.QUIET,
    sealed=("known_as", "safe_contact", "danger"),
)
HOSTILE_BAR = replace(
    BAR,
    lead=HOSTILE,
    consent=ConsentState.OTHER_GROUND,
    known_as=HOSTILE,
    safe_contact=LONG_WORD,
    danger_label=HOSTILE,
    danger_tone=Tone.SOON,
    closed=True,
)

READINGS = (
    Reading("Paul Verdanne", "SIAO / 115", at(0, 10, 40), "Orientation reçue", 3),
    Reading("Lucie Aramon", "Police nationale", at(-1, 17, 12), "Plainte en cours"),
    Reading("Lucie Aramon", "Police nationale", at(-3, 8, 20), refused="a corrigé une inscription"),
    Reading("Jade Sorbier", "Centre hospitalier", at(-6, 9, 5)),
)

ENTRIES: tuple[TimelineItem, ...] = (
    EntryView(
        12,
        at(0, 10, 42),
        TODAY,
        "Hébergement proposé",
        "SIAO / 115",
        "Paul Verdanne",
        "Accompagnement",
        "Deux places, avec les enfants. Le lieu est au volet Hébergement.\n"
        "Transport à organiser avant 18 h.",
        TODAY,
        EVERYONE,
        READINGS,
        due=TODAY,
        awaiting=True,
        ground_label="Accord de la personne",
    ),
    SealedView(11, TODAY, "Santé", "Lisible par les soignants qui prennent part aux soins.", "5.2"),
    FrameNoteView(10, at(0, 8, 30), TODAY, "Inès Montbrun", "CIDFF", "a invité Centre hospitalier"),
    EntryView(
        9,
        at(-7, 15, 5),
        day(-7),
        "Niveau de danger constaté",
        "CIDFF",
        "Inès Montbrun",
        "Danger",
        "9 oui, 4 non connus ; elle s’estime à 8 sur 10. Réévaluer à la prochaine audience.",
        day(-7),
        FEW,
        READINGS[:2],
        level_label="élevé",
        tone=Tone.DANGER,
        may_correct=True,
        may_withdraw=True,
        history=(Struck("Niveau de danger constaté", "8 oui, 5 non connus.", day(-7)),),
    ),
    EntryView(
        8,
        at(-7, 9, 0),
        day(-7),
        "Entretien",
        "APAR",
        "Basile Aubépin",
        "Accompagnement",
        "Inscrite par erreur.",
        day(-8),
        EVERYONE,
        (),
        withdrawn_label="Inscrite dans le mauvais suivi",
    ),
    SealedView(7, None, None, "Vous n’avez pas la clé de cette inscription.", None),
)

HOSTILE_ENTRIES: tuple[TimelineItem, ...] = (
    EntryView(
        5,
        at(0, 9),
        TODAY,
        HOSTILE,
        LONG_NAME,
        HOSTILE,
        LONG_WORD,
        f"{HOSTILE}\n{LONG_WORD}",
        TODAY,
        Audience(1, 1, (LONG_NAME,), ("4.2",)),
        (Reading(HOSTILE, LONG_WORD, at(0, 9), HOSTILE, 2, HOSTILE),),
        history=(Struck(HOSTILE, LONG_WORD, TODAY),),
        may_correct=True,
        may_withdraw=True,
    ),
    FrameNoteView(4, at(0, 8), TODAY, HOSTILE, LONG_WORD, HOSTILE),
)

LEVELS = (Choice("low", "faible"), Choice("moderate", "modéré"), Choice("high", "élevé"))
PURPOSES = (Choice("ongoing_work", "Accompagnement en cours"),)
REASONS = (Choice("wrong_facts", "Faits inexacts"),)
GROUNDS = (
    Choice("person_consent", "Accord de la personne"),
    Choice("council_ground", "Échange entre partenaires du conseil local (CSI, L. 132-5)"),
)
COMPARTMENTS = (
    Choice("follow_up", "Accompagnement", "actions faites et prévues, besoins, décisions"),
    Choice("danger", "Danger", "évaluations du danger, menaces, armes"),
    Choice("health", "Santé", "faits médicaux, certificats"),
)


def action(form: Form | None = None) -> ActionForm:
    """Give the form that adds an action, each compartment with its audience."""
    return ActionForm(
        kinds=(
            KindChoice("interview", "Entretien", "follow_up"),
            KindChoice("danger_noted", "Niveau de danger constaté", "danger", levels=True),
            KindChoice("injuries_reported", "Blessures rapportées", "health"),
            KindChoice("social_report", "Évaluation sociale", "social"),
        ),
        compartments=(
            CompartmentChoice("follow_up", "Accompagnement", "actions", EVERYONE),
            CompartmentChoice("danger", "Danger", "évaluations du danger", FEW),
            CompartmentChoice("health", "Santé", "faits médicaux", CARE),
            CompartmentChoice(
                "shelter", "Hébergement", "lieu", Audience(0, 0, (), ("5.0",), True, True)
            ),
            CompartmentChoice(
                "social", "Social", "secret", None, "Votre institution n’y écrit pas.", "5.1"
            ),
        ),
        levels=LEVELS,
        grounds=GROUNDS,
        completes=(Choice("12", "Hébergement proposé · avant ce soir"),),
        text_limit=4000,
        form=form or Form(),
    )


CAPACITIES = (
    CapacityChoice("care", "prend part à ses soins", ("Santé",)),
    CapacityChoice("social-action", "travaille avec elle ou sa famille", ("Social",)),
    CapacityChoice("shelter", "l'héberge", ()),
)
AWAITED = (
    AwaitedItem(12, "Organiser le transport", TODAY, "CIDFF", mine=True, tone=Tone.DANGER),
    AwaitedItem(9, "Réponse à l’orientation", day(1), "CCAS", mine=False, tone=Tone.SOON),
    AwaitedItem(9, "Rendez-vous", day(30), LONG_NAME, mine=False),
)
PARTNERS = (
    PartnerView("CIDFF", (PartnerStatus.LEAD,)),
    PartnerView("Police nationale", (PartnerStatus.JOINED,)),
    PartnerView("SIAO / 115", (PartnerStatus.JOINED, PartnerStatus.RESTRICTED)),
    PartnerView("Maison des Solidarités", (PartnerStatus.INVITED,)),
    PartnerView("APAR", (PartnerStatus.CONSENT_WITHDRAWN,)),
    PartnerView(
        "Centre hospitalier",
        (PartnerStatus.JOINED, PartnerStatus.KEY_PENDING),
        ("prend part à ses soins",),
    ),
    PartnerView("Planning familial", (PartnerStatus.JOINED, PartnerStatus.CAPACITIES_UNSAID)),
)
ALL_ACTS = tuple(act for act in JourneyAct if act is not JourneyAct.REOPEN)

ARTICLE = ArticleReference(
    "5.2",
    "Le secret médical",
    "Les faits médicaux ne s’échangent qu’entre professionnels qui prennent part aux soins. "
    "La police, la justice, le bailleur, la commune et l’école n’en sont jamais destinataires.",
)
DONE = Notice("L’action est inscrite : 11 personnes de 6 institutions peuvent la lire.")
