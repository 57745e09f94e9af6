"""Forwards /apps/regulars/… to the app, signed, as Shopify's app proxy does."""

import time
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, request
from itsdangerous import URLSafeSerializer

from devstore.services import Services
from devstore.storefront.proxy_signature import signed_query
from devstore.storefront.shopper_cookie import current_shopper

TIMEOUT_SECONDS = 30
# Headers that belong to one connection, or that Shopify keeps to itself.
NOT_FORWARDED = frozenset(
    {"host", "cookie", "content-length", "connection", "transfer-encoding", "accept-encoding",
     "keep-alive", "upgrade", "te", "trailer", "authorization"}
)  # fmt: skip
NOT_RETURNED = frozenset(
    {"set-cookie", "content-length", "connection", "transfer-encoding", "content-encoding",
     "keep-alive", "server", "date"}
)  # fmt: skip
NO_ANSWER = (
    "<!doctype html><title>Application error</title>"
    "<h1>There was an error in the third-party application.</h1><p>{reason}</p>"
)


def add_app_proxy(blueprint: Blueprint, services: Services, signer: URLSafeSerializer) -> None:
    """Add the proxy's route to the storefront, where shopify.app.toml says."""
    path_prefix = services.store.config.proxy_path
    target = services.settings.app_url + urlsplit(services.store.config.proxy_url).path

    @blueprint.route(f"{path_prefix}/", defaults={"path": ""}, methods=["GET", "POST"])
    @blueprint.route(f"{path_prefix}/<path:path>", methods=["GET", "POST"])
    def app_proxy(path: str) -> Response:
        """Pass the request on and the app's answer back."""
        customer_id = current_shopper(signer).customer_id
        query = signed_query(
            request.args.items(multi=True),
            shop=services.settings.domain,
            customer_id=customer_id,
            path_prefix=path_prefix,
            timestamp=int(time.time()),
            secret=services.settings.client_secret,
        )
        try:
            answer = requests.request(
                request.method,
                f"{target}/{path}",
                params=query,
                data=request.get_data(),
                headers=_forwarded_headers(),
                allow_redirects=False,
                timeout=TIMEOUT_SECONDS,
            )
        except requests.Timeout:
            return _no_answer(504, "It took longer than 30 seconds to answer.")
        except requests.ConnectionError:
            return _no_answer(502, "It cannot be reached.")
        return _returned(answer)


def _forwarded_headers() -> dict[str, str]:
    passed = {name: value for name, value in request.headers if name.lower() not in NOT_FORWARDED}
    return passed | {
        "X-Forwarded-For": request.remote_addr or "",
        "X-Forwarded-Host": request.host,
        "X-Forwarded-Proto": request.scheme,
    }


def _returned(answer: requests.Response) -> Response:
    headers = [
        (name, value) for name, value in answer.headers.items() if name.lower() not in NOT_RETURNED
    ]
    return Response(answer.content, answer.status_code, headers)


def _no_answer(status: int, reason: str) -> Response:
    return Response(NO_ANSWER.format(reason=reason), status, {"Cache-Control": "no-store"})
