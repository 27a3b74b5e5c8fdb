"""What somebody might send to each form, made from the form's own definition."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from web.site.forms import Fields, words_typed

PARTS: Mapping[str, str] = {
    "entry": "4",
    "part": "1",
    "summary": "00000000-0000-4000-8000-000000000000",
}
"""The parts of an address, but for the journey."""

CODES: Mapping[str, str | list[str]] = {
    "acheve": "",
    "acte": "donner",
    "date": "2026-03-02",
    "echeance": "2026-03-20",
    "empreinte": "0" * 64,
    "fondement": "person_consent",
    "genre": "interview",
    "information_date": "2026-03-02",
    "information_langue": "fr",
    "information_maniere": "spoken",
    "institution": "social",
    "jusqu_au": "2027-03-02",
    "motif": "ongoing_work",
    "naissance": "1990-04-12",
    "niveau": "high",
    "danger": "high",
    "report_raison": "danger",
    "report_revue": "2026-03-20",
    "titres": [],
    "volet": "follow_up",
    "volets": "follow_up",
    "version": "1",
}
"""What is not typed but chosen, by field; of what is not here, the first choice is taken."""


def filled(form: type[Fields], words: str = "Des mots.", **chosen: Any) -> dict[str, Any]:
    """A form with something in every field: words where people type, else a choice."""
    typed = words_typed(form)
    values: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        if name in chosen:
            values[name] = chosen[name]
        elif name in CODES:
            values[name] = CODES[name]
        elif name in typed:
            values[name] = words
        else:
            values[name] = _first_choice(field.annotation)
    return values


def _first_choice(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return str(get_args(annotation)[0])
    for part in get_args(annotation):
        found = _first_choice(part)
        if found:
            return found
    return "1" if annotation is int else ""
