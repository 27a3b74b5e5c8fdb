"""Typesetting in a separate process, since the typesetter keeps in memory the text that it was given.

The content goes in through standard input and the document comes out through standard output: never an argument, an
environment variable or a file. The process ends with the document.
"""

import json
import subprocess
import sys
from pathlib import Path

from infrastructure.documents.content import SummaryDocument, as_data

_TYPESETTER = Path(__file__).with_name("typesetter.py")


class DocumentFailed(Exception):
    """The document could not be made. The message holds no word of its content."""


def summary_pdf(content: SummaryDocument, timeout: float = 30.0) -> bytes:
    """The summary as PDF/A-2a and PDF/UA-1; the same content gives the same bytes.

    Raises ``DocumentFailed`` when typesetting fails or takes more than ``timeout`` seconds.
    """
    text = json.dumps(as_data(content)).encode()
    try:
        finished = subprocess.run(
            [sys.executable, "-I", "-B", str(_TYPESETTER)],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=timeout,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        raise DocumentFailed("typesetting took too long or could not start") from None
    if finished.returncode != 0 or not finished.stdout.startswith(b"%PDF-"):
        raise DocumentFailed("typesetting failed")
    return finished.stdout
