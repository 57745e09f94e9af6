"""The account's endpoints: all that the widget can do, for who the session token names."""

from flask import Blueprint, Response, jsonify, request

from app.clock import utc_now
from app.container import current_container
from app.flows.customer_tags import tags_to_show
from app.web.auth.shopper import shopper_of_session_token
from app.web.panel.panel import account_panel
from app.web.shopper_endpoints import (
    NotSignedIn,
    history_before,
    json_body,
    locale_words,
    member_id_of,
    one_redemption,
    open_to_extensions,
    redeem,
    spoken,
    tenant_of,
    undo,
    vault,
    with_extension_headers,
)

blueprint = Blueprint("account", __name__, url_prefix="/account")
blueprint.before_request(open_to_extensions)
blueprint.after_request(with_extension_headers)


@blueprint.get("/panel")
@spoken
def panel() -> Response:
    """Return the balance, the tier, the rewards, those taken, those used and the history."""
    shopper = shopper_of_session_token()
    if shopper.customer_id is None:
        raise NotSignedIn
    member_id = member_id_of(shopper)
    tags = tags_to_show(current_container(), tenant_of(shopper), shopper.customer_id)
    with current_container().database.tenant(tenant_of(shopper)) as session:
        told = account_panel(
            session,
            program_id=shopper.program_id,
            member_id=member_id,
            words=locale_words(),
            vault=vault(),
            now=utc_now(),
            customer_tags=tags,
        )
    return jsonify(told)


@blueprint.get("/history")
@spoken
def older_history() -> Response:
    """Return the entries before a posting, and what the next page is before."""
    return history_before(shopper_of_session_token(), request.args.get("before"))


@blueprint.post("/redeem")
@spoken
def redeem_reward() -> Response:
    """Redeem a reward, to be used on the next order."""
    shopper = shopper_of_session_token()
    body = json_body()
    return redeem(
        shopper,
        reward=body.get("reward"),
        key=body.get("key"),
        choice=body.get("choice"),
        surface="account",
    )


@blueprint.post("/undo")
@spoken
def undo_reward() -> Response:
    """Take a reward back: 200 when its points are back, 202 while Shopify has not confirmed."""
    shopper = shopper_of_session_token()
    return undo(shopper, redemption_id=json_body().get("redemption"), reason="undone")


@blueprint.get("/redemption")
@spoken
def redemption() -> Response:
    """Return one redemption, for a page that waits for its code or its points."""
    return one_redemption(shopper_of_session_token(), redemption_id=request.args.get("id"))
