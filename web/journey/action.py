"""The form that adds an action: what may be written where, and who will read it."""

from application.referent.writing import fingerprint
from domain.compartments import Compartment
from domain.journey.entries import TEXT_LIMIT
from policies.grounds import ground_of
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Choice, Form
from web.drawing.words import _
from web.journey.presenter import JourneyPresenter
from web.journey.views import ActionForm, CompartmentChoice, KindChoice

USUAL_GROUND = Choice("", _("Celui du volet"))


def action_form(presenter: JourneyPresenter, form: Form) -> ActionForm | None:
    """The form, or ``None`` where the reader may add nothing."""
    sight, catalogue = presenter.sight, presenter.visit.services.catalogue
    journey = sight.entered.journey
    compartments = tuple(_compartment(presenter, one) for one in labels.WRITABLE)
    if journey.is_closed or not any(one.audience for one in compartments):
        return None
    return ActionForm(
        kinds=tuple(
            KindChoice(kind.code, kind.title, kind.compartment.value, kind.levels)
            for kind in catalogue.action_kinds.values()
        ),
        compartments=compartments,
        levels=labels.choices(catalogue.danger_levels),
        grounds=(USUAL_GROUND, *labels.choices(catalogue.grounds)),
        completes=tuple(_completes(presenter)),
        text_limit=TEXT_LIMIT,
        seen=audiences_seen(presenter, [one.code for one in compartments if one.audience]),
        form=form,
    )


def audiences_seen(presenter: JourneyPresenter, compartments: list[str]) -> str:
    """What stands, in a hidden field, for the audiences that the page spells out."""
    entered = presenter.sight.entered
    return " ".join(f"{one}={fingerprint(entered, Compartment(one))}" for one in compartments)


def audience_seen(sent: str, compartment: Compartment) -> str:
    """The fingerprint of one compartment's audience in that field; empty where none was shown."""
    pairs = dict(one.split("=", 1) for one in sent.split() if "=" in one)
    return pairs.get(compartment.value, "")


def _compartment(presenter: JourneyPresenter, compartment: Compartment) -> CompartmentChoice:
    sight = presenter.sight
    decision = sight.may_write(compartment, ground_of(compartment))
    if decision.allowed:
        audience = presenter.audience(sight.entered.audience(compartment))
        return CompartmentChoice(compartment.value, compartment.label, compartment.holds, audience)
    return CompartmentChoice(
        compartment.value,
        compartment.label,
        compartment.holds,
        None,
        why(presenter.visit.services.charter, decision),
        decision.articles[0],
    )


def _completes(presenter: JourneyPresenter) -> list[Choice]:
    visit = presenter.visit
    return [
        Choice(
            str(one.version),
            f"{visit.gettext(presenter.title(one.content))} · {one.content.due:%d/%m}",
        )
        for one in presenter.sight.awaiting()
    ]
