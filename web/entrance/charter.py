"""The charter: its articles, and the two signatures without which nothing opens (article 1.1)."""

from functools import partial

from starlette.responses import Response

from application.visitor.signing import sign_charter
from domain.refusals import InvalidValue
from web.drawing.articles import article_references
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.entrance.fields import SignatureFields
from web.entrance.views import Chapter, CharterPage, SignaturePage
from web.site.form_act import with_form
from web.site.visit import Visit

_CHAPTERS = (
    (_("Qui peut agir"), range(1, 4)),
    (_("Ce qui se partage"), range(4, 8)),
    (_("La personne"), range(8, 10)),
    (_("La confiance"), range(10, 14)),
    (_("La justice et les réunions"), range(14, 100)),
)


def show_charter(visit: Visit) -> Response:
    """The charter's articles."""
    missing = visit.signatures_missing()
    page = CharterPage(
        chrome=visit.chrome(Section.CHARTER),
        version=_version(visit),
        in_force_from=visit.network.founded_on,
        chapters=_chapters(visit),
        referent_signed=visit.session.referent not in missing,
        institution_signed=visit.session.institution not in missing,
    )
    return visit.show(page)


def show_signature(visit: Visit) -> Response:
    """The charter, to be signed; who has signed reads it."""
    if not visit.signatures_missing():
        return visit.go("/charte")
    return _signature_page(visit, Form(), 200)


def sign(visit: Visit) -> Response:
    """Sign the charter, for oneself, and for one's institution where one says so."""

    def act(typed: SignatureFields) -> Response:
        if typed.empreinte != _fingerprint(visit):
            raise InvalidValue("", _("La charte a changé : relisez-la avant de signer."))
        missing = visit.signatures_missing()
        wanted = [visit.session.referent]
        if typed.institution is not None:
            wanted.append(visit.session.institution)
        for signatory in wanted:
            if signatory in missing:
                sign_charter(visit.services, visit.session, signatory)
        return visit.go("/")

    return with_form(visit, SignatureFields, act, partial(_signature_page, visit))


def _signature_page(visit: Visit, form: Form, status: int) -> Response:
    missing = visit.signatures_missing()
    institution_missing = visit.session.institution in missing
    page = SignaturePage(
        chrome=visit.chrome(Section.CHARTER),
        version=_version(visit),
        in_force_from=visit.network.founded_on,
        fingerprint=_fingerprint(visit),
        chapters=_chapters(visit),
        referent_missing=visit.session.referent in missing,
        institution_missing=institution_missing,
        may_sign_for_institution=institution_missing,
        form=form,
    )
    return visit.show(page, status)


def _chapters(visit: Visit) -> tuple[Chapter, ...]:
    charter = visit.services.charter
    found = []
    for title, parts in _CHAPTERS:
        numbers = [one.number for one in charter.articles.values() if one.order[0] in parts]
        if numbers:
            found.append(Chapter(visit.gettext(title), article_references(charter, numbers)))
    return tuple(found)


def _fingerprint(visit: Visit) -> str:
    return visit.services.charter.version_hash.hex()


def _version(visit: Visit) -> str:
    """What people call a version by: the beginning of what is signed."""
    return _fingerprint(visit)[:8]
