/* A stand-in for the `shopify` global of UI extensions, API 2026-07: what checkout and account have in common.

   Accepts: <script type="application/json" id="extension">, what the server knows (devstore/ui_extensions/extension_page.py).
   Talks to: the server for tokens; the page around it, by messages, when the height changes.
   Leaves: `standIn`, with which shopify_checkout.js and shopify_account.js add what only they have. */
(() => {
  const data = JSON.parse(document.getElementById("extension").textContent);

  class PlainSignal {
    #value;
    #listeners = new Set();

    constructor(value) {
      this.#value = value;
    }

    get value() {
      return this.#value;
    }

    set value(next) {
      this.#value = next;
      for (const listener of [...this.#listeners]) listener(next);
    }

    subscribe(listener) {
      this.#listeners.add(listener);
      listener(this.#value);
      return () => this.#listeners.delete(listener);
    }
  }

  let Signal = PlainSignal;
  const signals = new Map();

  function withCurrent(signal) {
    if (!("current" in signal))
      Object.defineProperty(signal, "current", { get: () => signal.value });
    signal.destroy ??= async () => {};
    return signal;
  }

  function signal(name) {
    if (!signals.has(name)) signals.set(name, withCurrent(new Signal(data.signals[name])));
    return signals.get(name);
  }

  /* An object whose properties are the named signals: {customer: 'buyerIdentity.customer'}. */
  function group(prefix, names) {
    const object = {};
    for (const name of names) {
      Object.defineProperty(object, name, { enumerable: true, get: () => signal(prefix + name) });
    }
    return object;
  }

  function update(next) {
    Object.assign(data.signals, next);
    for (const [name, held] of signals) if (name in next) held.value = next[name];
  }

  async function post(path, body) {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  async function sessionToken() {
    const answer = await post(`${data.base}/session-token`, {});
    return answer.token;
  }

  const locale = () => data.signals["localization.language"].isoCode;

  function text(key) {
    return key.split(".").reduce((texts, part) => texts?.[part], data.translations);
  }

  function translate(key, replacements = {}) {
    let found = text(key);
    if (found && typeof found === "object") {
      const rule = new Intl.PluralRules(locale()).select(Number(replacements.count));
      found = found[rule] ?? found.other;
    }
    if (typeof found !== "string") return `translation missing: ${key}`;
    const parts = found
      .split(/{{\s*(\w+)\s*}}/)
      .map((part, index) => (index % 2 ? (replacements[part] ?? "") : part));
    return parts.some((part) => typeof part === "object") ? parts : parts.join("");
  }

  /* Options for Intl, without the one that is Shopify's own. */
  function withoutOurs(options = {}) {
    const others = { ...options };
    delete others.inExtensionLocale;
    return others;
  }

  window.shopify = {
    ...data.constants,
    setSignals(PreactSignal) {
      Signal = PreactSignal;
      signals.clear();
    },
    extend(target, run) {
      if (target !== data.constants.extension.target) return;
      // An extension that fails to start says so in the browser's console.
      Promise.resolve(run()).catch((error) => window.reportError(error));
    },
    reload: () => window.location.reload(),
    localization: group("localization.", [
      "country",
      "currency",
      "extensionLanguage",
      "language",
      "market",
      "timezone",
    ]),
    sessionToken: { get: sessionToken },
    i18n: {
      translate,
      formatNumber: (number, options) =>
        new Intl.NumberFormat(locale(), withoutOurs(options)).format(number),
      formatCurrency: (number, options) =>
        new Intl.NumberFormat(locale(), {
          style: "currency",
          currency: data.signals["localization.currency"].isoCode,
          currencyDisplay: "narrowSymbol",
          ...withoutOurs(options),
        }).format(number),
      formatDate: (date, options) =>
        new Intl.DateTimeFormat(locale(), withoutOurs(options)).format(date),
    },
    analytics: { publish: async () => true, visitor: async () => ({ type: "success" }) },
    get settings() {
      return signal("settings");
    },
    storage: {
      read: async (key) => JSON.parse(sessionStorage.getItem(`extension:${key}`)),
      write: async (key, value) =>
        sessionStorage.setItem(`extension:${key}`, JSON.stringify(value)),
      delete: async (key) => sessionStorage.removeItem(`extension:${key}`),
    },
  };

  function tellPage(message) {
    window.parent.postMessage(message, window.location.origin);
  }

  window.standIn = { data, signal, group, update, post, tellPage };

  window.addEventListener("message", (event) => {
    if (event.origin === window.location.origin && event.data?.regulars === "signals")
      update(event.data.signals);
  });

  function tellHeight() {
    tellPage({
      regulars: "height",
      height: Math.ceil(document.body.getBoundingClientRect().height),
    });
  }

  document.addEventListener("DOMContentLoaded", () =>
    new ResizeObserver(tellHeight).observe(document.body),
  );
})();
