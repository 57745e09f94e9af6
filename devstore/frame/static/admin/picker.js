/** The picker of products and collections that `shopify.resourcePicker` opens. */
import { showDialog } from "./dialog.js";

const LISTS = { product: "products", variant: "products", collection: "collections" };
const HEADINGS = { products: "Add products", collections: "Add collections" };

function row(item, { multiple, chosen }) {
  const label = document.createElement("label");
  label.className = "pick";
  const input = document.createElement("input");
  input.type = multiple ? "checkbox" : "radio";
  input.name = "pick";
  input.value = item.id;
  input.checked = chosen.has(item.id) || item.variants?.some(({ id }) => chosen.has(id)) === true;
  const price = document.createElement("span");
  price.className = "price";
  price.textContent = item.variants?.[0]?.displayPrice ?? "";
  label.append(input, item.title, price);
  return label;
}

/** Let the merchant pick; resolve with what was picked, or with nothing when they cancel. */
export async function pickResource({ type = "product", multiple = false, selectionIds = [] } = {}) {
  const kind = LISTS[type];
  if (!kind) throw new Error(`This store has no picker for ${type}`);
  const items = await (await fetch(`/admin/frame/${kind}.json`)).json();
  const chosen = new Set(selectionIds.map(({ id }) => id));
  const list = document.createElement("div");
  list.append(...items.map((item) => row(item, { multiple, chosen })));
  const picked = await showDialog({
    heading: HEADINGS[kind],
    body: list,
    cancel: "Cancel",
    confirm: "Select",
  });
  if (!picked) return undefined;
  const ids = new Set([...list.querySelectorAll("input:checked")].map((input) => input.value));
  const selection = items.filter((item) => ids.has(item.id));
  return type === "variant" ? selection.flatMap((product) => product.variants) : selection;
}
