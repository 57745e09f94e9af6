/* The development bar: a changed setting is sent at once by its form. Without scripts each form keeps its own button. */
for (const button of document.querySelectorAll(".dev-bar [data-only-without-script]")) {
  button.remove();
}

const details = document.querySelector(".dev-bar details");
if (details && window.matchMedia("(min-width: 901px)").matches) details.open = true;
