"""A form that waits, kept in hidden fields, behind another page: the log-in, or the question of the purpose."""

from web.drawing.page import CarriedForm
from web.site.forms import Sent

KEPT = "garde."
"""Before the name of a field of a kept form."""


def split_kept(sent: Sent) -> tuple[Sent, CarriedForm | None]:
    """A form's own fields, and the form that it carries along, if any."""
    own = {name: values for name, values in sent.items() if not name.startswith(KEPT)}
    kept = {
        name.removeprefix(KEPT): values for name, values in sent.items() if name.startswith(KEPT)
    }
    return own, CarriedForm(own["reprise"][0], kept) if "reprise" in own else None
