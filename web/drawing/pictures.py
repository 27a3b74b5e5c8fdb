"""Pictures drawn on the server: plain SVG whose colours come from the style sheet by class."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class HeatCounts:
    """Accesses by weekday (7 rows from Monday) and hour (24 columns).

    ``marked`` are the (weekday, hour) worth a look.
    """

    counts: tuple[tuple[int, ...], ...]
    marked: frozenset[tuple[int, int]] = frozenset()


CELL, GAP, LEFT, TOP = 24, 4, 44, 2
LEVELS = 5
"""Shades above none."""


def heat_table(
    heat: HeatCounts,
    weekdays: tuple[str, ...],
    title: str,
    description: str,
    hour: Callable[[int], str],
) -> Markup:
    """Draw accesses by weekday (7 rows) and hour, in two halves of 12 columns: side by side if there is room, else
    one below the other; ``hour`` writes an hour's name.

    Both are one image to a screen reader, with a title and a description; the counts stand beside it as a table. A
    marked cell has an outline too, since colour never speaks alone.
    """
    most = max((count for row in heat.counts for count in row), default=0)
    halves = (_half(heat, most, weekdays, hour, first) for first in (0, 12))
    return Markup('<div class="halves" role="img" aria-label="{t}. {d}">{h}</div>').format(
        t=title, d=description, h=Markup().join(halves)
    )


def _half(
    heat: HeatCounts,
    most: int,
    weekdays: tuple[str, ...],
    hour: Callable[[int], str],
    first: int,
) -> Markup:
    step = CELL + GAP
    width, height = LEFT + 12 * step, TOP + 7 * step + 22
    drawn = [
        Markup('<svg class="heat" aria-hidden="true" viewBox="0 0 {w} {h}">').format(
            w=width, h=height
        )
    ]
    for row, counts in enumerate(heat.counts):
        y = TOP + row * step
        drawn.append(_text("heat-day", 0, y + 17, weekdays[row]))
        for column, count in enumerate(counts[first : first + 12]):
            marked = (row, first + column) in heat.marked
            shade = "heat-marked" if marked else f"heat-{level(count, most)}"
            drawn.append(
                Markup(
                    '<rect class="{c}" x="{x}" y="{y}" width="{s}" height="{s}" rx="3"/>'
                ).format(c=shade, x=LEFT + column * step, y=y, s=CELL)
            )
    drawn += [
        _text("heat-hour", LEFT + column * step, TOP + 7 * step + 16, hour(first + column))
        for column in range(0, 12, 3)
    ]
    drawn.append(Markup("</svg>"))
    return Markup().join(drawn)


def level(count: int, most: int) -> int:
    """Return the shade of a count, 0 for none to ``LEVELS`` for the most."""
    return -(-count * LEVELS // most) if count > 0 else 0


def _text(css_class: str, x: int, y: int, words: str) -> Markup:
    return Markup('<text class="{c}" x="{x}" y="{y}">{w}</text>').format(
        c=css_class, x=x, y=y, w=words
    )
