/**
 * Fields that hold several values, drawn as chips that can be removed.
 *
 * Accepts: `<word-chips>` with a `[data-typed]` field, or `<picked-chips data-kind="product|variant|collection">`
 * with a `[data-pick]` button; in each a `[data-chips]` list, a `<template data-chip>` and
 * `data-removal`, the words of a chip's button with %s for what it removes.
 * Usage: drawn by words_field.html and picked_field.html; the form sends one value for each chip.
 */
class Chips extends HTMLElement {
  #saved;

  connectedCallback() {
    this.list = this.querySelector("[data-chips]");
    this.#saved = this.list.innerHTML;
    this.closest("form")?.addEventListener("reset", this.#reset);
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-chip]");
      if (button) this.#remove(button.closest(".chip"));
    });
  }

  disconnectedCallback() {
    this.closest("form")?.removeEventListener("reset", this.#reset);
  }

  #reset = () => {
    this.list.innerHTML = this.#saved;
  };

  get values() {
    return [...this.list.querySelectorAll("input")].map((input) => input.value);
  }

  add(text, value) {
    const chip = this.querySelector("template[data-chip]").content.cloneNode(true);
    chip.querySelector("[data-text]").textContent = text;
    chip.querySelector("input").value = value;
    chip.querySelector("button").setAttribute(
      "aria-label",
      this.dataset.removal.replace("%s", () => text),
    );
    this.list.append(chip);
  }

  /** Takes a chip away; the focus goes to the next one, or to where more are added. */
  #remove(chip) {
    const next = chip.nextElementSibling ?? chip.previousElementSibling;
    chip.remove();
    (next?.querySelector("button") ?? this.adder).focus();
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class WordChips extends Chips {
  connectedCallback() {
    super.connectedCallback();
    this.adder = this.querySelector("[data-typed]");
    // Before the field itself hears of it: Enter adds a chip here, it does not send the form.
    this.addEventListener("keydown", (event) => this.#typed(event), { capture: true });
    this.adder.addEventListener("change", () => this.#take());
  }

  #typed(event) {
    if (!event.composedPath().includes(this.adder) || event.isComposing) return;
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    event.stopPropagation();
    this.#take();
  }

  #take() {
    const known = new Set(this.values.map((value) => value.toLowerCase()));
    for (const typed of this.adder.value.split(",")) {
      const word = typed.trim().replace(/\s+/g, " ");
      if (!word || known.has(word.toLowerCase())) continue;
      known.add(word.toLowerCase());
      this.add(word, word);
    }
    this.adder.value = "";
    this.changed();
  }
}

class PickedChips extends Chips {
  connectedCallback() {
    super.connectedCallback();
    this.adder = this.querySelector("[data-pick]");
    this.adder.addEventListener("click", () => this.#pick());
  }

  async #pick() {
    const { kind } = this.dataset;
    const { prefix, read, write } = KINDS[kind];
    const picked = await globalThis.shopify.resourcePicker({
      type: kind,
      multiple: true,
      action: "select",
      filter: { variants: kind === "variant" },
      selectionIds: this.values.map((value) => ({ id: prefix + read(value) })),
    });
    if (!picked) return;
    this.list.replaceChildren();
    for (const item of picked) this.add(nameOf(item), write(item.id.slice(prefix.length), item));
    this.changed();
  }
}

const byColon = {
  read: (value) => value.split(":")[0],
  write: (id, item) => `${id}:${nameOf(item)}`,
};

/** By kind: how ids start, and how a chip's value is read and written. */
const KINDS = {
  product: { prefix: "gid://shopify/Product/", ...byColon },
  collection: { prefix: "gid://shopify/Collection/", ...byColon },
  variant: {
    prefix: "gid://shopify/ProductVariant/",
    read: (value) => new URLSearchParams(value).get("id"),
    write: (id, item) =>
      String(new URLSearchParams({ id, title: nameOf(item), image: imageOf(item) })),
  },
};

/** A variant's own title is only its size or colour. */
function nameOf(item) {
  return item.displayName ?? item.title;
}

function imageOf({ image, product }) {
  const own = image ?? product?.images?.[0];
  return own?.originalSrc ?? own?.url ?? "";
}

customElements.define("word-chips", WordChips);
customElements.define("picked-chips", PickedChips);
