// Where the visitor writes. Always open: in the queue, after the end, without a connection.

import { h, icon, set, text } from "./dom.ts";
import { unread } from "./entries.ts";
import { chars, type Deeds, MOST_CHARS, type Model } from "./model.ts";

/** From so many characters left on, the visitor is told. */
const TELL_AT = 400;

export class Composer {
  readonly node: HTMLFormElement;
  readonly area = h("textarea", { rows: 1, enterkeyhint: "send", autocomplete: "off" });
  readonly jump = h("button", { type: "button", class: "jump", hidden: true });
  #grow = h("div", { class: "grow" }, this.area);
  #send = h("button", { class: "send" }, icon("send"));
  #count = h("p", { class: "count", hidden: true, id: "count" });
  #deeds: Deeds;
  #model: Model | undefined;

  constructor(deeds: Deeds, draft: string) {
    this.#deeds = deeds;
    this.node = h("form", { class: "composer", onsubmit: (event: Event) => this.#submit(event) }, this.jump, h("div", { class: "field" }, this.#grow, this.#send), this.#count);
    this.area.value = draft;
    this.area.addEventListener("input", () => this.#wrote());
    this.area.addEventListener("keydown", (event) => {
      // While an accent or a character is being composed, Enter belongs to the keyboard.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    set(this.#grow, "data-text", draft);
  }

  /** Puts a text where the visitor writes, as a page may propose one. */
  fill(draft: string): void {
    this.area.value = draft;
    this.#wrote();
  }

  show(model: Model, atEnd: boolean): void {
    this.#model = model;
    const { t } = model;
    set(this.area, "placeholder", t("compose"));
    set(this.area, "aria-label", t("compose"));
    set(this.#send, "aria-label", t("send"));
    const n = unread(model.state, model.read);
    this.jump.hidden = atEnd;
    const label = n > 0 ? t("new", { n }) : t("to_end");
    if (this.jump.textContent !== label) this.jump.replaceChildren(icon("down"), label);
    this.#measure();
  }

  #measure(): void {
    const left = MOST_CHARS - chars(this.area.value);
    set(this.#grow, "data-text", this.area.value);
    this.#send.disabled = left < 0 || !this.area.value.trim();
    this.#count.hidden = left > TELL_AT;
    this.#count.classList.toggle("over", left < 0);
    set(this.area, "aria-invalid", left < 0 && "true");
    set(this.area, "aria-describedby", left <= TELL_AT && "count");
    if (left <= TELL_AT && this.#model) text(this.#count, this.#model.t(left < 0 ? "over_chars" : "left_chars", { n: Math.abs(left) }));
  }

  #wrote(): void {
    this.#measure();
    this.#deeds.draft(this.area.value);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.#send.disabled) return;
    const said = this.area.value.trim();
    this.fill("");
    this.#deeds.say(said);
    this.area.focus();
  }
}
