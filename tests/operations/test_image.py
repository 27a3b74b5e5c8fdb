"""The Dockerfile against the code: a path or a program that does not exist fails here."""

import fnmatch
import re

from tests.databases import CLONE
from tests.operations.installed import (
    DOCKERFILE,
    built,
    instructions,
    ours,
    services,
)


def test_erasing_at_once_has_the_programs_of_the_servers_own_version() -> None:
    major = re.match(r"postgres:(\d+)-bookworm(@|$)", services()["database"]["image"])
    assert major is not None
    words = " ".join(words for _, words in instructions("erasing"))
    assert set(re.findall(r"postgresql-client-(\d+)|/postgresql/(\d+)/bin", words)) == {
        (major[1], ""),
        ("", major[1]),
    }
    assert "postgresql" not in str(instructions("running"))


def test_each_image_of_ours_is_a_stage_and_the_larger_one_serves_no_page() -> None:
    assert built() == {"relais:local": "running", "relais:erasing": "erasing"}
    assert instructions("erasing")[0] == ("FROM", "running AS erasing")
    alone = [name for name, service in ours().items() if service["image"] == "relais:erasing"]
    assert alone == ["erase-now"]


def test_each_path_that_the_image_copies_exists_and_reaches_the_builder() -> None:
    ignored = (CLONE / ".dockerignore").read_text("utf-8").splitlines()
    let_through = [line[1:] for line in ignored if line.startswith("!")]
    copied = [words.split() for word, words in instructions() if word == "COPY"]

    for *sources, _ in (words for words in copied if not words[0].startswith("--from")):
        for source in sources:
            assert (CLONE / source).exists(), source
            assert source in let_through
    assert {source for words in copied for source in words[:-1]} >= set(let_through)


def test_the_image_takes_files_of_other_stages_from_where_they_are_made() -> None:
    copied = [words.split() for word, words in instructions() if word == "COPY"]
    stages = {words.split(" AS ")[1] for word, words in instructions() if " AS " in words}

    taken = {words[0].removeprefix("--from="): words for words in copied if "--from=" in words[0]}
    assert set(taken) <= stages
    assert ["--from=assets", "/build/web/static/built", "web/static/built"] in copied
    assert (CLONE / "web" / "assets" / "build.py").is_file()
    assert (CLONE / "web" / "locale").is_dir()


def test_the_image_runs_the_command_line_as_an_unprivileged_user() -> None:
    given = dict(instructions("running"))

    assert given["ENTRYPOINT"] == '["python", "-m", "relais"]'
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", given["USER"])
    assert [word for word, _ in instructions("running")][-3:] == ["USER", "ENTRYPOINT", "CMD"]
    assert instructions("erasing")[-1] == ("USER", given["USER"])
    assert "--require-hashes" in DOCKERFILE.read_text("utf-8")


def test_no_secret_and_no_data_can_reach_the_builder_or_a_commit() -> None:
    ignored = (CLONE / ".dockerignore").read_text("utf-8").splitlines()
    uncommitted = (CLONE / ".gitignore").read_text("utf-8").splitlines()

    assert ignored[1] == "*"
    for name in ("secrets", ".env", "var", ".git"):
        assert not any(fnmatch.fnmatch(name, line[1:]) for line in ignored if line[0:1] == "!")
    assert {"/secrets/", "/.env", "/var/"} <= set(uncommitted)
