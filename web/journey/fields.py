"""The forms of a journey: their fields by the names that pages give them, and how long each may be."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.journey.entries import TEXT_LIMIT
from web.drawing.words import _
from web.site.forms import Code, Day, Fields, Line, Named, Number, OneLine, Prose, Yes

KnownAs = Annotated[Line, Named("known_as")]
Surname = Annotated[Line, Named("surname")]
FirstName = Annotated[Line, Named("first_name")]
BirthDate = Annotated[Day | None, Named("birth_date")]
SafeContact = Annotated[Line, Named("safe_contact")]
Text = Annotated[Prose, Named("text")]
Reason = Annotated[Code, Named("reason")]
Capacities = Annotated[tuple[Code, ...], Named("capacities")]


class PurposeFields(Fields):
    """Give the purpose of a consult (article 3.1); further fields that begin with ``garde.`` are a kept form."""

    asks: ClassVar[Mapping[str, str]] = {"motif": _("Choisissez un motif.")}
    motif: Annotated[Code, Named("purpose")]
    reprise: Line | None = None


class ActionFields(Fields):
    """Add an action. ``destinataires`` stands for the audiences that the page spelled out."""

    asks: ClassVar[Mapping[str, str]] = {"genre": _("Choisissez ce qui a été fait.")}
    genre: Code
    volet: Annotated[Code | None, Named("compartment")] = None
    niveau: Code | None = None
    texte: Text = Field(default="", max_length=TEXT_LIMIT)
    etat: Literal["faite", "prevue"] = "faite"
    date: Annotated[Day | None, Named("occurred_on")] = None
    echeance: Day | None = None
    fondement: Code | None = None
    acheve: Annotated[Number | None, Named("completes")] = None
    destinataires: OneLine = Field(default="", max_length=600)
    version: Number


class CorrectFields(Fields):
    """Correct an entry."""

    texte: Text = Field(default="", max_length=TEXT_LIMIT)
    date: Annotated[Day, Named("occurred_on")]
    echeance: Day | None = None
    niveau: Code | None = None
    version: Number


class WithdrawFields(Fields):
    """Withdraw an entry."""

    asks: ClassVar[Mapping[str, str]] = {"raison": _("Choisissez une raison.")}
    raison: Reason
    version: Number


class DoneFields(Fields):
    """Say that a planned action was done."""

    version: Number


class PersonFields(Fields):
    """Record the person's identity and safe contact."""

    connue_comme: KnownAs | None = None
    nom: Surname = ""
    prenom: FirstName = ""
    naissance: BirthDate = None
    contact: SafeContact | None = None
    version: Number


class NewJourneyFields(Fields):
    """Open a journey."""

    asks: ClassVar[Mapping[str, str]] = {
        "connue_comme": _("Indiquez comment la personne est connue, par exemple « Mme A. »."),
        "information": _("Dites si elle a été informée : la page ne le suppose pas."),
    }
    danger: Code | None = None
    contact: SafeContact = ""
    information: Literal["donnee", "differee"]
    information_date: Annotated[Day | None, Named("given_on")] = None
    information_maniere: Annotated[Code | None, Named("manner")] = None
    information_langue: Annotated[Code | None, Named("language")] = None
    report_raison: Annotated[Code | None, Named("deferred_for")] = None
    report_revue: Annotated[Day | None, Named("review_on")] = None
    connue_comme: KnownAs
    nom: Surname = ""
    prenom: FirstName = ""
    naissance: BirthDate = None
    titres: Capacities = ()


class _Sharing(Fields):
    """The fields that an invitation and a consent share."""

    asks: ClassVar[Mapping[str, str]] = {
        "institution": _("Choisissez une institution dans la liste."),
        "fondement": _("Choisissez un fondement."),
        "motif": _("Choisissez un motif."),
    }
    institution: Code
    information_personne: Annotated[Prose, Named("told")] = Field(default="", max_length=1_000)
    volets: Annotated[tuple[Code, ...], Named("scope")] = ()
    passe: Yes | None = None
    jusqu_au: Annotated[Day | None, Named("until")] = None
    version: Number


class InviteFields(_Sharing):
    """Invite a partner (articles 8.2, 8.3). ``titres`` are named after the institution that each is of."""

    fondement: Code
    motif: Annotated[Code, Named("purpose")]
    titres: Capacities = ()


class ConsentFields(_Sharing):
    """Give or withdraw a consent (article 8.2)."""

    acte: Literal["donner", "retirer"]
    fondement: Code | None = None
    motif: Code | None = None


class CapacitiesFields(Fields):
    """Say what a partner does for the person."""

    institution: Code
    titres: Capacities = ()
    version: Number


class RestrictFields(Fields):
    """Name who takes part for an institution."""

    institution: Code
    referents: Annotated[tuple[Code, ...], Named("shut_out")] = ()
    version: Number


class ReasonFields(Fields):
    """Close or leave a journey, for a reason of a list."""

    asks: ClassVar[Mapping[str, str]] = {"raison": _("Choisissez une raison.")}
    raison: Reason
    version: Number


class ReopenFields(Fields):
    """Reopen a journey, for a reason in one's own words."""

    asks: ClassVar[Mapping[str, str]] = {
        "raison": _("Dites en une ligne pourquoi le suivi est rouvert."),
    }
    raison: Annotated[Prose, Named("reason")] = Field(max_length=200)
    version: Number
