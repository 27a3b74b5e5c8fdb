"""Pictures drawn on the server: plain SVG whose colours come from the style sheet by class."""

from collections.abc import Callable

from markupsafe import Markup

from web.views.ledger import HeatCounts

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
    """Draw accesses by weekday (7 rows) and hour (24 columns); ``hour`` writes an hour's name.

    The picture is one image to a screen reader, with a title and a description; the counts stand
    beside it as a table. A marked cell has an outline too, since colour never speaks alone.
    """
    most = max((count for row in heat.counts for count in row), default=0)
    step = CELL + GAP
    width, height = LEFT + 24 * step, TOP + 7 * step + 22
    drawn = [
        Markup(
            '<svg class="heat" role="img" aria-labelledby="heat-title heat-desc" '
            'viewBox="0 0 {w} {h}"><title id="heat-title">{t}</title>'
            '<desc id="heat-desc">{d}</desc>'
        ).format(w=width, h=height, t=title, d=description)
    ]
    for row, counts in enumerate(heat.counts):
        y = TOP + row * step
        drawn.append(_text("heat-day", 0, y + 17, weekdays[row]))
        for column, count in enumerate(counts):
            shade = "heat-marked" if (row, column) in heat.marked else f"heat-{level(count, most)}"
            drawn.append(
                Markup(
                    '<rect class="{c}" x="{x}" y="{y}" width="{s}" height="{s}" rx="3"/>'
                ).format(c=shade, x=LEFT + column * step, y=y, s=CELL)
            )
    drawn += [
        _text("heat-hour", LEFT + column * step, TOP + 7 * step + 14, hour(column))
        for column in range(0, 24, 3)
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
