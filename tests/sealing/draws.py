"""What the random lives draw from."""

from typing import NamedTuple

from hypothesis import strategies as st

from domain.compartments import Compartment
from domain.journey.capacities import Capacity

PARTNERS = ("ville", "cidff", "police", "hopital", "social", "abri", "spip")
AUDITING = ("coordination", "auditeur")
WRITABLE = tuple(
    one
    for one in Compartment
    if one not in (Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT)
)
SHARED = tuple(one for one in Compartment if one is not Compartment.FRAME)
DOING = {
    Compartment.HEALTH: ("hopital", Capacity.CARE, "care_team", "cidff"),
    Compartment.SOCIAL: ("social", Capacity.SOCIAL_ACTION, "social_secret_shared", "abri"),
}
"""Who reads it by what it does for the person, on which ground without consent, and who reads it beside."""
HALVES = ("event", "header")
FACES = {1: Compartment.IDENTITY, 2: Compartment.FRAME}
ON_ANOTHER_GROUND = frozenset({Compartment.FOLLOW_UP, Compartment.IDENTITY, Compartment.DANGER})
JOURNEYS = 2


class Sharing(NamedTuple):
    """A basis that is not given yet: ``days`` says for how long, ``does`` what an institution is then invited for."""

    scope: frozenset[Compartment]
    past: bool
    ground: str
    purpose: str = "ongoing_work"
    days: int | None = None
    does: frozenset[Capacity] = frozenset(Capacity)


class Spell(NamedTuple):
    """Of one partner that does something for the person, then does not, then does again: what that lets it read,
    whether its basis opens the past and is her consent, and whether it looks each time."""

    compartment: Compartment
    past: bool
    agreed: bool
    looks: bool


some = st.integers(0, 40)
spells = st.builds(
    Spell, st.sampled_from(tuple(DOING)), st.booleans(), st.booleans(), st.booleans()
)
some_capacities = st.one_of(
    st.just(frozenset(Capacity)), st.just(frozenset()), st.frozensets(st.sampled_from(Capacity))
)
scopes = st.one_of(
    st.just(frozenset(SHARED)),
    st.sets(st.sampled_from(SHARED), min_size=1).map(frozenset),
    st.sets(st.sampled_from(SHARED), max_size=3).map(lambda left: frozenset(SHARED) - left),
)
some_sharing: st.SearchStrategy[Sharing] = st.one_of(
    st.builds(
        Sharing,
        scopes,
        st.booleans(),
        st.just("person_consent"),
        st.just("ongoing_work"),
        st.sampled_from((None, None, 2, 9)),
        some_capacities,
    ),
    st.builds(
        Sharing,
        st.sets(st.sampled_from(sorted(ON_ANOTHER_GROUND)), min_size=1).map(frozenset),
        st.booleans(),
        st.just("council_ground"),
        st.just("ongoing_work"),
        st.none(),
        some_capacities,
    ),
)
AGREED = Sharing(
    frozenset({Compartment.HEALTH, Compartment.FOLLOW_UP}), past=False, ground="person_consent"
)
ON_CARE = AGREED._replace(ground="care_team")
TURNS = (
    (ON_CARE, 0, AGREED),
    (ON_CARE, 0, AGREED._replace(past=True)),
    (AGREED._replace(days=2), 3, AGREED),
    (AGREED._replace(days=2), 1, AGREED),
    (AGREED, None, AGREED),
    (AGREED, None, ON_CARE),
    (AGREED._replace(purpose="complaint_ongoing"), 0, AGREED),
)
"""Two bases for one partner, and after how many days the second is given; ``None``: after a withdrawal."""
