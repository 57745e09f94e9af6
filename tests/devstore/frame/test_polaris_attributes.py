"""The stand-ins against Polaris's own manifest: nothing here that the real elements do not have."""

import json

import pytest

from devstore.frame.bundle import bundle
from tests.devstore.frame.fixtures import ROOT, node_file

STATIC = ROOT / "devstore/frame/static"

NEEDED = """
s-page s-section s-stack s-grid s-grid-item s-box s-text s-paragraph s-heading s-badge s-link s-divider s-spinner
s-empty-state s-banner s-button s-button-group s-text-field s-number-field s-money-field s-email-field s-url-field
s-search-field s-color-field s-date-field s-text-area s-select s-option s-option-group s-checkbox s-switch s-choice-list
s-choice s-modal s-popover s-tooltip s-table s-table-header-row s-table-header s-table-body s-table-row s-table-cell
s-icon s-avatar s-thumbnail s-chip s-ordered-list s-unordered-list s-list-item s-menu s-clickable s-image
s-query-container
""".split()

SPY = """
window.collected = {};
const define = customElements.define.bind(customElements);
const slotsOf = (template) => [...template.matchAll(/slot name="([^"]+)"/g)].map((match) => match[1]);
customElements.define = (tag, element) => {
  window.collected[tag] = { attributes: element.observedAttributes, slots: slotsOf(element.template) };
  define(tag, element);
};
"""


def manifest():
    found = node_file("@shopify/polaris-types/dist/custom-elements.json")
    if found is None:
        pytest.skip("@shopify/polaris-types is not installed: npm install brings it")
    modules = json.loads(found.read_text(encoding="utf-8"))["modules"]
    declarations = [entry for module in modules for entry in module["declarations"]]
    return {entry["tagName"]: entry for entry in declarations if entry.get("tagName")}


@pytest.fixture(scope="module")
def stand_ins(chromium):
    page = chromium.new_page()
    page.set_content("<!doctype html><title>Elements</title>")
    page.add_script_tag(content=SPY)
    page.add_script_tag(content=bundle(STATIC / "polaris/main.js"))
    yield page.evaluate("window.collected")
    page.close()


@pytest.mark.browser
def test_every_element_a_settings_page_needs_is_there(stand_ins):
    assert [tag for tag in NEEDED if tag not in stand_ins] == []


@pytest.mark.browser
def test_no_element_is_there_that_polaris_does_not_have(stand_ins):
    assert set(stand_ins) - set(manifest()) == set()


@pytest.mark.browser
def test_no_attribute_is_observed_that_polaris_does_not_have(stand_ins):
    real = manifest()

    extra = {
        tag: sorted(set(found["attributes"]) - {a["name"] for a in real[tag]["attributes"]})
        for tag, found in stand_ins.items()
    }
    assert {tag: names for tag, names in extra.items() if names} == {}


@pytest.mark.browser
def test_no_slot_is_offered_that_polaris_does_not_have(stand_ins):
    real = manifest()

    extra = {
        tag: sorted(set(found["slots"]) - {slot["name"] for slot in real[tag].get("slots", [])})
        for tag, found in stand_ins.items()
    }
    assert {tag: names for tag, names in extra.items() if names} == {}
