"""The shop engine behind the development store.

Everything is reached from one `Store` (`services.store`), which is safe in threads:

    store.update_shop(name=, email=, plan=) → Shop
    store.shop                  Shop(domain, name, currency, timezone, plan, tax_bp, taxes_included, …)
    store.clock                 now() → aware UTC, advance(seconds), offset_seconds()
    store.products              all(), by_handle(h), get(id), variant(variant_id) → (Product, Variant),
                                set_tags(id, tags); collections follow the tags
    store.customers             create(first_name=, last_name=, email=, locale=, …), update(id, **fields),
                                delete(id), merge(kept_id, deleted_id), get(id), by_email(e), require(id),
                                all(limit, offset), count(), search(words), request_data(id), redact(id)
    store.orders                place(customer_id | None, [CartLine(variant_id, quantity)], discount_codes,
                                shipping=Shipping(title, price_minor), mark_paid, note, processed_at,
                                email=…, test=, source_name=, locale=, terms=Terms(authorize,
                                gift_card_minor, tip_minor, duty_bp, presentment_currency, in_person))
                                → Order
                                pay(id), pay_part(id, amount_minor), capture(id, amount_minor=None), void(id)
                                refund(id, lines=[(line_id, quantity)], amount_minor=None,
                                shipping_minor=0, restock=True, gateway=, pending=) → Refund,
                                refund_rest(id), settle_refund(id, refund_id)
                                take_back(id, lines, exchange_for=[CartLine], payout=Payout(…)) → Order
                                edit(id, quantities={line_id: n}, add=[CartLine]), cancel(id, refund=True)
                                fulfil(id), archive(id), reopen(id), move(id, customer_id | None), delete(id)
                                get(id), by_number(n), all(limit, offset, customer_id), count()
    store.discounts             by_code(code), get(id), all(), create(build), deactivate(id), delete(id),
                                evaluate(codes, customer_id, [CartLine], now, shipping_minor) → Evaluation
                                (lines, applied[AppliedDiscount(code, line_amounts, shipping_minor)],
                                refused[Refusal(code, reason, message)], line_discounts, total_minor …)
                                automatic: all(), get(id), save(AutomaticShipping, now), delete(id)
    store.segments              create(name, query), update(id, name, query), delete(id), all(), of(customer)
    store.companies             join(customer_id, company_name), leave_all(customer_id), contacts_of(id), all()
    store.metafields            get(owner_gid, namespace | "$app", key) → Metafield(.parsed), set(), all()
    store.installation          installed, install() (the frame calls it when the app is opened),
                                uninstall(), scopes, grant_optional(bool), redact_shop()
    store.tokens                id_token(), session_token(customer_id | None), host
    store.access                expire_all(), revoke_all()
    store.config                what shopify.app.toml says: topics, scopes, proxy_path, proxy_url

Every change that Shopify announces writes its webhook in the same transaction; the sender
(`services.sender`) delivers it. Money is whole minor units (`…_minor`); texts of the catalogue are
`Text(en, th)` with `in_locale(locale)`.
"""

from devstore.store.customers import Customer, CustomerHasOrders, EmailTaken, UnknownCustomer
from devstore.store.discount import CombinesWith, Discount
from devstore.store.evaluation import AppliedDiscount, CartLine, Evaluation, PricedLine, Refusal
from devstore.store.metafields import Metafield, MetafieldInput
from devstore.store.order import Order
from devstore.store.order_line import OrderLine
from devstore.store.order_money import Refund
from devstore.store.order_table import UnknownOrder
from devstore.store.ordering import CodesRefused
from devstore.store.orders import OrderClosed
from devstore.store.placement import Shipping
from devstore.store.products import Product, UnknownVariant, Variant
from devstore.store.refunding import RefundTooLarge
from devstore.store.shop import Shop
from devstore.store.store import Store, open_store

__all__ = [
    "AppliedDiscount",
    "CartLine",
    "CodesRefused",
    "CombinesWith",
    "Customer",
    "CustomerHasOrders",
    "Discount",
    "EmailTaken",
    "Evaluation",
    "Metafield",
    "MetafieldInput",
    "Order",
    "OrderClosed",
    "OrderLine",
    "PricedLine",
    "Product",
    "Refund",
    "RefundTooLarge",
    "Refusal",
    "Shipping",
    "Shop",
    "Store",
    "UnknownCustomer",
    "UnknownOrder",
    "UnknownVariant",
    "Variant",
    "open_store",
]
