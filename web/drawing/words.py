"""Marks sentences that are translated later, when the page is rendered."""


def _(message: str) -> str:
    """Return the French message id as it is: the mark is for the extraction of messages."""
    return message
