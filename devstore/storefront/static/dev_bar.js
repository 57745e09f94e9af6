/* The development bar: a changed setting is sent at once. Without scripts each form keeps its own button. */
for (const form of document.querySelectorAll(".dev-bar form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.querySelector("button[data-only-without-script]")?.remove();
}

const details = document.querySelector(".dev-bar details");
if (details && window.matchMedia("(min-width: 901px)").matches) details.open = true;
