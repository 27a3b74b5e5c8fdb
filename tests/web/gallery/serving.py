"""Serves pages and built files under the policy of the house, and keeps what a browser reports."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

from tests.web.gallery import invented as some
from tests.web.gallery.pages import pages
from web.drawing.rendering import Renderer
from web.drawing.served_files import PREFIX, ServedFiles

BUILT = Path(__file__).resolve().parents[3] / "web" / "static" / "built"

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; report-uri /csp; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


class _Handler(BaseHTTPRequestHandler):
    """Serves rendered pages and built files with the house's own headers; counts violations."""

    bodies: Mapping[str, tuple[str, bytes]]
    violations: list[str]

    def do_GET(self) -> None:
        """Answer with a page or a built file."""
        kind, body = self.bodies.get(self.path, ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Keep what the browser reports as a violation."""
        self.violations.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


KINDS = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2", "svg": "image/svg+xml"}


def invented(language: str = "fr") -> dict[str, str]:
    """Render every invented page; by name."""
    renderer = Renderer(ServedFiles.load(BUILT), some.ZONE)
    return {
        name: renderer.render(
            replace(cast("Any", page), chrome=replace(page.chrome, language=language))
        )
        for name, page in pages().items()
    }


def _bodies(pages: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
    """Pages and every built file, with their kinds, by path."""
    bodies = {
        PREFIX + name: (KINDS[name.rpartition(".")[2]], content)
        for name, content in ServedFiles.load(BUILT).contents.items()
    }
    for name, html in pages.items():
        bodies[f"/{name}"] = ("text/html; charset=utf-8", html.encode())
    return bodies


@contextmanager
def served(pages: Mapping[str, str], port: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Serve pages by name; give their address and the list where policy violations are kept."""
    violations: list[str] = []
    handler = type("Handler", (_Handler,), {"bodies": _bodies(pages), "violations": violations})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", violations
    finally:
        server.shutdown()
        server.server_close()
