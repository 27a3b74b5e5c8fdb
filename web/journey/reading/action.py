"""The form that adds an action: the compartments that may be written into, and who will read each."""

from application.referent.writing import fingerprint
from domain.compartments import Compartment
from domain.journey.entries import TEXT_LIMIT
from policies.grounds import ground_of
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Choice, Form
from web.drawing.words import _
from web.journey.reading.presenter import JourneyPresenter
from web.journey.reading.views import ActionForm, CompartmentChoice, KindChoice

USUAL_GROUND = Choice("", _("Celui du volet"))


def action_form(presenter: JourneyPresenter, form: Form) -> ActionForm | None:
    """The form, or ``None`` if the reader may add nothing."""
    catalogue = presenter.catalogue
    journey = presenter.readable.entered.journey
    compartments = tuple(_compartment(presenter, compartment) for compartment in labels.WRITABLE)
    writable = [choice.code for choice in compartments if choice.audience]
    if journey.is_closed or not writable:
        return None
    return ActionForm(
        kinds=tuple(
            KindChoice(kind.code, kind.title, kind.compartment.value, kind.levels)
            for kind in catalogue.action_kinds.values()
        ),
        compartments=compartments,
        levels=labels.choices(catalogue.danger_levels),
        grounds=(USUAL_GROUND, *labels.choices(catalogue.grounds)),
        completes=_completes(presenter),
        text_limit=TEXT_LIMIT,
        seen=audiences_seen(presenter, writable),
        form=form,
    )


def audiences_seen(presenter: JourneyPresenter, codes: list[str]) -> str:
    """The hidden field that stands for the audiences which the page spells out."""
    entered = presenter.readable.entered
    return " ".join(f"{code}={fingerprint(entered, Compartment(code))}" for code in codes)


def audience_seen(sent: str, compartment: Compartment) -> str:
    """The fingerprint of one compartment's audience in that field; empty if none was shown."""
    pairs = dict(pair.split("=", 1) for pair in sent.split() if "=" in pair)
    return pairs.get(compartment.value, "")


def _compartment(presenter: JourneyPresenter, compartment: Compartment) -> CompartmentChoice:
    readable = presenter.readable
    decision = readable.may_write(compartment, ground_of(compartment))
    if decision.allowed:
        audience = presenter.audience(readable.entered.audience(compartment))
        return CompartmentChoice(compartment.value, compartment.label, compartment.holds, audience)
    return CompartmentChoice(
        compartment.value,
        compartment.label,
        compartment.holds,
        None,
        why(presenter.visit.services.charter, decision),
        decision.articles[0],
    )


def _completes(presenter: JourneyPresenter) -> tuple[Choice, ...]:
    """The planned actions that an action may complete."""
    visit = presenter.visit
    return tuple(
        Choice(
            str(entry.version),
            f"{visit.gettext(presenter.title(entry.content))} · {entry.content.due:%d/%m}",
        )
        for entry in presenter.readable.awaiting()
    )
