"""docker-compose.yml against the code: a command, path, variable or secret that does not exist fails here."""

import re
from pathlib import Path

import pytest

from infrastructure.postgres.embedded.configuration import ROLES
from relais.__main__ import COMMANDS
from tests.databases import CLONE
from tests.operations.installed import (
    COMPOSE,
    DOCKERFILE,
    GUIDE,
    PROXY,
    compose,
    lasting,
    ours,
    services,
    variables_read,
)
from web.routes import ROUTES

ONE_MOUNT = re.compile(r"(\$\{\w+:-)?(?P<from>[^:}]+)\}?:(?P<to>[^:]+)(:ro)?")


def test_the_services_are_those_that_the_guide_describes() -> None:
    assert set(lasting()) == {"database", "web", "worker", "proxy"}
    assert set(services()) - set(lasting()) == {
        "bootstrap",
        "migrate",
        "found",
        "erase-again",
        "keeper",
        "erase-now",
    }
    for name in services():
        assert f"`{name}`" in GUIDE.read_text("utf-8")


@pytest.mark.parametrize("name", set(ours()) - {"erase-now"})
def test_each_command_is_one_of_the_command_line(name: str) -> None:
    command, *words = services()[name]["command"]

    with COMMANDS.commands[command].make_context(command, words) as context:
        assert not context.args


def test_erasing_at_once_waits_for_the_journey_and_for_nothing_else() -> None:
    begins = ["python", "-m", "relais"]
    entry = services()["erase-now"]["entrypoint"]
    assert entry[:3] == begins
    command, *words = entry[3:]
    with COMMANDS.commands[command].make_context(command, [*words, "7F3K-2Q"]) as context:
        given = context.params
    assert (given["journey"], given["again"]) == ("7F3K-2Q", False)
    assert f'-v "$PWD/fresh:{given["now"].parent}" erase-now 7F3K-2Q' in GUIDE.read_text("utf-8")


def test_each_variable_is_read_by_the_code() -> None:
    for name, service in ours().items():
        given = set(service["environment"])
        assert given <= variables_read(), name


def test_each_variable_that_the_code_reads_is_documented() -> None:
    guide = GUIDE.read_text("utf-8")

    for name in variables_read() | _asked_for():
        assert f"`{name}`" in guide


def test_the_proxy_is_given_what_its_file_asks_for() -> None:
    asked = set(re.findall(r"\{\$(\w+)\}", PROXY.read_text("utf-8")))

    assert asked == set(services()["proxy"]["environment"])


def _asked_for() -> set[str]:
    """The variables that an installer must or may set in .env."""
    return set(re.findall(r"\$\{(\w+)", COMPOSE.read_text("utf-8")))


def test_no_secret_is_in_an_environment() -> None:
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            assert not re.search(r"://[^/]*:[^/]*@", str(value)), name
            if re.search(r"PASSWORD|SECRET|KEY|TOKEN", variable):
                assert variable.endswith("_FILE"), name
                assert str(value).startswith("/run/secrets"), name


def test_each_service_gets_the_secrets_that_it_needs_and_no_other() -> None:
    given = {name: set(service.get("secrets", ())) for name, service in services().items()}

    assert set(compose()["secrets"]) == set(ROLES)
    assert given == {
        "database": {"relais_setup"},
        "bootstrap": set(ROLES),
        "migrate": {"relais_owner"},
        "found": {"relais_app"},
        "erase-again": {"relais_app", "relais_retention"},
        "keeper": {"relais_app", "relais_retention"},
        "erase-now": set(ROLES),
        "web": {"relais_app"},
        "worker": {"relais_app"},
        "proxy": set(),
    }


def test_the_house_is_mounted_for_its_readers_and_writable_for_its_changers_alone() -> None:
    house = {
        name: [mount for mount in service.get("volumes", ()) if mount.startswith("house:")]
        for name, service in services().items()
    }

    changing = {"found", "erase-again", "keeper", "erase-now"}
    assert {name for name, mounts in house.items() if mounts} == changing | {"web", "worker"}
    for name in ("web", "worker"):
        assert house[name] == ["house:/var/lib/relais:ro"]
    for name, service in services().items():
        copies = [
            mount for mount in service.get("volumes", ()) if mount.endswith(":/var/lib/relais-copy")
        ]
        assert bool(copies) == (name in changing), name
        copy = service.get("environment", {}).get("RELAIS_HOUSE_COPY")
        assert copy == ("/var/lib/relais-copy" if copies else None), name
    for service in ours().values():
        assert Path(service["environment"]["RELAIS_HOUSE"]).parent == Path("/var/lib/relais")
    assert "--mode=0700 /var/lib/relais /var/lib/relais-copy" in DOCKERFILE.read_text("utf-8")


@pytest.mark.parametrize("name", services())
def test_each_service_is_confined(name: str) -> None:
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service)
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])


@pytest.mark.parametrize("name", services())
def test_each_log_is_bounded_and_passphrases_are_in_none(name: str) -> None:
    logging = services()[name]["logging"]

    if name == "found":
        assert logging == {"driver": "none"}
    else:
        assert logging["driver"] == "json-file"
        assert set(logging["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", lasting())
def test_each_lasting_service_has_a_health_check_and_restarts(name: str) -> None:
    service = services()[name]

    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])


def test_the_health_checks_ask_existing_pages_and_files() -> None:
    asked = {name: " ".join(service["healthcheck"]["test"]) for name, service in lasting().items()}
    paths = {(route.method, route.path) for route in ROUTES}
    web, worker = services()["web"]["command"], services()["worker"]["command"]

    (port, path) = re.findall(r"127\.0\.0\.1:(\d+)(/[a-z/]+)", asked["web"])[0]
    assert ("GET", path) in paths
    assert web[web.index("--port") + 1] == port
    assert worker[worker.index("--heartbeat") + 1] in asked["worker"]
    (port, path) = re.findall(r"127\.0\.0\.1:(\d+)(/[a-z/]+)", asked["proxy"])[0]
    assert f"http://127.0.0.1:{port} {{\n\trespond {path} " in PROXY.read_text("utf-8")


def test_each_service_waits_for_those_that_it_needs() -> None:
    for name, service in services().items():
        for needed, how in service.get("depends_on", {}).items():
            ends = services()[needed]["restart"] == "no"
            wanted = "service_completed_successfully" if ends else "service_healthy"
            assert how["condition"] == wanted, name


def test_postgresql_is_reached_from_within_alone() -> None:
    networks = compose()["networks"]

    assert networks["back"]["internal"] is True
    assert networks["front"]["internal"] is True
    assert services()["database"]["networks"] == ["back"]
    assert services()["proxy"]["networks"] == ["edge", "front"]
    assert [name for name, service in services().items() if service.get("ports")] == ["proxy"]
    for service in ours().values():
        assert set(service["networks"]) <= {"back", "front"}


def test_forwarding_headers_are_believed_from_the_proxys_network_alone() -> None:
    (given,) = compose()["networks"]["front"]["ipam"]["config"]

    assert services()["web"]["environment"]["RELAIS_PROXIES"] == given["subnet"]


def test_the_proxy_passes_on_to_the_pages_and_deletes_a_browsers_own_address_headers() -> None:
    text = PROXY.read_text("utf-8")
    deleted = set(re.findall(r"request_header -(\S+)", text))
    web = services()["web"]["command"]

    assert f"reverse_proxy web:{web[web.index('--port') + 1]} {{" in text
    assert deleted >= {
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-Ip",
    }
    assert "request delete" in text
    assert "encode" not in re.sub(r"#.*", "", text)


def test_each_path_that_a_service_mounts_exists_or_is_a_volume() -> None:
    for name, service in services().items():
        for mount in service.get("volumes", ()):
            match = ONE_MOUNT.fullmatch(mount)
            assert match is not None, name
            if match["from"].startswith("."):
                assert (CLONE / match["from"]).is_file(), name
            else:
                assert match["from"] in compose()["volumes"], name


def test_both_generations_of_compose_take_the_file() -> None:
    assert set(compose()) <= {
        "services",
        "secrets",
        "volumes",
        "networks",
        "x-confined",
        "x-ours",
    }
    for name, service in services().items():
        assert not {"develop", "configs", "extends", "deploy"} & set(service), name
    assert "# syntax=" not in DOCKERFILE.read_text("utf-8")
    assert "--mount" not in DOCKERFILE.read_text("utf-8")
