"""Serve the invented pages: ``python -m tests.web.gallery [--serve PORT] [--language fr]``."""

import argparse
import sys

from tests.web.gallery.serving import invented, served


def main() -> None:
    """Serve the gallery until Enter is pressed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=8099, metavar="PORT")
    parser.add_argument("--language", default="fr")
    given = parser.parse_args()
    shown = invented(given.language)
    with served(shown, given.serve) as (address, _violations):
        sys.stdout.writelines(f"{address}/{name}\n" for name in shown)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
