"""What storing an act can answer, when it is not done."""


class VersionMoved(Exception):
    """Somebody wrote to the same journey since this was decided: decide it again."""


class DirectoryMoved(Exception):
    """The directory changed since this was decided: decide it again."""


class Forged(Exception):
    """An entry stands under a key that nobody made who takes part or ever did."""


class StoreUnavailable(Exception):
    """The database cannot be reached or cannot store: nothing was confirmed, nothing may be shown."""
