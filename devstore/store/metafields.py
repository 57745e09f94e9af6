"""Metafields: small values that apps keep on customers, the shop and their installation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from devstore.store.clock import Clock
from devstore.store.codec import stamp
from devstore.store.database import Database
from devstore.store.shop import APP_ID

FIRST_METAFIELD_ID = 30_000_000_000_001


@dataclass(frozen=True)
class Metafield:
    """One value; the namespace is written out (`app--1230000001`), never `$app`."""

    id: int
    owner_gid: str
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime

    @property
    def gid(self) -> str:
        """The metafield's global id."""
        return f"gid://shopify/Metafield/{self.id}"

    @property
    def digest(self) -> str:
        """What `compareDigest` is compared with."""
        return sha256(self.value.encode()).hexdigest()

    @property
    def parsed(self) -> object:
        """The value as Liquid sees it: a number, a JSON object or text."""
        if self.type == "number_integer":
            return int(self.value)
        return json.loads(self.value) if self.type in ("json", "boolean") else self.value


@dataclass(frozen=True)
class MetafieldInput:
    """One value to set; a digest, if given, must be that of the value now there."""

    owner_gid: str
    namespace: str
    key: str
    type: str
    value: str


def resolve_namespace(namespace: str | None) -> str:
    """Return a namespace with `$app` written out; none means the app's own."""
    own = f"app--{APP_ID}"
    if not namespace or namespace == "$app":
        return own
    if namespace.startswith("$app:"):
        return f"{own}--{namespace.removeprefix('$app:')}"
    return namespace


class Metafields:
    """The metafield table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, owner_gid: str, namespace: str | None, key: str) -> Metafield | None:
        """Return a metafield, or None; the namespace may be `$app`."""
        row = self._database.row(
            "SELECT * FROM metafield WHERE owner = ? AND namespace = ? AND key = ?",
            owner_gid,
            resolve_namespace(namespace),
            key,
        )
        if row is None:
            return None
        return Metafield(
            row["id"], row["owner"], row["namespace"], row["key"], row["type"], row["value"],
            datetime.fromisoformat(row["created_at"]), datetime.fromisoformat(row["updated_at"]),
        )  # fmt: skip

    def all(self, owner_gid: str) -> list[Metafield]:
        """Return every metafield of an owner."""
        sql = "SELECT namespace, key FROM metafield WHERE owner = ? ORDER BY id"
        rows = self._database.rows(sql, owner_gid)
        found = (self.get(owner_gid, row["namespace"], row["key"]) for row in rows)
        return [metafield for metafield in found if metafield is not None]

    def set(self, inputs: Sequence[MetafieldInput]) -> list[Metafield]:
        """Store all the values or none and return them."""
        now = stamp(self._clock.now())
        with self._database.transaction() as connection:
            for each in inputs:
                metafield_id = self._database.next_id("metafield", FIRST_METAFIELD_ID)
                connection.execute(
                    "INSERT INTO metafield VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (owner, namespace, key) DO UPDATE SET type = excluded.type,"
                    " value = excluded.value, updated_at = excluded.updated_at",
                    (
                        each.owner_gid, resolve_namespace(each.namespace), each.key, metafield_id,
                        each.type, each.value, now, now,
                    ),
                )  # fmt: skip
            found = [self.get(each.owner_gid, each.namespace, each.key) for each in inputs]
        return [metafield for metafield in found if metafield is not None]

    def delete(self, owner_gid: str, namespace: str | None, key: str) -> bool:
        """Delete a metafield; return whether there was one."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "DELETE FROM metafield WHERE owner = ? AND namespace = ? AND key = ?",
                (owner_gid, resolve_namespace(namespace), key),
            )
        return done.rowcount > 0
