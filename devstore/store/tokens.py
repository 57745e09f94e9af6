"""The signed tokens by which Shopify says who is asking: id tokens and session tokens."""

import base64
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt

STAFF_USER_ID = 902541635


@dataclass(frozen=True)
class Tokens:
    """Mints and checks tokens with the app's secret; times are real, never shifted."""

    client_id: str
    client_secret: str
    domain: str

    @property
    def host(self) -> str:
        """The `host` parameter of embedded pages: the admin's address, base64 without padding."""
        name = self.domain.removesuffix(".myshopify.com")
        address = f"admin.shopify.com/store/{name}".encode()
        return base64.urlsafe_b64encode(address).decode().rstrip("=")

    def id_token(self, user_id: int = STAFF_USER_ID, lifetime_seconds: int = 60) -> str:
        """Return a fresh id token for a member of the shop's staff."""
        return self._sign({"sub": str(user_id), "sid": uuid.uuid4().hex}, lifetime_seconds)

    def session_token(self, customer_id: int | None, lifetime_seconds: int = 300) -> str:
        """Return a checkout extension's session token; `sub` only when signed in."""
        subject = {}
        if customer_id is not None:
            subject["sub"] = f"gid://shopify/Customer/{customer_id}"
        return self._sign(subject, lifetime_seconds)

    def read_id_token(self, token: str) -> dict[str, object]:
        """Return an id token's claims; raises jwt.InvalidTokenError when it proves nothing."""
        claims: dict[str, object] = jwt.decode(
            token,
            self.client_secret,
            algorithms=["HS256"],
            audience=self.client_id,
            leeway=10,
            options={"require": ["exp", "nbf", "aud", "dest", "iss", "sub"]},
        )
        if claims["dest"] != f"https://{self.domain}":
            raise jwt.InvalidTokenError("The token is for another shop.")
        return claims

    def _sign(self, subject: dict[str, str], lifetime_seconds: int) -> str:
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": f"https://{self.domain}/admin",
            "dest": f"https://{self.domain}",
            "aud": self.client_id,
            "exp": now + lifetime_seconds,
            "nbf": now,
            "iat": now,
            "jti": str(uuid.uuid4()),
            **subject,
        }
        return jwt.encode(claims, self.client_secret, algorithm="HS256")
