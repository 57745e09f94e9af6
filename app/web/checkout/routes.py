"""The checkout extension's endpoints; who asks is in the session token, never in the body."""

from flask import Blueprint, Response, jsonify

from app.clock import utc_now
from app.container import current_container
from app.flows.customer_tags import tags_to_show
from app.web.auth.shopper import shopper_of_session_token
from app.web.cart_hint import checkout_hint
from app.web.panel.panel import checkout_panel
from app.web.panel.reader import read_member
from app.web.panel.shelf import read_shelf
from app.web.shopper_endpoints import (
    json_body,
    locale_words,
    member_id_of,
    open_to_extensions,
    redeem,
    spoken,
    tenant_of,
    undo,
    with_extension_headers,
)

blueprint = Blueprint("checkout", __name__, url_prefix="/checkout")
blueprint.before_request(open_to_extensions)
blueprint.after_request(with_extension_headers)


@blueprint.get("/panel")
@spoken
def panel() -> Response:
    """Return the balance and the rewards that can be had now."""
    shopper = shopper_of_session_token()
    if shopper.customer_id is None:
        return jsonify({"signed_in": False})
    member_id = member_id_of(shopper)
    tags = tags_to_show(current_container(), tenant_of(shopper), shopper.customer_id)
    with current_container().database.tenant(tenant_of(shopper)) as session:
        reader = read_member(
            session,
            program_id=shopper.program_id,
            member_id=member_id,
            words=locale_words(),
            now=utc_now(),
        )
        shelf = read_shelf(session, reader, customer_tags=tags)
    return jsonify(checkout_panel(shelf))


@blueprint.post("/redeem")
@spoken
def redeem_reward() -> Response:
    """Redeem a reward for a code to be applied there and then."""
    shopper = shopper_of_session_token()
    body = json_body()
    return redeem(
        shopper,
        reward=body.get("reward"),
        key=body.get("key"),
        choice=body.get("choice"),
        surface="checkout",
        cart=checkout_hint(body),
    )


@blueprint.post("/release")
@spoken
def release_reward() -> Response:
    """Give the points of a code that could not be applied back at once."""
    shopper = shopper_of_session_token()
    return undo(shopper, redemption_id=json_body().get("redemption"), reason="not_applied")
