"""A merchant at the demo: opens the app in the store's admin and rewards what was bought before.

It does what a browser does there and nothing else, so the demo's points come about as a shop's do.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import requests

TIMEOUT_S = 30
PAST_ORDERS = "/past-orders"
CONFIRM = re.compile(r'action="(/past-orders/\d+/confirm)"')


class AppSilent(Exception):
    """The app did not answer the merchant as it should."""


class Merchant:
    """Whoever opens the app in the development store's admin."""

    def __init__(self, store_url: str, app_url: str) -> None:
        self._store_url = store_url
        self._app_url = app_url

    def open_app(self) -> None:
        """Open the app, which is what installs it; raises AppSilent."""
        admin = requests.get(f"{self._store_url}/admin/apps/regulars/", timeout=TIMEOUT_S)
        finder = _FrameFinder()
        finder.feed(admin.text)
        if finder.address is None:
            raise AppSilent("The development store's admin shows no app.")
        page = requests.get(finder.address, timeout=TIMEOUT_S)
        if not page.ok:
            raise AppSilent(f"The app could not be installed: it answered {page.status_code}.")

    def reward_the_past(self, since: str, wait_until: Callable[[Callable[[], bool]], None]) -> None:
        """Have all orders since a day such as 2024-01-31 earn, once they are read.

        `wait_until` is given what has to become true. Raises AppSilent.
        """
        wait_until(self._past_is_read)
        self._post(f"{PAST_ORDERS}/preview", since=since)
        wait_until(lambda: bool(CONFIRM.search(self._page())) or "data-poll" not in self._page())
        found = CONFIRM.search(self._page())
        if found is None:
            # A store without orders: there is nothing to confirm.
            return
        self._post(found[1])
        wait_until(lambda: "data-poll" not in self._page())

    def _past_is_read(self) -> bool:
        return 'action="/past-orders/stop"' not in self._page()

    def _page(self) -> str:
        answer = requests.get(
            f"{self._app_url}{PAST_ORDERS}", headers=self._bearer(), timeout=TIMEOUT_S
        )
        return _good(answer).text

    def _post(self, path: str, **form: str) -> None:
        answer = requests.post(
            f"{self._app_url}{path}",
            data=form,
            headers=self._bearer(),
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
        _good(answer)

    def _bearer(self) -> dict[str, str]:
        """Return what App Bridge adds to a page's requests."""
        answer = requests.get(f"{self._store_url}/admin/id-token", timeout=TIMEOUT_S)
        return {"Authorization": f"Bearer {_good(answer).json()['id_token']}"}


def _good(answer: requests.Response) -> requests.Response:
    if answer.status_code >= 400:
        raise AppSilent(f"{answer.request.method} {answer.url} answered {answer.status_code}.")
    return answer


class _FrameFinder(HTMLParser):
    """Finds the address of the first iframe."""

    address: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe" and self.address is None:
            named = dict(attrs)
            self.address = named.get("src") or named.get("data-src")
