"""Access tokens of the installed app: offline, expiring, with refresh tokens that rotate."""

import secrets
import time
from dataclasses import dataclass

from devstore.store.database import Database

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class Grant:
    """What the token endpoint answers with; tokens that do not expire have no refresh token."""

    access_token: str
    scopes: tuple[str, ...]
    expires_in: int | None
    refresh_token: str | None
    refresh_expires_in: int | None


class Access:
    """The token tables; times are real, never shifted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, scopes: tuple[str, ...], expiring: bool) -> Grant:
        """Return a new token; an expiring one starts a chain of refresh tokens."""
        return self._issue(scopes, expiring, secrets.token_hex(8))

    def refresh(self, refresh_token: str, scopes: tuple[str, ...]) -> Grant | None:
        """Rotate: the old pair dies with its use. None when the token is unknown or too old."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "DELETE FROM refresh_token WHERE token = ? AND expires_at > ? RETURNING chain",
                (refresh_token, time.time()),
            ).fetchone()
            if row is None:
                return None
            connection.execute("DELETE FROM access_token WHERE chain = ?", (row["chain"],))
            return self._issue(scopes, True, row["chain"])

    def scopes_of(self, access_token: str) -> frozenset[str] | None:
        """Return what a token allows; None when it is unknown or has run out."""
        row = self._database.row(
            "SELECT scopes FROM access_token WHERE token = ?"
            " AND (expires_at IS NULL OR expires_at > ?)",
            access_token,
            time.time(),
        )
        return None if row is None else frozenset(row["scopes"].split(","))

    def expire_all(self) -> None:
        """Let every access token run out now; refresh tokens stay good."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE access_token SET expires_at = 0")

    def revoke_all(self) -> None:
        """Forget every token, as an uninstall does."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM access_token")
            connection.execute("DELETE FROM refresh_token")

    def set_scopes(self, scopes: tuple[str, ...]) -> None:
        """Give every token that is out other scopes."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE access_token SET scopes = ?", (",".join(scopes),))

    def _issue(self, scopes: tuple[str, ...], expiring: bool, chain: str) -> Grant:
        # The prefixes are Shopify's own: app tokens and their refresh tokens.
        token = f"shpat_{secrets.token_hex(16)}"
        refresh = f"shprt_{secrets.token_hex(16)}" if expiring else None
        now, joined = time.time(), ",".join(scopes)
        with self._database.transaction() as connection:
            expires_at = now + ACCESS_SECONDS if expiring else None
            connection.execute(
                "INSERT INTO access_token VALUES (?, ?, ?, ?)", (token, joined, expires_at, chain)
            )
            if refresh is not None:
                row = (refresh, joined, now + REFRESH_SECONDS, chain)
                connection.execute("INSERT INTO refresh_token VALUES (?, ?, ?, ?)", row)
        return Grant(
            token,
            scopes,
            ACCESS_SECONDS if expiring else None,
            refresh,
            REFRESH_SECONDS if expiring else None,
        )
