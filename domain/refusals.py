"""Refusals of the rules, in words that can be shown."""


class Refusal(Exception):
    """A rule said no.

    ``message`` is a French message id for the screen: what happened and what to do. ``article`` is the article of
    the charter that the rule comes from, if there is one.
    """

    def __init__(self, message: str, article: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.article = article


class InvalidValue(Refusal):
    """A value that a rule of the domain cannot accept; ``field`` is the name that the domain gives it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
