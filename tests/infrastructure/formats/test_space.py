"""A directory put back to an earlier day is noticed by who had seen a later one (design, section 4)."""

from uuid import uuid4

import pytest

from infrastructure.formats.bundle import Bundle
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered, seal
from infrastructure.formats.space import _bound_to, open_space, seal_space
from relais.composition import install
from tests.databases import FreshDatabase
from tests.telling.town import CHEAP, POLICIES, Town


def test_a_counter_opens_for_its_referent_alone() -> None:
    network, referent, bundle = uuid4(), uuid4(), Bundle.generate()
    sealed = seal_space(network, referent, bundle, 77)
    assert open_space(network, referent, bundle, sealed) == 77
    with pytest.raises(Tampered):
        open_space(network, uuid4(), bundle, sealed)
    with pytest.raises(Tampered):
        open_space(network, referent, Bundle.generate(), sealed)


def test_what_is_no_counter_is_refused() -> None:
    network, referent, bundle = uuid4(), uuid4(), Bundle.generate()
    short = seal(bundle.space, b"77", _bound_to(network, referent))
    with pytest.raises(Tampered):
        open_space(network, referent, bundle, short)


def test_an_older_directory_put_back_is_refused_at_the_next_log_in(
    database: FreshDatabase, town: Town
) -> None:
    """Given somebody who logged in, when the last lines are taken away, then their next log-in is refused."""
    town.log_in("cidff.un")
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "DELETE FROM relais.event WHERE originator = network AND version ="
            " (SELECT max(version) FROM relais.event WHERE originator = network)"
        )
    # Another process, which has not read the directory yet.
    network = town.services.network
    town.installation = install(database.app, network, town.house, POLICIES, town.clock, CHEAP)
    with pytest.raises(DirectoryRefused):
        town.log_in("cidff.un")
