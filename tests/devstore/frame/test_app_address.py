"""The signed address at which the admin loads the app."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

from devstore.frame.app_address import app_address
from devstore.store.tokens import Tokens

SECRET = "a-secret-of-more-than-thirty-two-bytes"
APP_URL = "https://app.example/"
TOKENS = Tokens("client", SECRET, "regulars-demo.myshopify.com")


def parameters_of(address):
    return dict(parse_qsl(urlsplit(address).query))


def test_the_path_and_its_own_query_are_kept():
    address = app_address(APP_URL, TOKENS, "members/7", [("page", "2")], "en")

    assert address.startswith("https://app.example/members/7?")
    assert parameters_of(address)["page"] == "2"


def test_the_host_names_the_store_in_the_admin():
    host = parameters_of(app_address(APP_URL, TOKENS, "", [], "en"))["host"]

    padded = host + "=" * (-len(host) % 4)
    assert base64.b64decode(padded) == b"admin.shopify.com/store/regulars-demo"


def test_the_id_token_is_for_this_app_and_shop_and_a_minute():
    token = parameters_of(app_address(APP_URL, TOKENS, "", [], "en"))["id_token"]

    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience="client")
    assert claims["dest"] == "https://regulars-demo.myshopify.com"
    assert claims["iss"] == "https://regulars-demo.myshopify.com/admin"
    assert claims["exp"] - claims["iat"] == 60


def test_the_signature_covers_every_other_parameter_in_order():
    parameters = parameters_of(app_address(APP_URL, TOKENS, "", [("z", "1")], "en"))

    sent = parameters.pop("hmac")
    message = urlencode(sorted(parameters.items()))
    assert sent == hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
