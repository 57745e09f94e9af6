"""The token endpoint: token exchange, expiring offline tokens, refresh tokens that rotate."""

import hmac
from typing import Any

import jwt
from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from devstore.store.access import Grant
from devstore.store.store import Store

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant's name
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a type's name
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


class Refused(Exception):
    """The request is refused with one of OAuth's error codes."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


def add_token_route(routes: Blueprint, store: Store) -> None:
    """Add `POST /shop/<domain>/admin/oauth/access_token`."""

    @routes.post("/shop/<domain>/admin/oauth/access_token")
    def access_token(domain: str) -> ResponseReturnValue:
        if domain != store.shop.domain:
            abort(404)
        form: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
        try:
            grant = _grant(store, {name: str(value) for name, value in form.items()})
        except Refused as refusal:
            answer = {"error": refusal.code, "error_description": refusal.description}
            return jsonify(answer), refusal.status
        return jsonify(_answer(grant))


def _grant(store: Store, form: dict[str, str]) -> Grant:
    _check_client(store, form)
    grant_type = form.get("grant_type")
    if grant_type == "refresh_token":
        return _refreshed(store, form.get("refresh_token", ""))
    if grant_type == TOKEN_EXCHANGE:
        return _exchanged(store, form)
    raise Refused("unsupported_grant_type", "The grant type is not supported.")


def _check_client(store: Store, form: dict[str, str]) -> None:
    given = form.get("client_id", ""), form.get("client_secret", "")
    known = store.tokens.client_id, store.tokens.client_secret
    if not all(
        hmac.compare_digest(one.encode(), other.encode())
        for one, other in zip(given, known, strict=True)
    ):
        raise Refused("invalid_client", "The client id or secret is wrong.", 401)


def _exchanged(store: Store, form: dict[str, str]) -> Grant:
    if form.get("subject_token_type") != ID_TOKEN:
        raise Refused("invalid_request", "subject_token_type must be an id token's.")
    if form.get("requested_token_type") != OFFLINE:
        raise Refused("invalid_request", "The development store gives offline tokens only.")
    try:
        store.tokens.read_id_token(form.get("subject_token", ""))
    except jwt.InvalidTokenError as problem:
        raise Refused("invalid_subject_token", f"Invalid subject token: {problem}") from problem
    store.installation.install()
    return store.access.grant(store.installation.scopes, form.get("expiring") in ("1", "true"))


def _refreshed(store: Store, refresh_token: str) -> Grant:
    grant = store.access.refresh(refresh_token, store.installation.scopes)
    if grant is None:
        raise Refused("invalid_grant", "The refresh token is unknown, used or too old.")
    return grant


def _answer(grant: Grant) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "access_token": grant.access_token,
        "scope": ",".join(grant.scopes),
    }
    if grant.refresh_token is not None:
        answer |= {
            "expires_in": grant.expires_in,
            "refresh_token": grant.refresh_token,
            "refresh_token_expires_in": grant.refresh_expires_in,
        }
    return answer
