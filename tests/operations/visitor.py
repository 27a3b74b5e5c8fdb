"""A person with a browser, from outside: pages by GET, forms as the page has them, cookies sent back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx2

FIELDS = {"input", "select", "textarea", "option"}


class Unanswered(Exception):
    """No answer came, or one that says that the house does not answer now: the form may be stored or not."""


@dataclass
class PageForm:
    """A form of a page: its address, and the values that it would send untouched."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``location`` is the address to which a browser is sent on, as a path of ours."""

    status: int
    text: str
    location: str

    def form(self, ending: str) -> PageForm | None:
        """The first form whose address ends so."""
        forms = _Forms(self.text).forms
        return next((form for form in forms if form.action.endswith(ending)), None)


class Visitor:
    """One browser at one address. ``host`` is the name that it asks for, if that is not the address's own."""

    def __init__(
        self, address: str, host: str | None = None, trusted: SSLContext | None = None
    ) -> None:
        parts = urlsplit(address)
        self.host = host or parts.netloc
        self.cookies: dict[str, str] = {}
        self._origin = f"{parts.scheme}://{self.host}"
        self._extensions = {"sni_hostname": host} if host else {}
        self._client = httpx2.Client(
            base_url=address, verify=trusted or True, timeout=60, trust_env=False
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str) -> Answer:
        """Ask for a page. Raises ``Unanswered``."""
        return self._send("GET", path, None, {})

    def submit(self, form: PageForm, **chosen: str) -> Answer:
        """Send a form with some of its fields filled in. Raises ``Unanswered``."""
        values = form.values | {name: [value] for name, value in chosen.items()}
        headers = {"Origin": self._origin, "Sec-Fetch-Site": "same-origin"}
        return self._send("POST", form.action, values, headers)

    def follow(self, answer: Answer) -> Answer:
        """Follow redirects to the page that they lead to. Raises ``Unanswered``."""
        while answer.status == 303:
            answer = self.get(answer.location)
        return answer

    def log_in(self, login: str, passphrase: str) -> bool:
        """Log in anew; false if it was refused. Raises ``Unanswered``."""
        self.cookies.clear()
        form = self.get("/connexion").form("/connexion")
        if form is None:
            return False
        answer = self.submit(form, identifiant=login, phrase=passphrase)
        return answer.status == 303

    def _send(
        self,
        method: str,
        path: str,
        values: Mapping[str, list[str]] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": self.host, **headers, **({"Cookie": cookie} if cookie else {})}
        try:
            response = self._client.request(
                method, path, data=values, headers=sent, extensions=dict(self._extensions)
            )
        except httpx2.TransportError as error:
            raise Unanswered(type(error).__name__) from error
        self._keep(response.headers.get_list("set-cookie"))
        if response.status_code in {429, 500, 502, 503, 504}:
            raise Unanswered(str(response.status_code))
        location = urlsplit(response.headers.get("location", ""))
        further = f"{location.path}?{location.query}" if location.query else location.path
        return Answer(response.status_code, response.text, further)

    def _keep(self, given: list[str]) -> None:
        # By hand: the campaign asks without TLS on this machine, where a client would not send back a Secure cookie.
        for line in given:
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value and "max-age=0" not in line.lower():
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


class _Forms(HTMLParser):
    """The forms of a page, with the value of each field."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, or a field of the open one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in FIELDS:
            self._readers()[tag](self._open, given)

    def handle_endtag(self, tag: str) -> None:
        """Close a form, a select or a text field."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        """The words of a text field."""
        if self._open is not None and self._area is not None:
            self._open.values[self._area][-1] += data

    def _readers(self) -> Mapping[str, Callable[[PageForm, dict[str, str]], None]]:
        return {
            "input": self._input,
            "select": self._begin_select,
            "option": self._option,
            "textarea": self._begin_area,
        }

    def _input(self, form: PageForm, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in {"submit", "button"}:
            return
        if kind in {"radio", "checkbox"} and "checked" not in given:
            return
        form.values.setdefault(name, []).append(given.get("value", ""))

    def _begin_select(self, form: PageForm, given: dict[str, str]) -> None:
        self._select = given.get("name", "")
        form.values[self._select] = []

    def _option(self, form: PageForm, given: dict[str, str]) -> None:
        if self._select and (not form.values[self._select] or "selected" in given):
            form.values[self._select] = [given.get("value", "")]

    def _begin_area(self, form: PageForm, given: dict[str, str]) -> None:
        self._area = given.get("name", "")
        form.values[self._area] = [""]
