"""Reasons why an act was not stored."""


class VersionMoved(Exception):
    """Somebody wrote to the same journey after this act was decided: decide it again."""


class DirectoryMoved(Exception):
    """The directory changed after this act was decided: decide it again."""


class Forged(Exception):
    """An entry is sealed under a key made by someone who was never a partner."""


class StoreUnavailable(Exception):
    """The database cannot be reached or cannot store: nothing was confirmed, nothing may be shown."""
