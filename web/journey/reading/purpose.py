"""The question of the purpose, asked before a journey is consulted (article 3.1)."""

from starlette.responses import Response

from application.door.refusing import PurposeNeeded
from application.referent.reading import read_journey, state_purpose
from domain.journey.code import code_of
from domain.refusals import InvalidValue
from web.drawing import labels
from web.drawing.page import CarriedForm, FieldError, Form, Section
from web.journey.fields import PurposeFields
from web.journey.reading.views import PurposePage
from web.site.forms import FormRefused
from web.site.kept_forms import split_kept
from web.site.visit import Visit


def purpose_page(visit: Visit, form: Form, carried: CarriedForm | None = None) -> PurposePage:
    """Ask why a journey is consulted; a kept form is carried along."""
    journey = visit.identifier("journey")
    return PurposePage(
        chrome=visit.chrome(Section.JOURNEYS),
        journey_id=str(journey),
        code=code_of(journey),
        purposes=labels.choices(visit.services.catalogue.purposes),
        carried=carried,
        form=form,
    )


def choose_purpose(visit: Visit) -> Response:
    """Take the purpose, then open the journey, or the kept form."""
    own, carried = split_kept(visit.fields)
    journey = visit.identifier("journey")
    if visit.resuming:
        return visit.go(f"/suivis/{journey}")
    try:
        typed = PurposeFields.read(own)
        state_purpose(visit.services, visit.session, journey, typed.motif)
    except FormRefused as refused:
        return _ask_again(visit, Form(own, refused.errors), carried)
    except InvalidValue as refused:
        error = FieldError(PurposeFields.field_of(refused.field), refused.message)
        return _ask_again(visit, Form(own, (error,)), carried)
    resumed = visit.resumed(carried.action, carried.values) if carried else None
    return resumed or visit.go(f"/suivis/{journey}")


def _ask_again(visit: Visit, form: Form, carried: CarriedForm | None) -> Response:
    """Ask again, but only a reader who takes part: anybody else is answered by the door first."""
    try:
        read_journey(visit.services, visit.session, visit.identifier("journey"))
    except PurposeNeeded:
        return visit.show(purpose_page(visit, form, carried), 422)
    return visit.go(f"/suivis/{visit.identifier('journey')}")
