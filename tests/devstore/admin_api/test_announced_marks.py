"""What customers are to tiers is announced apart from the customers, as at Shopify."""

import json


def test_changed_tags_are_announced_apart_from_the_customer(installed, intake):
    customer = installed.store.customers.create(first_name="Mali", tags=("Tea",))
    installed.store.customers.update(customer.id, tags=("Gold",))
    installed.store.customers.update(customer.id, note="likes tea")

    intake.wait_for(6)

    bodies = [json.loads(body) for _, body in intake.arrived]
    told = [
        (topic, body["tags"])
        for topic, body in zip(intake.topics(), bodies, strict=True)
        if topic.startswith("customer.tags")
    ]
    assert sorted(told) == [
        ("customer.tags_added", ["Gold"]),
        ("customer.tags_added", ["Tea"]),
        ("customer.tags_removed", ["Tea"]),
    ]
    assert all("tags" not in body for body in bodies if "customerId" not in body)


def test_a_contact_of_a_company_is_announced_and_told(installed, intake):
    customer = installed.store.customers.create(first_name="Mali")
    contact = installed.store.companies.join(customer.id, "Siam Hotel")
    query = "query Q($id: ID!) { customer(id: $id) { companyContactProfiles { company { id } } } }"

    intake.wait_for(2)
    profiles = installed.data(query, id=customer.gid)["customer"]["companyContactProfiles"]

    body = json.loads(intake.arrived[-1][1])
    assert intake.topics()[-1] == "company_contacts/create"
    assert body["customer_admin_graphql_api_id"] == customer.gid
    assert profiles == [{"company": {"id": contact.company.gid}}]
    assert installed.order(customer).company == contact.company
