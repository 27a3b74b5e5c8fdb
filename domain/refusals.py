"""Refusals: what the rules say no to, in words that can be shown."""


class Refusal(Exception):
    """A rule said no.

    ``message`` is a French message id for the screen: what happened and what to do. ``article`` is the article of
    the charter that the rule comes from, where there is one.
    """

    def __init__(self, message: str, article: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.article = article


class JourneyClosed(Refusal):
    """The journey takes no entry while it is closed."""

    def __init__(self) -> None:
        super().__init__("Ce suivi est clos. Rouvrez-le avant d'y inscrire quelque chose.")


class InvalidValue(Refusal):
    """A value that a rule of the domain cannot accept; ``field`` names the form's field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
