"""The page of the app's installation, and the theme's app embed."""

import pytest

from devstore.storefront.embed_settings import embed_enabled


def test_an_uninstalled_app_loses_its_place(services, web):
    services.store.installation.install()

    web.post("/admin/settings/apps/uninstall")

    assert not services.store.installation.installed


def test_the_shops_data_is_erased_after_an_uninstall(services, web):
    services.store.installation.install()
    web.post("/admin/settings/apps/uninstall")

    web.post("/admin/settings/apps/redact")

    services.sender.deliveries.take_in_events()
    sent = [each.topic for each in services.sender.deliveries.all()]
    assert sent == ["shop/redact", "app/uninstalled"]


def test_an_uninstalled_app_is_told_nothing_else(services, web):
    services.store.installation.install()
    services.store.installation.uninstall()

    web.post("/admin/customers/new", data={"first_name": "Nok"})

    services.sender.deliveries.take_in_events()
    assert [each.topic for each in services.sender.deliveries.all()] == ["app/uninstalled"]


def test_opening_the_app_installs_it_again(services, web):
    web.get("/admin/apps/regulars")

    assert services.store.installation.installed


def test_the_optional_permissions_are_granted_and_taken_away(services, web):
    services.store.installation.install()

    web.post("/admin/settings/apps/grant")
    assert "read_all_orders" in services.store.installation.scopes
    web.post("/admin/settings/apps/revoke")
    assert "read_all_orders" not in services.store.installation.scopes


def test_the_embed_is_on_until_it_is_switched_off(services, web):
    assert embed_enabled(services)

    web.post("/admin/theme", data={})
    assert not embed_enabled(services)
    web.post("/admin/theme", data={"embed_enabled": "1"})
    assert embed_enabled(services)


@pytest.mark.parametrize("link", ["?context=apps&activateAppId=some-uuid/rewards", "?context=apps"])
def test_a_deep_link_says_what_to_switch_on(web, link):
    web.post("/admin/theme", data={})

    page = web.get(f"/admin/theme{link}").text

    assert "The app sent you here" in page
