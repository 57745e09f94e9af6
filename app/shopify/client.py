"""Shopify's Admin GraphQL API over pooled HTTP, with time-outs, throttling and typed errors."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from app.shopify.errors import (
    AccessDenied,
    ShopClosed,
    ShopifyRefused,
    ShopifyThrottled,
    ShopifyUnavailable,
    TokenRejected,
    UserError,
)
from app.shopify.operations import API_VERSION, is_query, operation_text

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 20.0
DEFAULT_BUDGET_S = 60.0
RETRIES_MAX = 4
SHORTEST_CALL_S = 0.25
"""What the last of several operations gets when the others have used the budget up."""


class Run(Protocol):
    """Runs one operation at one shop; see AdminApi.run."""

    def __call__(
        self,
        operation: str,
        variables: dict[str, Any] | None = None,
        *,
        repeatable: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
    ) -> dict[str, Any]:
        """Return the operation's `data`."""


def within(run: Run, budget_s: float) -> Run:
    """Return `run` for several operations that share a budget: each gets what is left of it."""
    ends = time.monotonic() + budget_s

    def run_within(
        operation: str,
        variables: dict[str, Any] | None = None,
        *,
        repeatable: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
    ) -> dict[str, Any]:
        left_s = max(ends - time.monotonic(), SHORTEST_CALL_S)
        return run(operation, variables, repeatable=repeatable, budget_s=min(budget_s, left_s))

    return run_within


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAccess:
    """Which shop to ask, and the token that it accepts."""

    domain: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one HTTP request came to: data, or how long to wait, or an error to retry or raise."""

    data: dict[str, Any] | None = None
    wait_s: float | None = None
    error: ShopifyUnavailable | None = None


class AdminApi:
    """Runs named operations; one instance serves every shop and every thread."""

    def __init__(
        self,
        origin_template: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._origin_template = origin_template
        self._sleep = sleep
        self._jitter = jitter
        self._local = threading.local()

    def run(
        self,
        access: ShopAccess,
        operation: str,
        variables: dict[str, Any] | None = None,
        *,
        repeatable: bool = False,
        budget_s: float = DEFAULT_BUDGET_S,
    ) -> dict[str, Any]:
        """Return the operation's `data`.

        Waits when throttled. Network errors and 5xx answers are retried for queries and for
        mutations that the caller calls `repeatable`; all within `budget_s` seconds. Raises
        ShopifyUnavailable (`maybe_done` for mutations whose fate is unknown), ShopifyRefused for
        user errors, TokenRejected, AccessDenied or ShopClosed.
        """
        repeatable = repeatable or is_query(operation)
        deadline = time.monotonic() + budget_s
        failures = 0
        while True:
            attempt = self._attempt(access, operation, variables or {}, deadline)
            if attempt.data is not None:
                return _without_user_errors(attempt.data, access, operation)
            if attempt.wait_s is not None:
                self._wait(attempt.wait_s, deadline, access, operation)
                continue
            failures += 1
            error = attempt.error
            assert error is not None  # noqa: S101 - an attempt is one of the three
            if failures > RETRIES_MAX or not (repeatable or not error.maybe_done):
                raise error
            pause_s = 0.25 * 2**failures * (0.5 + self._jitter())
            if time.monotonic() + pause_s >= deadline:
                raise error
            self._sleep(pause_s)

    def _wait(self, wait_s: float, deadline: float, access: ShopAccess, operation: str) -> None:
        wait_s += self._jitter() * 0.5
        if time.monotonic() + wait_s >= deadline:
            raise ShopifyThrottled(shop_domain=access.domain, operation=operation, wait_s=wait_s)
        logger.info("Throttled by %s for %.1f s in %s.", access.domain, wait_s, operation)
        self._sleep(wait_s)

    def _attempt(
        self, access: ShopAccess, operation: str, variables: dict[str, Any], deadline: float
    ) -> _Attempt:
        try:
            response = self._post(access, operation, variables, deadline)
        except requests.RequestException as error:
            return _Attempt(error=_unreached(error, access, operation))
        if response.status_code == 429:
            return _Attempt(wait_s=_retry_after_s(response))
        if response.status_code >= 500:
            return _Attempt(
                error=ShopifyUnavailable(
                    shop_domain=access.domain,
                    operation=operation,
                    reason=f"http_{response.status_code}",
                    maybe_done=True,
                )
            )
        _raise_for_status(response, access, operation)
        return _read_answer(response, access, operation)

    def _post(
        self, access: ShopAccess, operation: str, variables: dict[str, Any], deadline: float
    ) -> requests.Response:
        origin = self._origin_template.format(shop=access.domain)
        remaining_s = max(deadline - time.monotonic(), 0.05)
        return self._session().post(
            f"{origin}/admin/api/{API_VERSION}/graphql.json",
            json={"query": operation_text(operation), "variables": variables},
            headers={"X-Shopify-Access-Token": access.token},
            timeout=(min(CONNECT_TIMEOUT_S, remaining_s), min(READ_TIMEOUT_S, remaining_s)),
            # A redirect would carry the token to wherever it points.
            allow_redirects=False,
        )

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.trust_env = False
        return session


def _unreached(
    error: requests.RequestException, access: ShopAccess, operation: str
) -> ShopifyUnavailable:
    return ShopifyUnavailable(
        shop_domain=access.domain,
        operation=operation,
        reason=type(error).__name__,
        maybe_done=not _never_sent(error),
    )


def _never_sent(error: requests.RequestException) -> bool:
    """Return whether the connection was not even made, so that nothing can have happened."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        return isinstance(cause.reason, NewConnectionError | ConnectTimeoutError)
    return False


def _retry_after_s(response: requests.Response) -> float:
    try:
        return max(float(response.headers.get("Retry-After", "1")), 0.0)
    except ValueError:
        return 1.0


def _raise_for_status(response: requests.Response, access: ShopAccess, operation: str) -> None:
    status = response.status_code
    if status == 200:
        return
    if status == 401:
        raise TokenRejected(shop_domain=access.domain, operation=operation)
    if status == 403:
        raise AccessDenied(shop_domain=access.domain, operation=operation)
    if status in (402, 404, 423):
        raise ShopClosed(shop_domain=access.domain, operation=operation)
    raise ShopifyRefused(
        shop_domain=access.domain,
        operation=operation,
        errors=(UserError(f"HTTP_{status}", ""),),
    )


def _read_answer(response: requests.Response, access: ShopAccess, operation: str) -> _Attempt:
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        return _Attempt(error=_unreadable(access, operation))
    errors = answer.get("errors")
    if errors:
        return _read_errors(errors, answer, access, operation)
    data = answer.get("data")
    if not isinstance(data, dict):
        return _Attempt(error=_unreadable(access, operation))
    return _Attempt(data=data)


def _unreadable(access: ShopAccess, operation: str) -> ShopifyUnavailable:
    return ShopifyUnavailable(
        shop_domain=access.domain, operation=operation, reason="unreadable", maybe_done=True
    )


def _read_errors(
    errors: object, answer: dict[str, Any], access: ShopAccess, operation: str
) -> _Attempt:
    listed = errors if isinstance(errors, list) else []
    codes = [_error_code(error) for error in listed]
    if "THROTTLED" in codes:
        return _Attempt(wait_s=_throttled_s(answer))
    if "ACCESS_DENIED" in codes:
        raise AccessDenied(shop_domain=access.domain, operation=operation)
    if "SHOP_INACTIVE" in codes:
        raise ShopClosed(shop_domain=access.domain, operation=operation)
    if "INTERNAL_SERVER_ERROR" in codes:
        return _Attempt(error=_unreadable(access, operation))
    raise ShopifyRefused(
        shop_domain=access.domain,
        operation=operation,
        errors=tuple(UserError(code, "") for code in codes) or (UserError("UNKNOWN", ""),),
    )


def _error_code(error: object) -> str:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    code = extensions.get("code") if isinstance(extensions, dict) else None
    return str(code or "INVALID")


def _throttled_s(answer: dict[str, Any]) -> float:
    """Return how long the bucket takes to hold what the operation asks for."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    try:
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(missing, 0.0) / float(status["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 1.0


def _without_user_errors(
    data: dict[str, Any], access: ShopAccess, operation: str
) -> dict[str, Any]:
    """Return `data`, or raise ShopifyRefused with the user errors of its payloads."""
    errors = tuple(
        UserError(str(error.get("code") or "INVALID"), ".".join(error.get("field") or ()))
        for payload in data.values()
        if isinstance(payload, dict)
        for error in payload.get("userErrors") or ()
    )
    if errors:
        raise ShopifyRefused(shop_domain=access.domain, operation=operation, errors=errors)
    return data
