/**
 * Shows of each tier what it is about: its threshold in the unit of the measure, or which tag.
 *
 * Accepts: `<form data-tiers>` with `data-units` and `data-entry-labels` (JSON), a field `measure`,
 * and in each `[data-tier]` a field whose name ends in `-entry`, parts `[data-for-entry="tag company"]`
 * and `[data-tier-name]`.
 */
function show(form) {
  const units = JSON.parse(form.dataset.units);
  const labels = JSON.parse(form.dataset.entryLabels);
  const unit = units[form.querySelector('[name="measure"]')?.value] ?? "";
  for (const tier of form.querySelectorAll("[data-tier]")) {
    const entry = tier.querySelector('[name$="-entry"]')?.value || "threshold";
    for (const part of tier.querySelectorAll("[data-for-entry]"))
      part.hidden = !part.dataset.forEntry.split(" ").includes(entry);
    set(tier.querySelector('[name$="-threshold"]'), "suffix", unit);
    if (labels[entry]) set(tier.querySelector('[name$="-entry_value"]'), "label", labels[entry]);
    const name = tier.querySelector('[name$="-tier_name"]')?.value;
    if (name) tier.querySelector("[data-tier-name]").textContent = name;
  }
}

function set(field, attribute, value) {
  if (field && field.getAttribute(attribute) !== value) field.setAttribute(attribute, value);
}

function later(event) {
  const form = event.target.closest?.("form[data-tiers]");
  // Elements settle their value in the same event.
  if (form) setTimeout(() => show(form));
}

for (const type of ["input", "change", "reset"]) document.addEventListener(type, later);
for (const type of ["turbo:load", "turbo:render"])
  document.addEventListener(type, () => {
    const form = document.querySelector("form[data-tiers]");
    if (form) show(form);
  });
