"""A Shopify for tests of flows and pages: it keeps codes and metafields, and fails when told to."""

import itertools
import threading
from collections import defaultdict
from datetime import timedelta

from app.clock import wall_now
from app.shopify.errors import (
    RefreshTokenLost,
    ShopifyRefused,
    ShopifyUnavailable,
    TokenRejected,
    UserError,
)
from app.shopify.tokens import TokenPair

FACTS = {
    "shop": {
        "id": "gid://shopify/Shop/1",
        "name": "Baan Cha",
        "myshopifyDomain": "tea.myshopify.com",
        "currencyCode": "THB",
        "ianaTimezone": "Asia/Bangkok",
        "plan": {"publicDisplayName": "Plus", "shopifyPlus": True},
    },
    "shopLocales": [
        {"locale": "en", "primary": True},
        {"locale": "th", "primary": False},
    ],
    "currentAppInstallation": {
        "id": "gid://shopify/AppInstallation/1",
        "accessScopes": [{"handle": "write_discounts"}, {"handle": "read_orders"}],
    },
}


class FakeShopify:
    """Stands where app.shopify.gateway.Shopify stands; `api` and `tokens` are itself."""

    def __init__(self):
        self.api = self
        self.tokens = self
        self.facts = FACTS
        self.codes = {}
        self.used_codes = set()
        self.metafields = {}
        self.gone_customers = set()
        self.product_tags = {}
        self.customer_tags = {}
        self.asked = []
        self.valid_tokens = set()
        self.refresh_tokens = set()
        self.failures = defaultdict(list)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    # What fails: fail("create_basic_code", before=error) or after=error, once each.

    def fail(self, operation, *, before=None, after=None):
        self.failures[operation].append((before, after))

    # The token endpoint.

    def exchange(self, token):
        self.asked.append("token_exchange")
        self._fail_before("token_exchange")
        return self._new_pair()

    def refresh(self, shop_domain, refresh_token):
        self.asked.append("token_refresh")
        self._fail_before("token_refresh")
        with self._lock:
            if refresh_token not in self.refresh_tokens:
                raise RefreshTokenLost(shop_domain=shop_domain, operation="token_refresh")
            self.refresh_tokens.remove(refresh_token)
        return self._new_pair()

    def _new_pair(self):
        number = next(self._numbers)
        self.valid_tokens.add(f"access-{number}")
        self.refresh_tokens.add(f"refresh-{number}")
        return TokenPair(
            access_token=f"access-{number}",
            access_token_expires_at=wall_now() + timedelta(hours=1),
            refresh_token=f"refresh-{number}",
            refresh_token_expires_at=wall_now() + timedelta(days=90),
            scopes="read_orders,write_discounts",
        )

    # The Admin API.

    def run(self, access, operation, variables=None, *, repeatable=False, budget_s=60.0):
        self.asked.append(operation)
        if access.token not in self.valid_tokens:
            raise TokenRejected(shop_domain=access.domain, operation=operation)
        before, after = self._planned(operation)
        if before:
            raise before
        data = getattr(self, "_" + operation)(variables or {})
        if after:
            raise after
        return data

    def _planned(self, operation):
        planned = self.failures[operation]
        return planned.pop(0) if planned else (None, None)

    def _fail_before(self, operation):
        before, _ = self._planned(operation)
        if before:
            raise before

    def _shop_facts(self, _):
        return self.facts

    def _variant_price(self, _):
        return {"productVariant": {"price": "120.00"}}

    def _create_basic_code(self, variables):
        return {"discountCodeBasicCreate": self._create(variables["discount"])}

    def _create_free_shipping_code(self, variables):
        return {"discountCodeFreeShippingCreate": self._create(variables["discount"])}

    def _create(self, discount):
        if discount["code"] in self.codes:
            raise refused("TAKEN", "basicCodeDiscount.code")
        gid = f"gid://shopify/DiscountCodeNode/{next(self._numbers)}"
        self.codes[discount["code"]] = (gid, discount)
        return {"codeDiscountNode": {"id": gid}, "userErrors": []}

    def _find_code(self, variables):
        code = variables["code"]
        if code not in self.codes:
            return {"codeDiscountNodeByCode": None}
        uses = int(code in self.used_codes)
        found = {"id": self.codes[code][0], "codeDiscount": {"asyncUsageCount": uses}}
        return {"codeDiscountNodeByCode": found}

    def _delete_code(self, variables):
        kept = {code: made for code, made in self.codes.items() if made[0] != variables["id"]}
        if len(kept) == len(self.codes):
            raise refused("INVALID", "id")
        self.codes = kept
        return {"discountCodeDelete": {"deletedCodeDiscountId": variables["id"]}}

    def _product_facts(self, variables):
        ids = [int(gid.rpartition("/")[2]) for gid in variables["ids"]]
        page = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return {
            "nodes": [
                {"id": str(id_), "tags": self.product_tags[id_], "collections": page}
                if id_ in self.product_tags
                else None
                for id_ in ids
            ]
        }

    def _customer_facts(self, variables):
        ids = [int(gid.rpartition("/")[2]) for gid in variables["ids"]]
        accounts = {"customerAccountsVersion": "CLASSIC", "loginRequiredAtCheckout": False}
        return {
            "shop": {"customerAccountsV2": accounts},
            "nodes": [{"tags": self.customer_tags.get(id_, []), "state": "ENABLED"} for id_ in ids],
        }

    def _set_metafields(self, variables):
        fields = variables["metafields"]
        for field in fields:
            if int(field["ownerId"].rpartition("/")[2]) in self.gone_customers:
                raise refused("INVALID", "metafields.0.ownerId")
        for field in fields:
            self.metafields[field["ownerId"], field["namespace"], field["key"]] = field["value"]
        return {"metafieldsSet": {"metafields": [], "userErrors": []}}


def refused(code, field=""):
    return ShopifyRefused(
        shop_domain="tea.myshopify.com", operation="test", errors=(UserError(code, field),)
    )


def unavailable(*, maybe_done):
    return ShopifyUnavailable(
        shop_domain="tea.myshopify.com", operation="test", reason="test", maybe_done=maybe_done
    )


class RecordedJobs:
    """The jobs port, remembering what was enqueued."""

    def __init__(self):
        self.enqueued = []

    def enqueue(self, name, session=None, **args):
        self.enqueued.append((name, args))

    def enqueue_soon(self, name, **args):
        self.enqueue(name, **args)
