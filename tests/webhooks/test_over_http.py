"""The intake as a client meets it: through granian, on a socket."""

import http.client

import pytest

from benchmarks.installation import free_port, installation, start_server, stop
from benchmarks.order_bodies import DOMAIN, sign
from webhooks.routes import BODY_BYTES_MAX


@pytest.fixture(scope="module")
def served(postgres_url):
    with installation(postgres_url) as installed:
        port = free_port()
        server = start_server(installed, port)
        yield installed, port
        stop(server)


def headers(body: bytes) -> dict[str, str]:
    return {
        "X-Shopify-Hmac-Sha256": sign(body).decode(),
        "X-Shopify-Webhook-Id": "over-http",
        "X-Shopify-Shop-Domain": DOMAIN,
        "X-Shopify-Topic": "orders/paid",
    }


def ask(port, method, path, body=None, headers=None, *, chunked=False):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers or {}, encode_chunked=chunked)
        return connection.getresponse().status
    finally:
        connection.close()


def chunks(total: int):
    while total > 0:
        yield b"x" * min(total, 65_536)
        total -= 65_536


def test_a_signed_webhook_is_taken_in(served):
    installed, port = served

    status = ask(port, "POST", "/webhooks", b"{}", headers(b"{}"))

    assert status == 200
    assert installed.execute("select count(*) from webhook_event") == [(1,)]


def test_a_signed_webhook_in_chunks_is_taken_in(served):
    _, port = served
    body = b"{}" * 40_000
    told = headers(body) | {"Transfer-Encoding": "chunked"}

    assert ask(port, "POST", "/webhooks", iter([body]), told, chunked=True) == 200


def test_a_body_that_never_ends_is_refused(served):
    _, port = served
    told = {"Transfer-Encoding": "chunked", "X-Shopify-Hmac-Sha256": "x"}

    try:
        status = ask(port, "POST", "/webhooks", chunks(4 * BODY_BYTES_MAX), told, chunked=True)
    except ConnectionError:
        # The server had its answer out and hung up while we were still sending.
        return

    assert status == 413


def test_an_announced_length_over_the_cap_is_refused_before_it_is_sent(served):
    _, port = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/webhooks")
    connection.putheader("Content-Length", str(10 * BODY_BYTES_MAX))
    connection.endheaders()

    status = connection.getresponse().status
    connection.close()

    assert status == 413


def test_other_methods_and_unsigned_bodies_are_refused(served):
    _, port = served

    assert ask(port, "GET", "/webhooks") == 405
    assert ask(port, "POST", "/webhooks", b"{}") == 401
    assert ask(port, "GET", "/healthz") == 200
