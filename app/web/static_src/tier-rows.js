/**
 * Adds and removes the rows of a repeated group of fields.
 *
 * Accepts: `<template data-row="tiers">` whose fields are named `tiers-__index__-…`, a
 * `[data-rows="tiers"]` container, buttons `[data-add="tiers"]` and, in each row, `[data-remove]`,
 * `[data-move="1"]` (on by one) and a hidden field whose name ends in `-place`.
 */
function add(name) {
  const rows = document.querySelector(`[data-rows="${name}"]`);
  const template = document.querySelector(`template[data-row="${name}"]`);
  const index = Number(rows.dataset.next);
  rows.dataset.next = String(index + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__index__", String(index));
  rows.append(holder.content);
  changed(rows);
  rows.lastElementChild.querySelector('[name]:not([type="hidden"])')?.focus();
}

function move(row, steps, button) {
  const other = steps > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return;
  if (steps > 0) other.after(row);
  else other.before(row);
  changed(row.parentElement);
  button.focus();
}

function changed(rows) {
  [...rows.children].forEach((row, place) => {
    const field = row.querySelector('[name$="-place"]');
    if (field) field.value = String(place);
  });
  rows.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const adding = event.target.closest?.("[data-add]");
  if (adding) add(adding.dataset.add);
  const moving = event.target.closest?.("[data-move]");
  if (moving) move(moving.closest("[data-tier]"), Number(moving.dataset.move), moving);
  const removing = event.target.closest?.("[data-remove]");
  if (removing) {
    const row = removing.closest("[data-tier]");
    const rows = row.parentElement;
    row.remove();
    changed(rows);
  }
});
