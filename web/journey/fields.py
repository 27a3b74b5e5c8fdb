"""The forms: their fields by the names that pages give them, and how long each may be."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from domain.journey.entries import TEXT_LIMIT
from web.drawing.words import _
from web.site.forms import Code, Day, Fields, Line, Number, Prose, Yes

_LIST = _("Choisissez une réponse de la liste.")


class PurposeFields(Fields):
    """Why consult (article 3.1); what begins with ``garde.`` beside these is a kept form."""

    asks: ClassVar[Mapping[str, str]] = {"motif": _("Choisissez un motif.")}
    motif: Code
    reprise: Line | None = None


class ActionFields(Fields):
    """Add an action. ``destinataires`` stands for the audiences that the page spelled out."""

    asks: ClassVar[Mapping[str, str]] = {"genre": _("Choisissez ce qui a été fait.")}
    genre: Code
    volet: Code | None = None
    niveau: Code | None = None
    texte: Prose = Field(default="", max_length=TEXT_LIMIT)
    etat: Literal["faite", "prevue"] = "faite"
    date: Day | None = None
    echeance: Day | None = None
    fondement: Code | None = None
    acheve: Number | None = None
    destinataires: Line = Field(default="", max_length=600)
    version: Number


class CorrectFields(Fields):
    """Correct an entry."""

    texte: Prose = Field(default="", max_length=TEXT_LIMIT)
    date: Day
    echeance: Day | None = None
    niveau: Code | None = None
    version: Number


class WithdrawFields(Fields):
    """Withdraw an entry."""

    asks: ClassVar[Mapping[str, str]] = {"raison": _("Choisissez une raison.")}
    raison: Code
    version: Number


class DoneFields(Fields):
    """Say that a planned action was done."""

    version: Number


class PersonFields(Fields):
    """Who the person is, and how to reach her safely."""

    connue_comme: Line | None = None
    nom: Line = ""
    prenom: Line = ""
    naissance: Day | None = None
    contact: Line | None = Field(default=None, max_length=400)
    version: Number


class NewJourneyFields(Fields):
    """Open a journey."""

    asks: ClassVar[Mapping[str, str]] = {
        "connue_comme": _("Indiquez comment la personne est connue, par exemple « Mme A. »."),
        "information": _("Dites si elle a été informée : la page ne le suppose pas."),
    }
    danger: Code | None = None
    contact: Line = Field(default="", max_length=400)
    information: Literal["donnee", "differee"]
    information_date: Day | None = None
    information_maniere: Code | None = None
    information_langue: Code | None = None
    report_raison: Code | None = None
    report_revue: Day | None = None
    connue_comme: Line
    nom: Line = ""
    prenom: Line = ""
    naissance: Day | None = None
    titres: tuple[Code, ...] = ()


class _Sharing(Fields):
    """What an invitation and a consent both say."""

    asks: ClassVar[Mapping[str, str]] = {
        "institution": _("Choisissez une institution dans la liste."),
        "fondement": _("Choisissez un fondement."),
        "motif": _("Choisissez un motif."),
    }
    institution: Code
    information_personne: Prose = Field(default="", max_length=1_000)
    volets: tuple[Code, ...] = ()
    passe: Yes | None = None
    jusqu_au: Day | None = None
    version: Number


class InviteFields(_Sharing):
    """Invite a partner (articles 8.2, 8.3). ``titres`` are named after the institution that each is of."""

    fondement: Code
    motif: Code
    titres: tuple[Code, ...] = ()


class ConsentFields(_Sharing):
    """Give or withdraw a consent (article 8.2)."""

    acte: Literal["donner", "retirer"]
    fondement: Code | None = None
    motif: Code | None = None


class AnswerFields(Fields):
    """Accept an invitation, or decline it."""

    reponse: Literal["accepter", "decliner"]
    raison: Code | None = None
    version: Number


class CapacitiesFields(Fields):
    """Say what a partner does for the person."""

    institution: Code
    titres: tuple[Code, ...] = ()
    version: Number


class RestrictFields(Fields):
    """Name who takes part for an institution."""

    institution: Code
    referents: tuple[Code, ...] = ()
    version: Number


class ReasonFields(Fields):
    """Close or leave a journey, for a reason of a list."""

    asks: ClassVar[Mapping[str, str]] = {"raison": _("Choisissez une raison.")}
    raison: Code
    version: Number


class ReopenFields(Fields):
    """Reopen a journey, for a reason in one's own words."""

    asks: ClassVar[Mapping[str, str]] = {
        "raison": _("Dites en une ligne pourquoi le suivi est rouvert."),
    }
    raison: Prose = Field(max_length=200)
    version: Number
