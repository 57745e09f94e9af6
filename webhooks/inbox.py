"""The inbox: a verified webhook is on disk before it is acknowledged."""

from app.container import Jobs
from app.db.session import Database
from webhooks.group_commit import GroupCommitter
from webhooks.packing import pack
from webhooks.shop_directory import ShopDirectory
from webhooks.verify import WebhookHeaders
from webhooks.wake import DrainWaker


class UnknownShop(Exception):
    """No shop of that domain installed the app."""


class Inbox:
    """Stores webhooks, each once per shop and webhook id."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._shops = ShopDirectory(database)
        self._committer = GroupCommitter(lambda: database.connect("intake"), DrainWaker(jobs).wake)

    def close(self) -> None:
        """End the threads and close the connections."""
        self._committer.close()
        self._shops.close()

    def take(self, headers: WebhookHeaders, body: bytes) -> None:
        """Return once the webhook is committed; one that is known already changes nothing.

        Raises UnknownShop, NotCommitted, or psycopg.Error when the database does not answer.
        """
        shop_id = self._shops.shop_id(headers.shop_domain)
        if shop_id is None:
            raise UnknownShop
        self._committer.put(
            (
                shop_id,
                headers.webhook_id,
                headers.event_id,
                headers.topic,
                headers.api_version,
                headers.triggered_at,
                pack(body),
            )
        )
