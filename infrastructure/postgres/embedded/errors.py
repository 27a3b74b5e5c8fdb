"""What can go wrong when the embedded PostgreSQL starts, in one French line for the terminal."""

import errno
from socket import EAI_NONAME


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
    place = f" ({error.filename})" if error.filename else ""
    return EmbeddedUnavailable(f"{doing} : {cause_of(error)}{place}.")


def cause_of(error: OSError) -> str:
    """Why the operating system refused, in French."""
    causes = {
        errno.ENOSPC: "il n'y a plus de place sur le disque ; libérez-en et recommencez",
        errno.EDQUOT: "le quota de disque est atteint ; libérez de la place et recommencez",
        errno.EROFS: "le système de fichiers est en lecture seule",
        errno.EACCES: "un droit d'accès manque",
        errno.EPERM: "un droit d'accès manque",
        errno.ENOENT: "rien n'est là sous ce nom",
        errno.EEXIST: "quelque chose est déjà là sous ce nom",
        errno.EADDRINUSE: "le port est déjà pris",
        errno.EADDRNOTAVAIL: "cette adresse n'est pas de cette machine",
        EAI_NONAME: "ce nom n'est celui d'aucune machine",
        errno.ENOTDIR: "ce n'est pas un dossier",
        errno.EISDIR: "c'est un dossier",
    }
    return causes.get(error.errno or 0, error.strerror or "refusé par le système")
