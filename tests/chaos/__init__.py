"""The kill campaign: ``make chaos``. Minutes long, so no part of ``make test``."""
