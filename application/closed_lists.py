"""Codes of closed lists that a form may choose from."""

from collections.abc import Container

from domain.refusals import InvalidValue


def refuse_unlisted_reason(code: str, listed: Container[str]) -> None:
    """Refuse a reason that its closed list does not have. Raises ``InvalidValue``."""
    if code not in listed:
        raise InvalidValue("reason", "Choisissez une raison dans la liste.")
