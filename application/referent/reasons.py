"""Reasons of closed lists."""

from domain.refusals import InvalidValue


def _refuse_code(code: str, choices: object, field: str) -> None:
    if not isinstance(choices, dict) or code not in choices:
        raise InvalidValue(field, "Choisissez une raison dans la liste.")
