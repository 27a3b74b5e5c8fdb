"""Tables for spreadsheets: values that stay values, whatever program opens them and however it splits a line."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_BYTE_ORDER_MARK = "\ufeff"
_SPOILT = re.compile("[\x00\ud800-\udfff]")
# The marks that begin a formula: at the start of a cell, and after a separator or the end of a line too, since a
# spreadsheet may split the file elsewhere than we do.
_FORMULA = re.compile("((?:^|[,;|\t\r\n])[\\s\"']*)(?=[=+\\-@＝＋－＠])")
_LEADING = ("\t", "\r", "\n")


def spreadsheet(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV for a French spreadsheet: UTF-8 with its mark, semicolons, every value in quotes."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerows([cell(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + written.getvalue()).encode()


def cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula: an apostrophe is put before a formula's mark."""
    kept = _FORMULA.sub(r"\1'", _SPOILT.sub("\ufffd", value))
    return f"'{kept}" if kept.startswith(_LEADING) else kept
