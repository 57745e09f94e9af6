"""A tag or a company of a customer opens a tier, however Shopify tells of it."""

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.db.models import Member, Tier
from app.db.queries.work_waiting import shops_wanting_marks
from app.flows.push_widget_settings import push_widget_settings
from app.flows.read_customer_marks import read_customer_marks
from app.flows.shop_access import runner, vault_of
from app.services.note_widget_change import note_widget_change
from app.services.save_tiers import TierDraft, save_tiers
from app.shopify.customer_marks import find_contacts
from app.shopify.errors import ShopifyUnavailable
from devstore.store.companies import Company, Contact
from devstore.store.customer_tags import TagsEvent
from webhooks.inbox_rows import InboxEvent
from webhooks.packing import pack
from webhooks.process import apply, translate
from webhooks.topic import Scope


@pytest.fixture
def save(parts, tenant):
    """Return a function that saves Bronze and a tier entered in another way."""

    def save(entry, value=None):
        with parts.database.tenant(tenant) as session:
            bronze = session.scalar(select(Tier.id).where(Tier.threshold == 0))
            save_tiers(
                session,
                program_id=tenant.program_id,
                tiers=[
                    TierDraft(id=bronze, name="Bronze", threshold=0, multiplier_bp=10_000),
                    TierDraft(
                        name="Circle",
                        threshold=None,
                        entry=entry,
                        entry_value=value,
                        multiplier_bp=20_000,
                    ),
                ],
                now=utc_now(),
            )

    return save


@pytest.fixture
def tier(parts, tenant, buyer):
    def tier():
        with parts.database.tenant(tenant) as session:
            query = select(Tier.name).join(Member, Member.tier_id == Tier.id)
            return session.scalar(query.where(Member.id == buyer.member_id))

    return tier


@pytest.fixture
def tell(parts, tenant, running):
    """Return a function that lets a webhook of the store be taken in and followed."""

    def tell(topic, subject):
        scope = Scope(
            shop_id=tenant.shop_id,
            program_id=tenant.program_id,
            now=utc_now(),
            ledger_key=parts.settings.ledger_key,
            vault=vault_of(parts),
        )
        event = InboxEvent(1, topic, "", utc_now(), pack(running.body(topic, subject)))
        batch = translate([event], scope)
        assert batch.verdicts == []
        with parts.database.tenant(tenant) as session:
            report = apply(session, scope, batch.translated)
        return read_customer_marks(parts, tenant.shop_id) if report.marks_wanted else 0

    return tell


def tags_event(customer, *tags):
    return TagsEvent(customer.gid, tags, utc_now())


def test_a_tag_opens_its_tier_and_its_loss_closes_it(running, customer, save, tell, tier):
    save("tag", "Wholesale")
    tagged = running.store.customers.update(customer.id, tags=("WHOLESALE", "tea"))

    assert tell("customer.tags_added", tags_event(tagged, "WHOLESALE")) == 1
    assert tier() == "Circle"

    running.store.customers.update(customer.id, tags=("tea",))
    assert tell("customer.tags_removed", tags_event(tagged, "WHOLESALE")) == 1
    assert tier() == "Bronze"


def test_webhooks_out_of_order_end_at_what_the_customer_carries(
    running, customer, save, tell, tier
):
    save("tag", "wholesale")
    tagged = running.store.customers.update(customer.id, tags=("wholesale",))

    tell("customer.tags_added", tags_event(tagged, "wholesale"))
    tell("customer.tags_removed", tags_event(tagged, "wholesale"))

    assert tier() == "Circle"


def test_tags_that_no_tier_asks_for_are_not_read(customer, save, tell):
    save("tag", "wholesale")

    assert tell("customer.tags_added", tags_event(customer, "regulars-gold")) == 0
    assert (
        tell(
            "company_contacts/create", Contact(1, Company(2, "", utc_now()), customer.id, utc_now())
        )
        == 0
    )


def test_a_company_opens_its_tier(running, customer, save, tell, tier):
    save("company")
    contact = running.store.companies.join(customer.id, "Siam Hotel")

    assert tell("company_contacts/create", contact) == 1
    assert tier() == "Circle"

    running.store.companies.leave_all(customer.id)
    assert tell("company_contacts/delete", contact) == 1
    assert tier() == "Bronze"


def test_a_tier_for_one_company_is_not_for_another(running, customer, save, tell, tier):
    siam = running.store.companies.named("Siam Hotel")
    save("company", str(siam.id))

    tell("company_contacts/create", running.store.companies.join(customer.id, "Other"))
    assert tier() == "Bronze"

    tell("company_contacts/create", running.store.companies.join(customer.id, "Siam Hotel"))
    assert tier() == "Circle"


@pytest.mark.parametrize("entry", ["tag", "company"])
def test_a_new_tier_finds_those_whom_it_is_for(
    parts, opened, running, customer, save, tier, entry, tenant
):
    running.store.customers.update(customer.id, tags=("wholesale",))
    running.store.companies.join(customer.id, "Siam Hotel")
    save(entry, "wholesale" if entry == "tag" else None)

    push_widget_settings(parts, opened.program_id)
    assert read_customer_marks(parts, tenant.shop_id) == 1
    assert tier() == "Circle"

    with parts.database.tenant(tenant) as session:
        note_widget_change(session, program_id=opened.program_id)
    push_widget_settings(parts, opened.program_id)
    assert read_customer_marks(parts, tenant.shop_id) == 0


def test_all_contacts_of_a_large_company_are_found(parts, opened, running):
    contacts = {
        running.store.customers.create(first_name="Buyer", email=f"buyer{number}@example.com").id
        for number in range(51)
    }
    for customer_id in sorted(contacts):
        running.store.companies.join(customer_id, "Siam Hotel")

    assert find_contacts(runner(parts, opened.shop_id)) == contacts


def test_what_could_not_be_read_is_read_later(parts, running, customer, save, tell, tier, tenant):
    save("tag", "wholesale")
    tagged = running.store.customers.update(customer.id, tags=("wholesale",))
    for _ in range(6):
        running.fail("CustomerMarks", "before")

    with pytest.raises(ShopifyUnavailable):
        tell("customer.tags_added", tags_event(tagged, "wholesale"))
    assert tier() == "Bronze"

    with parts.database.sweep() as session:
        assert shops_wanting_marks(session) == [tenant.shop_id]
    read_customer_marks(parts, tenant.shop_id)
    assert tier() == "Circle"
