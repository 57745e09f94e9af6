"""The stand-ins for Polaris's elements, one by one, in a page of their own."""

import pytest
from playwright.sync_api import expect

from devstore.frame.bundle import bundle
from tests.devstore.frame.fixtures import ROOT, chromium, page, serious_findings

__all__ = ["chromium", "page"]

pytestmark = pytest.mark.browser

POLARIS = bundle(ROOT / "devstore/frame/static/polaris/main.js")
ENTRIES = "JSON.stringify([...new FormData(document.querySelector('form'))])"

SETTINGS = """
<form>
  <s-text-field name="name" label="Name" value="petals"></s-text-field>
  <s-number-field name="rate" label="Rate" value="1"></s-number-field>
  <s-money-field name="per" label="For every" value="25" currencycode="THB"></s-money-field>
  <s-email-field name="email" label="Email" value="a@example.com"></s-email-field>
  <s-url-field name="url" label="Address" value="https://example.com"></s-url-field>
  <s-search-field name="q" label="Search" value="tea"></s-search-field>
  <s-color-field name="colour" label="Colour" value="#1f5f4a"></s-color-field>
  <s-date-field name="from" label="From" value="2026-12-01"></s-date-field>
  <s-text-area name="note" label="Note" value="Two lines"></s-text-area>
  <s-select name="unit" label="Unit">
    <s-option-group label="Time"><s-option value="day">Day</s-option></s-option-group>
    <s-option value="month" selected>Month</s-option>
  </s-select>
  <s-checkbox name="tax" label="Tax" checked></s-checkbox>
  <s-checkbox name="tips" label="Tips" value="yes"></s-checkbox>
  <s-switch name="live" label="Live" value="1" checked></s-switch>
  <s-choice-list name="corner" label="Corner">
    <s-choice value="left" selected>Left</s-choice><s-choice value="right">Right</s-choice>
  </s-choice-list>
  <s-choice-list name="days" label="Days" multiple>
    <s-choice value="mon" selected>Monday</s-choice><s-choice value="tue" selected>Tuesday</s-choice>
  </s-choice-list>
</form>"""

DEFAULTS = [
    ["name", "petals"], ["rate", "1"], ["per", "25"], ["email", "a@example.com"],
    ["url", "https://example.com"], ["q", "tea"], ["colour", "#1f5f4a"], ["from", "2026-12-01"],
    ["note", "Two lines"], ["unit", "month"], ["tax", "on"], ["live", "1"], ["corner", "left"],
    ["days", "mon"], ["days", "tue"],
]  # fmt: skip


@pytest.fixture
def show(page):
    """Show markup with the elements defined."""

    def shown(markup):
        page.set_content(
            "<!doctype html><html lang=en><title>Elements</title><body><script></script></body>"
        )
        page.add_script_tag(content=POLARIS)
        page.evaluate("(markup) => document.body.insertAdjacentHTML('beforeend', markup)", markup)
        # Slots tell of their children in a task of their own.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return page

    return shown


def entries(page):
    return page.evaluate(f"JSON.parse({ENTRIES})")


def test_every_field_takes_part_in_its_form(show):
    page = show(SETTINGS)

    assert entries(page) == DEFAULTS


def test_a_reset_brings_every_default_back(show):
    page = show(SETTINGS)
    page.get_by_label("Name").fill("coins")
    page.get_by_label("Unit").select_option("day")
    page.get_by_label("Tax").uncheck()
    page.get_by_role("switch").click()
    page.get_by_role("radio", name="Right").click()
    page.get_by_role("checkbox", name="Tuesday").click()
    assert entries(page) != DEFAULTS

    page.evaluate("document.querySelector('form').reset()")

    assert entries(page) == DEFAULTS


def test_disabled_fields_are_not_sent(show):
    page = show(f"<fieldset disabled>{SETTINGS}</fieldset>")
    assert page.get_by_label("Name").is_disabled()

    page = show('<form><s-text-field name="a" value="1" disabled label="A"></s-text-field></form>')

    assert entries(page) == []


def test_a_value_set_by_script_wins_over_a_later_default(show):
    page = show('<form><s-text-field name="a" value="1" label="A"></s-text-field></form>')

    page.evaluate("document.querySelector('s-text-field').value = 'mine'")
    page.evaluate("document.querySelector('s-text-field').setAttribute('value', 'default')")

    assert entries(page) == [["a", "mine"]]


@pytest.mark.parametrize("event", ["input", "change", "focus", "blur"])
def test_fields_tell_of_typing_and_focus(show, event):
    page = show('<s-text-field label="Name"></s-text-field><s-button>Next</s-button>')
    page.evaluate(
        "(name) => document.querySelector('s-text-field')"
        ".addEventListener(name, () => { window.heard = name })",
        event,
    )

    page.get_by_label("Name").fill("x")
    page.get_by_role("button").focus()

    assert page.evaluate("window.heard") == event


def test_an_error_is_read_out_with_its_field(show):
    page = show(
        '<s-number-field label="Rate" error="Enter 1 or more" details="Whole"></s-number-field>'
    )

    field = page.get_by_label("Rate")
    expect(field).to_have_accessible_description("Enter 1 or more Whole")
    page.evaluate("document.querySelector('s-number-field').error = ''")
    expect(field).to_have_accessible_description("Whole")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_a_hidden_label_still_names_its_field(show):
    page = show(
        '<s-search-field label="Find" labelaccessibilityvisibility="exclusive"></s-search-field>'
    )

    expect(page.get_by_label("Find")).to_be_visible()


def test_a_submit_button_submits_even_from_outside_its_form(show):
    page = show('<form id="f"></form><s-button type="submit" form="f">Save</s-button>')
    page.evaluate(
        "document.querySelector('form').addEventListener('submit', (event) => {"
        " event.preventDefault(); window.sent = true })"
    )

    page.get_by_role("button", name="Save").click()

    page.wait_for_function("window.sent")


def test_a_prevented_click_submits_nothing(show):
    page = show("<form><s-button type=submit>Save</s-button></form>")
    page.evaluate(
        "document.querySelector('form').addEventListener('submit', (event) => {"
        " event.preventDefault(); window.sent = true });"
        "document.querySelector('s-button').addEventListener('click', (e) => e.preventDefault())"
    )

    page.get_by_role("button", name="Save").click()
    page.evaluate("new Promise((done) => setTimeout(done))")

    assert page.evaluate("window.sent") is None


@pytest.mark.parametrize("state", ["disabled", "loading"])
def test_a_button_that_waits_does_nothing(show, state):
    page = show(f"<form><s-button type=submit {state}>Save</s-button></form>")

    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_links_are_real_links(show):
    page = show('<s-button href="/a">A</s-button><s-link href="/b">B</s-link>')

    expect(page.get_by_role("link", name="A")).to_have_attribute("href", "/a")
    expect(page.get_by_role("link", name="B")).to_have_attribute("href", "/b")


def test_a_modal_opens_by_command_and_closes_by_escape(show):
    page = show(
        '<s-button commandfor="m" command="--show">Open</s-button>'
        '<s-modal id="m" heading="Sure?"><s-paragraph>Really.</s-paragraph></s-modal>'
    )

    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("dialog", name="Sure?")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    # Focus is back where it came from.
    assert page.evaluate("document.activeElement.localName") == "s-button"


def test_a_popover_opens_beside_its_button(show):
    page = show('<s-button commandfor="p">More</s-button><s-popover id="p">Inside</s-popover>')

    page.get_by_role("button", name="More").click()

    expect(page.get_by_text("Inside")).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_text("Inside")).to_be_hidden()


def test_a_tooltip_shows_on_focus(show):
    page = show('<s-button interestfor="t">Help</s-button><s-tooltip id="t">Explained</s-tooltip>')

    page.get_by_role("button", name="Help").focus()

    expect(page.get_by_text("Explained")).to_be_visible()


def test_a_dismissed_banner_is_gone_and_says_so(show):
    page = show('<s-banner heading="Saved" dismissible></s-banner>')
    page.evaluate(
        "document.querySelector('s-banner')"
        ".addEventListener('dismiss', () => { window.dismissed = true })"
    )

    page.get_by_role("button", name="Dismiss").click()

    expect(page.get_by_text("Saved")).to_be_hidden()
    assert page.evaluate("window.dismissed") is True


def test_a_grid_follows_the_width_of_its_container(show):
    page = show(
        '<s-query-container style="width: 600px"><s-grid gap="base" '
        'gridtemplatecolumns="@container (inline-size > 500px) 1fr 1fr, 1fr">'
        "<s-box>1</s-box><s-box>2</s-box></s-grid></s-query-container>"
    )
    columns = (
        "getComputedStyle(document.querySelector('s-grid')).gridTemplateColumns.split(' ').length"
    )
    assert page.evaluate(columns) == 2

    page.evaluate("document.querySelector('s-query-container').style.width = '400px'")

    assert page.evaluate(columns) == 1


TABLE = """
<div style="width: 800px"><s-table>
  <s-table-header-row>
    <s-table-header listslot="primary">Name</s-table-header>
    <s-table-header format="numeric">Points</s-table-header>
  </s-table-header-row>
  <s-table-body><s-table-row clickdelegate="l">
    <s-table-cell><s-link id="l" href="#mali">Mali</s-link></s-table-cell>
    <s-table-cell>1,240</s-table-cell>
  </s-table-row></s-table-body>
</s-table></div>"""


def test_a_table_is_read_as_one(show):
    page = show(TABLE)

    expect(page.locator("s-table")).to_match_aria_snapshot("""
      - table:
        - row "Name Points":
          - columnheader "Name"
          - columnheader "Points"
        - rowgroup:
          - row "Mali 1,240":
            - cell "Mali"
            - cell "1,240"
    """)


def test_a_press_on_a_row_presses_its_link(show):
    page = show(TABLE)

    page.get_by_role("cell", name="1,240").click()

    assert page.evaluate("location.hash") == "#mali"


def test_a_narrow_table_becomes_a_list_with_labels(show):
    page = show(TABLE.replace("800px", "360px"))

    expect(page.locator("s-table-cell .label", has_text="Points")).to_be_visible()
    width = page.evaluate("document.querySelector('s-table').scrollWidth")
    assert width <= 360


def test_headings_go_down_a_level_in_each_section(show):
    page = show(
        '<s-page heading="One"><s-section heading="Two"><s-section heading="Three">'
        "<s-heading>Four</s-heading></s-section></s-section></s-page>"
    )

    for level, name in enumerate(("One", "Two", "Three", "Four"), start=1):
        expect(page.get_by_role("heading", level=level, name=name)).to_be_visible()


def test_money_shows_its_currency(show):
    page = show('<s-money-field label="Price" currencycode="THB" value="25"></s-money-field>')

    expect(page.get_by_text("฿")).to_be_visible()


def test_axe_finds_nothing_serious_in_the_fields(show):
    page = show(f"<main><h1>Elements</h1>{SETTINGS}{TABLE}</main>")

    assert serious_findings(page) == []
