/**
 * What points buy: one tap where it can be had, an amount or a product to choose where there is a
 * choice, and the reason where it cannot. The app has decided and worded all of it.
 */
import { el, empty, fill, icon } from "./elements.js";

/** Returns the list of `panel.data.rewards`. */
export function rewardList(panel) {
  const { rewards } = panel.data;
  if (rewards.length === 0) return empty(panel, panel.words.rewards_empty);
  return el("ul", {}, ...rewards.map((reward) => rewardRow(panel, reward)));
}

function rewardRow(panel, reward) {
  const ask = panel.asks.get(`reward:${reward.id}`) ?? {};
  return el(
    "li",
    {},
    picture(reward),
    el(
      "div",
      {},
      el("b", {}, reward.title),
      el("p", { class: "muted" }, ask.slow ? panel.words.getting : reward.detail),
    ),
    ...(reward.state === "available" || ask.busy
      ? waysToHave(panel, reward, ask)
      : [el("span", { class: "need" }, reward.reason)]),
    ask.error && el("p", { class: "error", role: "alert" }, ask.error),
  );
}

/** The merchant's picture, or the drawing of the kind of reward. */
function picture({ image, icon: drawing }) {
  return el(
    "span",
    { class: "icon" },
    image ? el("img", { src: image, alt: "", loading: "lazy" }) : icon(drawing),
  );
}

function waysToHave(panel, reward, ask) {
  if (reward.stops?.length > 1) return [slider(panel, reward, ask)];
  if (reward.products?.length > 1) return productPicker(panel, reward, ask);
  const only = reward.stops?.[0] ?? reward.products?.[0];
  return [redeemButton(panel, reward, ask, reward.title, () => only?.id)];
}

function redeemButton(panel, reward, ask, title, choice) {
  const { words } = panel;
  return el(
    "button",
    {
      class: "button",
      type: "button",
      "data-focus": `reward:${reward.id}`,
      "aria-label": fill(words.redeem_named, title),
      "aria-busy": ask.busy && "true",
      "aria-disabled": ask.busy && "true",
      click: () => panel.redeem(reward, choice()),
    },
    el("span", {}, ask.again ? words.retry : words.redeem),
  );
}

/** An amount on a slider: each stop says what it brings and what it costs. */
function slider(panel, reward, ask) {
  const { stops } = reward;
  const stop = () => stops[panel.picks.get(reward.id) ?? reward.start ?? 0] ?? stops[0];
  const gain = el("b", {});
  const cost = el("p", { class: "muted" });
  const button = redeemButton(panel, reward, ask, reward.title, () => stop().id);
  const range = el("input", {
    type: "range",
    max: String(stops.length - 1),
    disabled: ask.busy && "",
    "aria-label": reward.title,
    "data-focus": `slide:${reward.id}`,
    input: () => {
      panel.picks.set(reward.id, range.valueAsNumber);
      show();
    },
  });
  range.value = String(stops.indexOf(stop()));
  show();
  return el(
    "div",
    { class: "pick" },
    range,
    el("div", { class: "row" }, el("div", {}, gain, cost), button),
  );

  function show() {
    gain.textContent = stop().gain;
    cost.textContent = stop().cost;
    range.setAttribute("aria-valuetext", `${stop().gain}, ${stop().cost}`);
    button.setAttribute("aria-label", fill(panel.words.redeem_named, stop().gain));
  }
}

/** One product out of several; they unfold when asked for. */
function productPicker(panel, reward, ask) {
  const { words, picks } = panel;
  const picked = reward.products.find(({ id }) => id === picks.get(reward.id));
  const open = picks.has(reward.id);
  const toggle = el(
    "button",
    {
      class: "button quiet",
      type: "button",
      "data-focus": `choose:${reward.id}`,
      "aria-label": fill(words.choose_named, reward.title),
      "aria-expanded": String(open),
      click: () => {
        if (open) picks.delete(reward.id);
        else picks.set(reward.id, reward.products[0].id);
        panel.render();
      },
    },
    words.choose,
  );
  if (!open) return [toggle];
  const chosen = picked ?? reward.products[0];
  return [
    toggle,
    el(
      "fieldset",
      { class: "pick", "aria-label": reward.title },
      ...reward.products.map((product) =>
        el(
          "label",
          {},
          el("input", {
            type: "radio",
            name: `choice-${reward.id}`,
            value: product.id,
            checked: product === chosen && "",
            "data-focus": `choice:${reward.id}:${product.id}`,
            change: () => {
              picks.set(reward.id, product.id);
              panel.render();
            },
          }),
          product.image && el("img", { src: product.image, alt: "", loading: "lazy" }),
          el("span", {}, product.title),
        ),
      ),
      redeemButton(panel, reward, ask, chosen.title, () => chosen.id),
    ),
  ];
}
