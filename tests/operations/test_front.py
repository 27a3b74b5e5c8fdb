"""The pages' names and proxies, read from the environment."""

import pytest

from relais.front import LOCAL, Front, FrontRefused, front_from


def test_by_default_the_pages_answer_this_machine_and_no_proxy_is_believed() -> None:
    assert front_from({}) == Front(LOCAL, ())
    assert front_from({"RELAIS_HOSTS": " , ", "RELAIS_PROXIES": ""}) == Front(LOCAL, ())


def test_names_and_networks_are_read() -> None:
    given = {
        "RELAIS_HOSTS": "Relais.Example, autre.example",
        "RELAIS_PROXIES": "10.213.7.0/27,fd00::1",
    }

    assert front_from(given) == Front(
        frozenset({"relais.example", "autre.example"}), ("10.213.7.0/27", "fd00::1")
    )


@pytest.mark.parametrize(
    "name", ["https://relais.example", "relais.example:443", "*.example", "a b", "relais.éxample"]
)
def test_a_value_that_is_not_a_name_is_refused(name: str) -> None:
    with pytest.raises(FrontRefused, match="RELAIS_HOSTS"):
        front_from({"RELAIS_HOSTS": name})


@pytest.mark.parametrize("proxy", ["*", "proxy", "10.0.0.0/33", "10.0.0.1/24"])
def test_a_value_that_is_not_a_network_is_refused(proxy: str) -> None:
    with pytest.raises(FrontRefused, match="RELAIS_PROXIES"):
        front_from({"RELAIS_PROXIES": proxy})
