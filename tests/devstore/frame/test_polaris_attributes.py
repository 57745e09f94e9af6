"""The stand-ins against Polaris's own manifest: nothing here that the real elements do not have."""

import json
import os
from pathlib import Path

import pytest

from devstore.frame.bundle import bundle

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "devstore/frame/static"
MANIFEST = Path("node_modules/@shopify/polaris-types/dist/custom-elements.json")

NEEDED = """
s-page s-section s-stack s-grid s-grid-item s-box s-text s-paragraph s-heading s-badge s-link s-divider s-spinner
s-empty-state s-banner s-button s-button-group s-text-field s-number-field s-money-field s-email-field s-url-field
s-search-field s-color-field s-date-field s-text-area s-select s-option s-option-group s-checkbox s-switch s-choice-list
s-choice s-modal s-popover s-tooltip s-table s-table-header-row s-table-header s-table-body s-table-row s-table-cell
s-icon s-avatar s-thumbnail s-chip s-ordered-list s-unordered-list s-list-item s-menu s-clickable s-image
s-query-container
""".split()

COLLECT = """
() => window.collected
"""
SPY = """
window.collected = {};
const define = customElements.define.bind(customElements);
customElements.define = (tag, element) => {
  window.collected[tag] = { attributes: element.observedAttributes, slots: [...element.template.matchAll(/slot name="([^"]+)"/g)].map((m) => m[1]) };
  define(tag, element);
};
"""


def manifest():
    roots = [ROOT, Path(os.environ.get("POLARIS_TYPES_ROOT", ROOT))]
    found = [root / MANIFEST for root in roots if (root / MANIFEST).is_file()]
    if not found:
        pytest.skip("@shopify/polaris-types is not installed: npm install brings it")
    modules = json.loads(found[0].read_text(encoding="utf-8"))["modules"]
    declarations = [entry for module in modules for entry in module["declarations"]]
    return {entry["tagName"]: entry for entry in declarations if entry.get("tagName")}


@pytest.fixture(scope="module")
def stand_ins(chromium):
    page = chromium.new_page()
    page.set_content("<!doctype html><title>Elements</title>")
    page.evaluate(SPY)
    page.evaluate(bundle(STATIC / "polaris/main.js"))
    yield page.evaluate(COLLECT)
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
