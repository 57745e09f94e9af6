/**
 * The widget as shoppers will see it, drawn by the widget's own code from an example.
 *
 * Accepts: a child `<script type="application/json">` with `{colour, on_colour, icon, corner,
 * greeting, redeem, choose, panel}`, where `panel` is what the app would answer the widget.
 * Usage: `<regulars-widget-preview>…</regulars-widget-preview>`, or `<regulars-reward-preview>` for
 * rewards alone (of `panel` only `rewards` are read); nothing in it can be operated.
 */
import panelStyle from "../../../extensions/points-widget-source/panel.css";
import { el } from "../../../extensions/points-widget-source/elements.js";
import { rewardList } from "../../../extensions/points-widget-source/rewards.js";
import { hero, tierCard } from "../../../extensions/points-widget-source/top.js";

const FRAME = `
  :host { display: block; font: 15px/1.45 system-ui, "Noto Sans Thai", sans-serif; }
  .panel { position: static; inline-size: 100%; block-size: auto; max-inline-size: 376px; display: flex; }
  .launcher { box-sizing: border-box; display: inline-flex; gap: 8px; align-items: center; min-block-size: 48px; padding: 8px 18px;
    border-radius: 999px; background: var(--brand); color: var(--on-brand); font-weight: 600;
    font-variant-numeric: tabular-nums; box-shadow: 0 6px 20px rgb(0 0 0 / 0.2); }
  .corner { display: flex; max-inline-size: 376px; margin-block-start: 16px; }
  .corner.right { justify-content: flex-end; }
`;

/** It is a picture: neither pointer nor keyboard nor screen reader should try its buttons. */
function drawPicture(host, { colour, on_colour }, ...parts) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren(el("style", {}, panelStyle + FRAME), ...parts);
  host.inert = true;
  host.style.setProperty("--brand", colour);
  host.style.setProperty("--on-brand", on_colour);
}

function rewardsOf({ redeem, choose, panel }) {
  const words = { redeem, redeem_named: redeem, choose, choose_named: choose, rewards_empty: "" };
  return rewardList({ data: panel, words, asks: new Map(), picks: new Map(), config: {} });
}

class RewardPreview extends HTMLElement {
  connectedCallback() {
    const shown = JSON.parse(this.querySelector("script").textContent);
    const panel = el("div", { class: "panel" }, el("div", { class: "body" }, rewardsOf(shown)));
    drawPicture(this, shown, el("regulars-panel", {}, panel));
  }
}

class WidgetPreview extends HTMLElement {
  connectedCallback() {
    const shown = JSON.parse(this.querySelector("script").textContent);
    drawPicture(
      this,
      shown,
      this.#panel(shown),
      el(
        "div",
        { class: `corner ${shown.corner}` },
        el(
          "span",
          { class: "launcher" },
          el("span", {}, shown.icon),
          el("span", {}, shown.panel.balance.text),
        ),
      ),
    );
  }

  #panel({ greeting, panel, ...words }) {
    return el(
      "regulars-panel",
      {},
      el(
        "div",
        { class: "panel" },
        el(
          "div",
          { class: "scroll" },
          el("div", { class: "top" }, el("p", {}, greeting)),
          el("div", { class: "hero" }, hero(panel.balance, false)),
          el("div", { class: "tier" }, tierCard(panel.tier, false)),
          el("div", { class: "body" }, rewardsOf({ panel, ...words })),
        ),
      ),
    );
  }
}

customElements.define("regulars-widget-preview", WidgetPreview);
customElements.define("regulars-reward-preview", RewardPreview);
