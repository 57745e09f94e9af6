"""How the app's processes are wired, and what they refuse to start with."""

import io
import socket

import psycopg
import pytest
from psycopg import sql
from werkzeug.test import Client, EnvironBuilder

from app.bootstrap import BODY_BYTES_MAX, create_app, create_flask
from app.db.session import Database
from app.db.start_check import UnsafeDatabase, refuse_unsafe_commits
from app.web.body_cap import BodyCap
from app.web.port_check import PortTaken, refuse_shared_port
from tests.fixtures.webhooks import call


@pytest.fixture
def client(parts):
    flask_app = create_flask(parts)

    @flask_app.get("/broken")
    def broken():
        raise RuntimeError("secret detail")

    @flask_app.get("/proxy/broken")
    def broken_endpoint():
        raise RuntimeError("secret detail")

    @flask_app.post("/echo")
    def echo():
        from flask import request

        return str(len(request.get_data()))

    return flask_app.test_client()


@pytest.fixture
def front_door(installation_settings):
    app = create_app(installation_settings)
    yield Client(app)
    app.close()


def test_a_healthy_installation_says_so(front_door):
    answer = front_door.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_webhooks_go_past_flask(front_door):
    answer = front_door.post("/webhooks", data=b"{}")

    assert (answer.status_code, answer.data) == (401, b"")


def test_a_page_that_fails_shows_a_sentence_and_no_stack_trace(client):
    answer = client.get("/broken")

    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_an_endpoint_that_fails_answers_json_that_extensions_may_read(client):
    answer = client.get("/proxy/broken?locale=th")

    assert answer.status_code == 500
    assert answer.json["error"]["code"] == "failed"
    assert "ระบบ" in answer.json["error"]["text"]
    assert "ระบบ" in answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_does_not_exist_is_not_found(client):
    assert client.get("/static/nothing").status_code == 404


def test_a_body_over_the_cap_is_refused(client):
    fits = client.post("/echo", data=b"x" * BODY_BYTES_MAX)
    too_large = client.post("/echo", data=b"x" * (BODY_BYTES_MAX + 1))

    assert (fits.status_code, too_large.status_code) == (200, 413)


@pytest.mark.parametrize(
    ("bytes_sent", "status"), [(BODY_BYTES_MAX, 200), (BODY_BYTES_MAX + 1, 413)]
)
def test_a_chunked_body_is_read_whole_or_refused(client, bytes_sent, status):
    capped = BodyCap(client.application, BODY_BYTES_MAX)
    environ = EnvironBuilder(method="POST", path="/echo").get_environ()
    environ |= {
        "wsgi.input": io.BytesIO(b"x" * bytes_sent),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    environ.pop("CONTENT_LENGTH", None)

    answer = call(capped, environ)

    assert answer.status == status
    assert answer.body == (str(bytes_sent).encode() if status == 200 else b"")


def test_a_port_that_is_served_already_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            refuse_shared_port(port)

    refuse_shared_port(port)


def test_a_database_that_could_lose_commits_is_refused(new_database):
    url = new_database()
    database = Database(url)
    refuse_unsafe_commits(database)
    database.close()

    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("alter database {} set synchronous_commit = off").format(name))
    with pytest.raises(UnsafeDatabase):
        refuse_unsafe_commits(database)
    database.close()


def test_a_database_that_never_answers_is_given_up():
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(psycopg.OperationalError):
        refuse_unsafe_commits(database, wait_s=0.0)
