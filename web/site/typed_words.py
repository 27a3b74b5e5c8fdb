"""The words that somebody typed, to be shown again if their form is lost."""

from collections.abc import Mapping

from web.drawing.words import _
from web.site.forms import Sent

LABELS: Mapping[str, str] = {
    "texte": _("Faits, dates, paroles citées"),
    "connue_comme": _("Connue comme"),
    "nom": _("Nom (facultatif)"),
    "prenom": _("Prénom (facultatif)"),
    "contact": _("Contact sûr"),
    "information_personne": _("Ce qui a été dit à la personne"),
    "raison": _("Pourquoi ?"),
    "requisition_numero": _("Numéro de la réquisition"),
    "requisition_magistrat": _("Magistrat"),
}
"""The fields that people type into, with the labels that their pages give them."""


def typed_words(sent: Sent) -> tuple[tuple[str, str], ...]:
    """The typed words, each after its field's label."""
    return tuple(
        (label, value)
        for name, label in LABELS.items()
        for value in sent.get(name, ())
        if value.strip()
    )
