"""Invitations: accepted or declined from the work left, or from the journey itself."""

from starlette.responses import Response

from application.door.journey import enter
from application.referent.reading import state_purpose
from application.referent.sharing import answer_invitation
from domain.refusals import InvalidValue
from policies.charter import Act
from web.drawing.page import Form
from web.drawing.words import _
from web.site.form_page import FormPage
from web.site.visit import Visit
from web.work.fields import AnswerFields
from web.work.pages import work_page
from web.work.views import WorkPage

RECEIVED = "referral_received"
"""The purpose of a consult that follows an accepted invitation."""


def answer(visit: Visit, typed: AnswerFields) -> Response:
    """Accept an invitation, or decline it."""
    journey = visit.identifier("journey")
    accepts = typed.reponse == "accepter"
    if not accepts and typed.raison is None:
        raise InvalidValue("raison", _("Choisissez une raison."))
    reason = None if accepts else typed.raison
    answer_invitation(visit.services, visit.session, journey, reason, typed.version)
    if not accepts:
        return visit.go("/reste-a-faire?fait=declinee")
    # Accepting is itself a reason to consult: the reader goes on without being asked for a purpose.
    state_purpose(visit.services, visit.session, journey, RECEIVED)
    return visit.go(f"/suivis/{journey}?fait=acceptee#contenu")


def _work_page(visit: Visit, form: Form) -> WorkPage:
    # Only an invited institution is told that something is missing: anybody else is answered by the door.
    enter(visit.services, visit.session, visit.identifier("journey"), Act.LEAVE)
    return work_page(visit, form)


ANSWER = FormPage(AnswerFields, _work_page, answer)
