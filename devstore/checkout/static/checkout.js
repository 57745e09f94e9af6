/* The checkout page: follows its own forms and the codes that the extension in its frames changes. Every form also works without scripts. */

const frames = () => [...document.querySelectorAll("[data-extension]")];

function renew(page) {
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const next = page.getElementById(part.id);
    if (next) part.replaceWith(document.importNode(next, true));
  }
}

async function refresh() {
  const response = await fetch("/checkout", { headers: { Accept: "text/html" } });
  renew(new DOMParser().parseFromString(await response.text(), "text/html"));
}

async function tellFrames() {
  const signals = await (await fetch("/checkout/signals")).json();
  for (const frame of frames())
    frame.contentWindow.postMessage({ regulars: "signals", signals }, window.location.origin);
}

async function send(form, submitter) {
  const fields = new FormData(form, submitter);
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  renew(page);
  const said = page.getElementById("code-error");
  document.getElementById("code-error").textContent = said?.textContent ?? "";
  if (response.ok) document.getElementById("code").value = "";
  await tellFrames();
}

async function chooseMethod(method) {
  await fetch("/checkout/method", { method: "POST", body: new URLSearchParams({ method }) });
  await refresh();
  await tellFrames();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-code-form]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "method") chooseMethod(event.target.value);
  if (event.target.dataset.pay)
    document.querySelector("[data-pay-label]").textContent = event.target.dataset.pay;
});

window.addEventListener("message", (event) => {
  if (event.origin === window.location.origin && event.data.regulars === "checkout-changed")
    refresh();
});
