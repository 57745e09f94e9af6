/**
 * The panel behind the launcher: the balance, what it buys, how to earn, and every point's history.
 *
 * Accepts: `config` (what rewards-config.liquid wrote) and `launcher` (opened it; gets the focus back).
 * Usage: append to the launcher's shadow root, then `open()`.
 */
import { addCode, find, readCart, removeCode } from "./cart.js";
import { el, fill, icon } from "./elements.js";
import { earnList, historyList, skeletonList } from "./lists.js";
import { hero, joinPanel, tierCard } from "./top.js";
import { read } from "./proxy.js";
import { redeem, settled, undo } from "./redeem.js";
import { rewardList } from "./rewards.js";
import { tabList } from "./tabs.js";
import { noticeLine, trayLine } from "./tray.js";

const PHONE = matchMedia("(max-width: 480px)");
const SLOW_MS = 1000;
const LISTS = { rewards: rewardList, earn: earnList, history: historyList };

class RegularsPanel extends HTMLElement {
  /** The app's answer; null until it is there. */
  data = null;
  /** The shop's cart; null while unknown, in which case nothing is claimed about it. */
  cart = null;
  /** What goes on, by `reward:ID` or `redemption:ID`: `{ busy, slow, error, again }`. */
  asks = new Map();
  /** What is chosen and not asked for yet, by reward: a slider's stop, or a product. */
  picks = new Map();
  tab = "rewards";
  failed = null;
  /** What became of a reward that could not be made, in the app's words. */
  notice = null;

  #polled = new Set();
  #turn = 0;

  connectedCallback() {
    this.words = this.config.words;
    this.data = this.config.signed_in ? null : { signed_in: false, join: this.config.join };
    this.#styled = loadStyle(this);
    this.parts = {};
    for (const name of ["hero", "tier", "tabs", "body", "tray"]) {
      this.parts[name] = el("div", { class: name });
    }
    this.parts.body.id = "body";
    this.parts.status = el("p", { class: "unseen", role: "status" });
    this.dialog = this.#buildDialog();
    this.append(this.dialog);
    PHONE.addEventListener("change", () => this.#suitScreen());
    this.render();
  }

  #styled;

  async open() {
    this.toggleAttribute("data-dark", themeIsDark());
    await this.#styled;
    this.#show();
    if (this.config.signed_in) this.refresh();
  }

  close() {
    this.dialog.close();
    this.notice = null;
    document.documentElement.style.overflow = "";
    this.launcher.closed();
  }

  /** Asks the app and the cart how things stand. An answer overtaken by a later one is dropped. */
  async refresh() {
    const turn = ++this.#turn;
    this.failed = null;
    if (!this.data) this.render();
    try {
      const [data, cart] = await this.#ask();
      if (turn !== this.#turn) return;
      if (!this.data) this.#replaceBones();
      this.data = data;
      this.cart = cart;
      if (data.signed_in) this.#showBalance(data.balance);
      for (const redemption of data.redemptions ?? []) this.#watch(redemption);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.failed = error;
    }
    this.render();
  }

  /** Asks for the panel, told what the page knows of the cart, and again if the cart is another. */
  async #ask() {
    const { config } = this;
    const hint = this.cart?.hint ?? config.hint;
    const [data, cart] = await Promise.all([
      read(config, "panel", hint),
      readCart(config).catch(() => null),
    ]);
    const same = !cart || JSON.stringify(cart.hint) === JSON.stringify(hint);
    return [same ? data : await read(config, "panel", cart.hint), cart];
  }

  /**
   * Spends points on `reward` and puts its code on the cart. A second tap meanwhile does nothing.
   *
   * The app hears what the cart comes to now, so that it can say what is missing before points move.
   */
  redeem(reward, choice) {
    return this.#during(`reward:${reward.id}`, this.words.getting, async () => {
      this.cart = await readCart(this.config).catch(() => this.cart);
      const answer = await redeem(this.config, reward.id, choice, this.cart?.hint);
      this.picks.delete(reward.id);
      this.#take(answer);
      await this.#settle(answer.redemption);
      this.refresh();
    });
  }

  /** Puts a code that is ready on the cart. */
  use(redemption) {
    const { getting } = this.words;
    return this.#during(`redemption:${redemption.id}`, getting, () => this.#putOnCart(redemption));
  }

  /** Takes a reward back and its code off the cart; the app says whether the points are back yet. */
  undo(redemption) {
    return this.#during(`redemption:${redemption.id}`, this.words.undoing, async () => {
      const answer = await undo(this.config, redemption.id);
      if (redemption.cart) {
        this.cart = await removeCode(this.config, redemption.code).catch(() => this.cart);
      }
      this.#take(answer);
      await this.#settle(answer.redemption);
      this.refresh();
    });
  }

  /** Shows the next page of the history below what is there. */
  showOlder() {
    return this.#during("history", this.words.loading, async () => {
      const { data } = this;
      const page = await read(this.config, "history", { before: data.history_older });
      data.history.push(...page.history);
      data.history_older = page.history_older;
    });
  }

  render() {
    const focus = this.launcher.shadowRoot.activeElement?.dataset?.focus;
    const member = this.data?.signed_in ?? this.config.signed_in;
    this.dialog.toggleAttribute("data-guest", !member);
    if (member) this.#renderMember();
    else this.#renderGuest();
    if (focus) this.#refocus(focus);
  }

  #renderGuest() {
    for (const part of Object.values(this.parts)) part.replaceChildren();
    this.parts.body.replaceChildren(joinPanel(this.data.join ?? this.config.join, this.config));
  }

  #renderMember() {
    const { parts, data, words } = this;
    const known = data ?? { balance: { ...this.config.balance }, tier: this.config.tier };
    const loading = !data && !this.failed;
    parts.hero.replaceChildren(hero(known.balance, loading));
    parts.tier.replaceChildren(...tierCard(known.tier, loading));
    this.#replace("tray", [
      ...(this.notice ? [noticeLine(this.notice)] : []),
      ...(data?.redemptions ?? []).map((each) => trayLine(this, each)),
    ]);
    if (this.failed) {
      parts.tabs.replaceChildren();
      parts.body.replaceChildren(this.#failure());
      return;
    }
    if (!data) {
      parts.tabs.replaceChildren(el("div", { class: "bone tall" }));
      parts.body.replaceChildren(skeletonList(words.loading));
      return;
    }
    if (!parts.tabs.querySelector("[role=tablist]")) parts.tabs.replaceChildren(tabList(this));
    parts.body.setAttribute("aria-labelledby", `tab-${this.tab}`);
    parts.body.replaceChildren(LISTS[this.tab](this));
  }

  #replaceBones() {
    for (const name of ["tier", "tabs", "body"]) this.#replace(name);
  }

  /** What changes its size goes away whole; it is not moved to where the next thing stands. */
  #replace(name, children = []) {
    const next = el("div", { class: name, id: name }, children);
    this.parts[name].replaceWith(next);
    this.parts[name] = next;
  }

  #failure() {
    return el(
      "div",
      { class: "empty", role: "alert" },
      el("p", {}, this.words.failed),
      el(
        "button",
        { class: "button", type: "button", "data-focus": "retry", click: () => this.refresh() },
        this.words.retry,
      ),
    );
  }

  /**
   * Runs `work` once at a time under `key`, with what goes on and what failed shown next to it. When it
   * takes long, `doing` says so.
   */
  async #during(key, doing, work) {
    if (this.asks.get(key)?.busy) return;
    const ask = { busy: true };
    this.notice = null;
    this.asks.set(key, ask);
    this.render();
    const slow = setTimeout(() => {
      ask.slow = true;
      this.#say(doing);
      this.render();
    }, SLOW_MS);
    try {
      await work();
      this.asks.delete(key);
    } catch (error) {
      const text = error.again === undefined ? this.words.lost : error.message;
      this.asks.set(key, {
        error: fill(text, this.config.points_name),
        again: error.again ?? true,
      });
    } finally {
      clearTimeout(slow);
      this.render();
    }
  }

  /** Takes in the answer to a redeem at once, before the whole panel is asked for again. */
  #take({ redemption, balance }) {
    const others = this.data.redemptions.filter((other) => other.id !== redemption.id);
    this.data.redemptions = redemption.open ? [redemption, ...others] : others;
    if (balance) {
      this.data.balance = balance;
      this.#showBalance(balance);
    }
    this.#watch(redemption);
  }

  /** A code that is ready goes on the cart; what needs no cart is told where no line will tell it. */
  async #settle(redemption) {
    if (redemption.cart) await this.#putOnCart(redemption);
    else if (redemption.open) this.#say(redemption.text);
    else this.#tell(redemption.text);
  }

  /** A code that is ready and cannot be put on the cart now is kept in sight, with a button to try. */
  async #putOnCart(redemption) {
    const { code, variant } = redemption;
    this.cart = await addCode(this.config, code, variant).catch(() => this.cart);
    const entry = find(this.cart, code);
    if (entry) this.#say(fill(this.words.on_cart, redemption.title));
    this.render();
  }

  /** Follows a redemption that waits: for its code, which goes on the cart, or for its points. */
  async #watch(redemption) {
    if (!redemption.waits || this.#polled.has(redemption.id)) return;
    this.#polled.add(redemption.id);
    try {
      const now = await settled(this.config, redemption.id);
      if (now) {
        this.#take({ redemption: now });
        await this.#settle(now);
      }
    } catch {
      // The panel's own answer says what became of it.
    }
    this.#polled.delete(redemption.id);
    if (this.dialog.open) this.refresh();
  }

  #showBalance(balance) {
    this.config.balance = balance;
    this.launcher.show(balance);
  }

  /** Moves the focus to what it was on, or to what took its place, or to the panel's top. */
  #refocus(name) {
    if (this.launcher.shadowRoot.activeElement) return;
    const again = this.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    (again ?? this.querySelector(".tray [data-focus]") ?? this.closer).focus({
      preventScroll: true,
    });
  }

  /** Says `text` at the panel's foot, too. */
  #tell(text) {
    this.notice = text;
    this.#say(text);
  }

  #say(text) {
    this.parts.status.textContent = text;
  }

  #buildDialog() {
    const { config, words, parts } = this;
    const hello = config.name ? fill(words.greeting, config.name) : words.greeting_plain;
    this.closer = el(
      "button",
      { class: "close", type: "button", "aria-label": words.close, click: () => this.close() },
      icon("close"),
    );
    const dialog = el(
      "dialog",
      { "aria-label": config.program, class: "panel" },
      el(
        "div",
        { class: "scroll" },
        el(
          "div",
          { class: "top" },
          el("p", {}, config.signed_in ? hello : config.program),
          this.closer,
        ),
        parts.hero,
        parts.tier,
        parts.tabs,
        parts.body,
      ),
      parts.tray,
      parts.status,
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    return dialog;
  }

  #show() {
    if (this.dialog.open) return;
    // A phone gives the panel the whole screen: the page behind is inert and stands still.
    if (PHONE.matches) {
      document.documentElement.style.overflow = "hidden";
      this.dialog.setAttribute("aria-modal", "true");
      this.dialog.showModal();
    } else {
      document.documentElement.style.overflow = "";
      this.dialog.removeAttribute("aria-modal");
      this.dialog.show();
    }
    this.closer.focus();
  }

  #suitScreen() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#show();
  }
}

/** Resolves when the panel's style is there; without it the panel would open as bare text. */
function loadStyle(panel) {
  const link = el("link", { rel: "stylesheet", href: panel.config.assets.style });
  const loaded = new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
  });
  panel.before(link);
  return loaded;
}

/** Says whether the theme's page is dark, whichever way its colour is written. */
function themeIsDark() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  for (const element of [document.documentElement, document.body]) {
    paint.fillStyle = getComputedStyle(element).backgroundColor;
    paint.fillRect(0, 0, 1, 1);
  }
  const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
  return alpha > 127 && 0.2126 * red + 0.7152 * green + 0.0722 * blue < 100;
}

customElements.define("regulars-panel", RegularsPanel);
