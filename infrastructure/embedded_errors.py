"""What can go wrong when the embedded PostgreSQL starts, in one French line for the terminal."""

import errno


class EmbeddedUnavailable(Exception):
    """The embedded PostgreSQL cannot be had. ``str()`` is one French line that says what to do."""


_KNOWN_CAUSES = (
    ("No space left on device", "il n'y a plus de place sur le disque ; libérez-en et recommencez"),
    ("Disk quota exceeded", "le quota de disque est atteint ; libérez de la place et recommencez"),
    ("Read-only file system", "le système de fichiers est en lecture seule"),
    ("Permission denied", "un droit d'accès manque"),
    ("could not create shared memory", "la mémoire partagée manque"),
    ("Cannot allocate memory", "la mémoire manque"),
)


def explained(doing: str, said: str) -> EmbeddedUnavailable:
    """The error for a failed step; ``doing`` is the step in French, ``said`` what the program printed."""
    for words, cause in _KNOWN_CAUSES:
        if words in said:
            return EmbeddedUnavailable(f"{doing} : {cause}.")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line] or lines[-1:]
    return EmbeddedUnavailable(f"{doing} : {telling[-1] if telling else 'sans explication'}")


def explained_system(doing: str, error: OSError) -> EmbeddedUnavailable:
    """The error for a step that the operating system refused."""
    causes = {
        errno.ENOSPC: "il n'y a plus de place sur le disque ; libérez-en et recommencez",
        errno.EDQUOT: "le quota de disque est atteint ; libérez de la place et recommencez",
        errno.EROFS: "le système de fichiers est en lecture seule",
    }
    place = f" ({error.filename})" if error.filename else ""
    cause = causes.get(error.errno or 0, error.strerror or "refusé par le système")
    return EmbeddedUnavailable(f"{doing} : {cause}{place}.")
