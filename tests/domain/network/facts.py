"""Events of a network that tests begin with, and any sequence of its commands."""

from typing import Any

from hypothesis import strategies as st

from domain.network import charter, groups, members, on_call
from domain.network.groups import GroupKind
from domain.network.members import Institution, Referent, Standing
from domain.network.network import Network
from tests.domain.given import NOW, TODAY, Commands, Fact, Given, fact, named

FOUNDING: dict[str, Any] = {
    "name": "Réseau de Chalon",
    "territory": "Chalon",
    "gateway_number": "0800 800 071",
    "founded_on": TODAY,
    "house_key": b"house",
}
FOUNDED = fact("NetworkFounded", identifier=named("Network"), **FOUNDING)


def institution(name: str, kind: str = "victim_support", *, gateway: bool = False) -> Institution:
    return Institution(named(name), name.lower(), name, kind, gateway=gateway)


def referent(name: str, of: str, login: str | None = None) -> Referent:
    login = login or name.lower()
    return Referent(named(name), named(of), name, login, name.encode(), b"s" + name.encode())


def admitted(name: str, kind: str = "victim_support", *, gateway: bool = False) -> Fact:
    return fact("InstitutionAdmitted", institution=institution(name, kind, gateway=gateway))


def arrived(name: str, of: str) -> Fact:
    return fact("ReferentAdmitted", referent=referent(name, of))


def keyed(group: str, generation: int, *members: str, kind: str = "institution") -> Fact:
    return fact(
        "GroupKeyMade",
        group=named(group),
        kind=GroupKind(kind),
        of=named(group),
        generation=generation,
        public_key=b"%d" % generation,
        members=tuple(sorted(named(one) for one in members)),
    )


def stood(name: str, standing: Standing) -> Fact:
    return fact("StandingSet", subject=named(name), standing=standing, reason="x")


PUBLISHED = fact("CharterPublished", charter=b"v1")
PEOPLE = (
    admitted("CIDFF"),
    admitted("Accueil", "gateway", gateway=True),
    arrived("Nadia", "CIDFF"),
    arrived("Inès", "CIDFF"),
    arrived("Paul", "Accueil"),
    arrived("Rose", "Accueil"),
)
ON_CALL = fact("OnCallNamed", referents=tuple(sorted((named("Paul"), named("Rose")))))


def given_network(*past: Fact) -> Given[Network]:
    return Given(Network, FOUNDED, *past)


now = st.just(NOW)
people = st.sampled_from([named(one) for one in ("Nadia", "Inès", "Paul", "Rose", "nobody")])
places = st.sampled_from([named(one) for one in ("CIDFF", "Accueil", "AMF", "nowhere")])
COMMANDS: Commands = {
    members.admit_institution: {
        "institution": st.sampled_from([institution("AMF"), institution("CIDFF")]),
        "at": now,
    },
    members.admit_referent: {
        "referent": st.builds(
            referent, st.sampled_from(["Zoé", "Léo"]), st.sampled_from(["CIDFF", "AMF"])
        ),
        "at": now,
    },
    groups.make_group_key: {
        "group": places,
        "kind": st.sampled_from(GroupKind),
        "of": places,
        "public_key": st.binary(max_size=2),
        "members": st.frozensets(people, max_size=3),
        "at": now,
    },
    groups.share_group_key: {"group": places, "member": people, "at": now},
    on_call.name_on_call: {"referents": st.frozensets(people, max_size=3), "at": now},
    charter.publish_charter: {"version": st.sampled_from([b"", b"v1", b"v2"]), "at": now},
    charter.sign_charter: {"signatory": people | places, "at": now},
    members.set_standing: {
        "subject": people | places,
        "standing": st.sampled_from(Standing),
        "reason": st.just("x"),
        "at": now,
    },
}
