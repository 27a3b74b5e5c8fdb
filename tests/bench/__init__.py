"""Measures, run by hand: ``make bench``. Ratios within one run count; the machine's own speed does not."""
