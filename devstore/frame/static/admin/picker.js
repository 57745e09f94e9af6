/** The picker of products that `shopify.resourcePicker` opens. */
import { showDialog } from "./dialog.js";

function row(product, { multiple, chosen }) {
  const label = document.createElement("label");
  label.className = "pick";
  const input = document.createElement("input");
  input.type = multiple ? "checkbox" : "radio";
  input.name = "pick";
  input.value = product.id;
  input.checked = chosen.has(product.id);
  const price = document.createElement("span");
  price.className = "price";
  price.textContent = product.variants[0]?.displayPrice ?? "";
  label.append(input, product.title, price);
  return label;
}

/** Let the merchant pick products; resolve with them, or with nothing when they cancel. */
export async function pickResource({ type = "product", multiple = false, selectionIds = [] } = {}) {
  if (!["product", "variant"].includes(type))
    throw new Error(`This store has no picker for ${type}`);
  const products = await (await fetch("/admin/frame/products.json")).json();
  const chosen = new Set(selectionIds.map(({ id }) => id));
  const list = document.createElement("div");
  list.append(...products.map((product) => row(product, { multiple, chosen })));
  const picked = await showDialog({
    heading: "Add products",
    body: list,
    cancel: "Cancel",
    confirm: "Select",
  });
  if (!picked) return undefined;
  const ids = new Set([...list.querySelectorAll("input:checked")].map((input) => input.value));
  const selection = products.filter((product) => ids.has(product.id));
  return type === "product" ? selection : selection.flatMap((product) => product.variants);
}
