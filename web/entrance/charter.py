"""The charter: its articles, and the two signatures without which nothing opens (article 1.1)."""

from starlette.responses import Response

from application.visitor.signing import sign_charter
from domain.refusals import InvalidValue
from web.drawing.articles import article_references
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.entrance.fields import SignatureFields
from web.entrance.views import Chapter, CharterPage, SignaturePage
from web.site.form_page import FormPage
from web.site.visit import Visit

_CHAPTERS = (
    (_("Qui peut agir"), range(1, 4)),
    (_("Ce qui se partage"), range(4, 8)),
    (_("La personne"), range(8, 10)),
    (_("La confiance"), range(10, 14)),
    (_("La justice et les réunions"), range(14, 100)),
)


def show_charter(visit: Visit) -> Response:
    """Show the charter's articles."""
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
    """Show the charter, to be signed; if nothing is left to sign, go and read it."""
    if not visit.signatures_missing():
        return visit.go("/charte")
    return SIGNATURE.show(visit)


def sign(visit: Visit, typed: SignatureFields) -> Response:
    """Sign the charter, for oneself, and for one's institution if the form says so."""
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


def _signature_page(visit: Visit, form: Form) -> SignaturePage:
    missing = visit.signatures_missing()
    institution_missing = visit.session.institution in missing
    return SignaturePage(
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


def _chapters(visit: Visit) -> tuple[Chapter, ...]:
    charter = visit.services.charter
    chapters = []
    for title, parts in _CHAPTERS:
        numbers = [
            article.number for article in charter.articles.values() if article.order[0] in parts
        ]
        if numbers:
            chapters.append(Chapter(visit.gettext(title), article_references(charter, numbers)))
    return tuple(chapters)


def _fingerprint(visit: Visit) -> str:
    return visit.services.charter.version_hash.hex()


def _version(visit: Visit) -> str:
    """The name of a version for people: the beginning of its fingerprint."""
    return _fingerprint(visit)[:8]


SIGNATURE = FormPage(SignatureFields, _signature_page, sign)
