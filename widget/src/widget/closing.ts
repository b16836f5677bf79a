// The card at the end of a session: one question, one tap, one line that may be left out; a copy, a new question.

import { h } from "./dom.ts";
import { chars, type Deeds, LINE_CHARS, type Model } from "./model.ts";

export class ClosingCard {
  #deeds: Deeds;
  #write: () => void;
  #draft = "";
  /** The card whose line was put aside. */
  #aside = 0;

  constructor(deeds: Deeds, write: () => void) {
    this.#deeds = deeds;
    this.#write = write;
  }

  /** Changes when the card must be drawn anew. */
  sig({ state, style, locale }: Model): string {
    return JSON.stringify([state.closing, sent(state), style, locale, this.#aside]);
  }

  draw(model: Model, redraw: () => void): HTMLElement {
    const { state, t } = model;
    const closing = state.closing;
    const question = closing?.question;
    const deeds = this.#deeds;
    const inside: (Node | false)[] = [];
    if (closing && question) {
      const option = sent(state) ?? question.taps.findIndex((tap) => tap.value === closing.value);
      const tapped = option >= 0;
      const open = !closing.done && !tapped;
      if (open || tapped) {
        inside.push(
          h("h2", { id: `q${closing.seq}` }, question.ask),
          h(
            "div",
            { class: "taps", role: "group", "aria-labelledby": `q${closing.seq}` },
            ...question.taps.map((tap, i) =>
              h("button", { type: "button", class: "tap", disabled: !open, "aria-pressed": String(i === option), onclick: () => deeds.tap(i) }, tap.label),
            ),
          ),
        );
      }
      if (open) {
        inside.push(
          h("div", { class: "ends" }, h("button", { type: "button", class: "plain", onclick: deeds.skip }, t("not_now"))),
          h("p", {}, question.used_for),
        );
      } else if (tapped && !closing.done && question.line && model.style === "warm" && this.#aside !== closing.seq) {
        inside.push(this.#line(model, closing.seq, redraw), h("p", {}, question.used_for));
      }
      if (inside.length > 0) inside.push(h("hr", { class: "cut" }));
    }
    return h(
      "div",
      { class: "closing" },
      ...inside,
      h(
        "div",
        { class: "ends" },
        h("button", { type: "button", class: "plain", onclick: deeds.download }, t("save_copy")),
        h("button", { type: "button", class: "plain", onclick: this.#write }, t("again")),
      ),
    );
  }

  #line({ t }: Model, seq: number, redraw: () => void): HTMLElement {
    const area = h("textarea", { id: "line", rows: 2, enterkeyhint: "send" });
    area.value = this.#draft;
    const send = () => {
      const line = area.value.trim();
      if (!line) return area.focus();
      this.#draft = "";
      this.#deeds.line(line);
    };
    const putAside = () => {
      this.#aside = seq;
      redraw();
    };
    area.addEventListener("input", () => {
      if (chars(area.value) > LINE_CHARS) area.value = [...area.value].slice(0, LINE_CHARS).join("");
      this.#draft = area.value;
    });
    area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        send();
      } else if (event.key === "Escape") {
        event.stopPropagation();
        putAside();
      }
    });
    return h(
      "div",
      {},
      h("label", { for: "line" }, t("more")),
      area,
      h(
        "div",
        { class: "ends" },
        h("button", { type: "button", class: "plain", onclick: putAside }, t("not_now")),
        h("button", { type: "button", class: "tap", onclick: send }, t("send")),
      ),
    );
  }
}

/** The tap that is on its way. */
function sent(state: Model["state"]): number | undefined {
  for (const { act, failed } of state.pending) {
    if (act.type === "rate" && act.tap !== undefined && !failed) return act.tap;
  }
  return undefined;
}
