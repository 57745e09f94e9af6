/**
 * The launcher: opens the rewards panel, which is fetched only then.
 *
 * Accepts: the markup of blocks/rewards.liquid: one JSON script, one template with the button.
 * Usage: <regulars-rewards> … </regulars-rewards>, once on a page.
 */

/** Set while the theme takes in a new cart, which may reload the page: the panel then opens again. */
const REOPEN = "regulars:reopen";

class RegularsRewards extends HTMLElement {
  #panel = null;

  connectedCallback() {
    const root = this.shadowRoot ?? this.#attachTemplate();
    this.config = JSON.parse(this.querySelector("script").textContent);
    this.button = root.querySelector("button");
    this.button.addEventListener("click", () => this.open());
    for (const hint of ["pointerenter", "focus"]) {
      this.button.addEventListener(hint, () => this.#load().catch(() => {}), { once: true });
    }
    if (takeMark(REOPEN)) this.open();
  }

  async open() {
    if (this.button.ariaBusy === "true") return;
    this.button.ariaBusy = "true";
    try {
      const panel = await this.#load();
      await panel.open();
      this.button.ariaExpanded = "true";
    } finally {
      this.button.ariaBusy = "false";
    }
  }

  /** Called by the panel once it has closed. */
  closed() {
    this.button.ariaExpanded = "false";
    this.button.focus();
  }

  /** Shows `balance`; the panel calls it whenever it knows better than the page did. */
  show({ available, text, unit }) {
    const { program } = this.config;
    this.button.querySelector(".label").textContent = available > 0 ? text : program;
    this.button.ariaLabel = `${program}: ${text} ${unit}`;
  }

  async #load() {
    await import(this.config.assets.panel);
    if (!this.#panel) {
      this.#panel = document.createElement("regulars-panel");
      this.#panel.launcher = this;
      this.#panel.config = this.config;
      this.shadowRoot.append(this.#panel);
    }
    return this.#panel;
  }

  /** Does what the parser does where it knows declarative shadow roots. */
  #attachTemplate() {
    const root = this.attachShadow({ mode: "open" });
    root.append(this.querySelector("template").content.cloneNode(true));
    return root;
  }
}

/** Says whether `key` was set for this tab, and clears it. */
function takeMark(key) {
  try {
    const marked = sessionStorage.getItem(key) !== null;
    sessionStorage.removeItem(key);
    return marked;
  } catch {
    return false; // Storage is closed to this page.
  }
}

customElements.define("regulars-rewards", RegularsRewards);
