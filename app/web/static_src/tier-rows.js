/**
 * Adds and removes the rows of a repeated group of fields.
 *
 * Accepts: `<template data-row="tiers">` whose fields are named `tiers-__index__-…`, a
 * `[data-rows="tiers"]` container, buttons `[data-add="tiers"]` and, in each row, `[data-remove]`.
 */
function add(name) {
  const rows = document.querySelector(`[data-rows="${name}"]`);
  const template = document.querySelector(`template[data-row="${name}"]`);
  const index = Number(rows.dataset.next);
  rows.dataset.next = String(index + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__index__", String(index));
  rows.append(holder.content);
  rows.lastElementChild.querySelector("[name]")?.focus();
  changed(rows);
}

function changed(rows) {
  rows.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const adding = event.target.closest?.("[data-add]");
  if (adding) add(adding.dataset.add);
  const removing = event.target.closest?.("[data-remove]");
  if (removing) {
    const row = removing.closest("[data-tier]");
    const rows = row.parentElement;
    row.remove();
    changed(rows);
  }
});
