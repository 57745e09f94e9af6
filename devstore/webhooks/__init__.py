"""Webhooks as Shopify sends them: signed, retried, and in bad weather if asked.

`services.sender.deliveries` is the queue and the log: all(limit, offset), get(id), counts(),
pending(), send_again(id). `services.sender.wait_until_quiet(seconds)` waits until all is sent.
"""

from devstore.webhooks.routes import blueprint

__all__ = ["blueprint"]
