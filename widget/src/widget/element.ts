// <ventanilla-chat>: launcher and panel in a shadow tree. Draws a model; what the visitor does goes out as deeds.

import { adapt, fit } from "./accent.ts";
import { Banners, queueWords } from "./banners.ts";
import { Composer } from "./composer.ts";
import { h, icon, set, text } from "./dom.ts";
import { unread } from "./entries.ts";
import { Header } from "./header.ts";
import { Log } from "./log.ts";
import type { Deeds, Model } from "./model.ts";
import css from "./widget.css";

/** A screen reader is told of queue and typing at most this often. */
const STATUS_PAUSE_MS = 5000;

export class ChatElement extends HTMLElement {
  #sheet = new CSSStyleSheet();
  #rule: CSSStyleDeclaration | undefined;
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #launcher = h("button", { type: "button", class: "launcher" }, icon("window"));
  #badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #panel = h("section", { class: "panel", role: "dialog", hidden: true });
  #status = h("div", { class: "aside", role: "status" });
  #header: Header | undefined;
  #banners: Banners | undefined;
  #log: Log | undefined;
  #composer: Composer | undefined;
  #deeds: Deeds | undefined;
  #model: Model | undefined;
  #told = { at: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined };

  /** Builds the tree; called once, before the element is put into the page. */
  build(deeds: Deeds, draft: string): void {
    this.#deeds = deeds;
    const root = this.attachShadow({ mode: "open" });
    this.#sheet.replaceSync(css);
    root.adoptedStyleSheets = [this.#sheet];
    this.#rule = (this.#sheet.cssRules[0] as CSSStyleRule).style;
    const write = () => this.write();
    this.#header = new Header(deeds);
    this.#banners = new Banners(write);
    this.#log = new Log(deeds, write, () => this.#onScroll());
    this.#composer = new Composer(deeds, draft);
    this.#composer.jump.addEventListener("click", () => this.#toEnd());
    this.#launcher.addEventListener("click", deeds.open);
    this.#launcher.append(this.#badge);
    this.#panel.append(this.#header.node, this.#header.menu, this.#banners.node, this.#log.node, this.#composer.node, this.#status);
    this.#panel.addEventListener("keydown", (event) => this.#onKey(event));
    this.#panel.addEventListener("pointerdown", (event) => this.#onPointer(event));
    root.append(this.#launcher, this.#panel);
  }

  connectedCallback(): void {
    this.#dark.addEventListener("change", this.#adapt);
    visualViewport?.addEventListener("resize", this.#fit);
    visualViewport?.addEventListener("scroll", this.#fit);
    this.#adapt();
    this.#fit();
  }

  disconnectedCallback(): void {
    this.#dark.removeEventListener("change", this.#adapt);
    visualViewport?.removeEventListener("resize", this.#fit);
    visualViewport?.removeEventListener("scroll", this.#fit);
    clearTimeout(this.#told.timer);
  }

  /** Whether the visitor has the end of the log before their eyes. */
  get seesEnd(): boolean {
    return document.visibilityState === "visible" && this.#model?.open === true && this.#log?.atEnd === true;
  }

  show(model: Model): void {
    const before = this.#model;
    this.#model = model;
    const { t, open, site } = model;
    const n = unread(model.state, model.read);
    set(this, "lang", model.locale);
    set(this.#launcher, "aria-label", n > 0 && !open ? t("unread", { n }) : t("open"));
    this.#badge.hidden = n === 0;
    text(this.#badge, n > 99 ? "99+" : String(n));
    set(this.#panel, "aria-label", t("chat_with", { brand: site?.brand ?? t("assistant") }));
    this.#launcher.hidden = open;
    this.#panel.hidden = !open;
    this.#header?.show(model);
    this.#banners?.show(model);
    this.#log?.show(model);
    this.#composer?.show(model, this.#log?.atEnd ?? true);
    this.#tell(model);
    if (before && before.open !== open) {
      this.#header?.toggle(false);
      if (open) this.write();
      else this.#launcher.focus();
    }
  }

  /** Puts the visitor to the composer. */
  write(): void {
    this.#composer?.area.focus({ preventScroll: true });
  }

  /** Proposes a text. */
  fill(draft: string): void {
    this.#composer?.fill(draft);
  }

  #toEnd(): void {
    this.#log?.toEnd();
    this.#onScroll();
    this.write();
  }

  #onScroll(): void {
    if (this.#log?.atEnd) this.#deeds?.seen();
    if (this.#model) this.#composer?.show(this.#model, this.#log?.atEnd ?? true);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.#header?.unfolded) this.#header.fold();
    else this.#deeds?.close();
  }

  /** A tap beside the menu folds it. */
  #onPointer(event: Event): void {
    const header = this.#header;
    const target = event.target as Node;
    if (header?.unfolded && !header.menu.contains(target) && !header.node.contains(target)) header.toggle(false);
  }

  /** Queue and typing in one polite line: the last word counts, and it comes at a bearable pace. */
  #tell({ state, t, site, now, ...model }: Model): void {
    const typing = state.typing && t("typing", { name: state.typing === "agent" ? (state.agent ?? t("someone")) : (site?.assistant ?? t("assistant")) });
    const words = typing || (state.waiting ? queueWords({ state, t }).join(" ").trim() : "");
    if (words === this.#status.textContent && !this.#told.timer) return;
    clearTimeout(this.#told.timer);
    this.#told.timer = undefined;
    const wait = this.#told.at + STATUS_PAUSE_MS - now;
    if (wait <= 0 || !words || !model.open) {
      text(this.#status, words);
      if (words) this.#told.at = now;
    } else {
      this.#told.timer = setTimeout(() => {
        this.#told.timer = undefined;
        text(this.#status, words);
        this.#told.at = Date.now();
      }, wait);
    }
  }

  #adapt = (): void => {
    if (this.#rule) adapt(this.#rule, this.#launcher, this.#dark.matches && this.getAttribute("theme") !== "light");
  };

  #fit = (): void => {
    if (this.#rule && visualViewport) fit(this.#rule, visualViewport);
  };
}
