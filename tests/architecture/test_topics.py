"""What the app declares to Shopify is what it has files for."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_every_declared_topic_has_one_file_and_every_file_is_declared():
    files = {path.stem for path in (PROJECT / "webhooks" / "topics").glob("[a-z]*.py")}

    assert {re.sub("[/.]", "_", topic) for topic in _declared_topics()} == files


def test_no_topic_is_declared_twice():
    topics = _declared_topics()

    assert len(topics) == len(set(topics))


def test_all_three_compliance_topics_are_declared():
    topics = set(_declared_topics())

    assert {"customers/data_request", "customers/redact", "shop/redact"} <= topics


def _declared_topics() -> list[str]:
    declared = tomllib.loads((PROJECT / "shopify.app.toml").read_text())
    return [
        topic
        for subscription in declared["webhooks"]["subscriptions"]
        for topic in subscription.get("topics", []) + subscription.get("compliance_topics", [])
    ]
