// What stands between the awning and the log: no connection, the queue, what the browser refuses, what did not work.

import { h, icon, type Keyed, List } from "./dom.ts";
import type { Model } from "./model.ts";

/** The state of the queue in words: `[place, wait]`. */
export function queueWords({ state, t }: Pick<Model, "state" | "t">): [place: string, wait: string] {
  const { queue } = state;
  if (!queue) return [t("looking"), ""];
  const { wait } = queue;
  const minutes = !wait
    ? ""
    : wait.from_minutes === wait.to_minutes || wait.to_minutes <= 1
      ? t("wait_about", { n: Math.max(1, wait.to_minutes) })
      : t("wait_range", { from: wait.from_minutes, to: wait.to_minutes });
  return [t("place", { p: queue.position }), minutes];
}

export class Banners {
  readonly node = h("div", { class: "banners" });
  #list = new List(this.node);
  #write: () => void;
  /** The visitor was told how to leave a message. */
  #leaving = false;

  /** `write` puts the visitor to the composer. */
  constructor(write: () => void) {
    this.#write = write;
  }

  show(model: Model): void {
    const { state, t, contact } = model;
    const items: Keyed[] = [];
    if (!state.waiting) this.#leaving = false;
    const cut = state.connection === "refused" ? "refused" : state.connection === "waiting" ? "offline" : undefined;
    if (cut) {
      items.push({
        key: "cut",
        sig: JSON.stringify([cut, contact, model.locale]),
        draw: () => h("div", { class: "banner alert", role: "status" }, h("p", {}, t(cut)), ...links(contact, t)),
      });
    }
    if (model.notice) {
      items.push({ key: "notice", sig: model.notice, draw: () => h("div", { class: "banner alert", role: "status" }, h("p", {}, model.notice)) });
    }
    if (state.waiting) {
      items.push({
        key: "queue",
        sig: JSON.stringify([state.queue, this.#leaving, model.locale]),
        draw: () => this.#ticket(model),
      });
    }
    if (!model.kept) items.push({ key: "kept", sig: model.locale, draw: () => h("div", { class: "banner" }, h("p", {}, t("not_kept"))) });
    this.#list.show(items);
  }

  /** A ticket as one draws it at a counter. The words are spoken by the status line, at its own pace. */
  #ticket(model: Model): HTMLElement {
    const { state, t } = model;
    const [place, wait] = queueWords(model);
    const leave = () => {
      this.#leaving = true;
      this.show(model);
      this.#write();
    };
    const words = this.#leaving ? t("leave_how") : [place, wait, state.queue ? t("keep_writing") : ""].filter(Boolean).join(" ");
    return h(
      "div",
      { class: "banner ticket" },
      h("div", { class: "stub", "aria-hidden": "true" }, state.queue ? String(state.queue.position) : icon("person")),
      h("div", { class: "body" }, h("p", {}, words), !this.#leaving && h("button", { type: "button", class: "quiet", onclick: leave }, t("leave"))),
    );
  }
}

function links({ phone, mail }: Model["contact"], t: Model["t"]): (HTMLElement | false)[] {
  if (!phone && !mail) return [];
  return [
    h("span", {}, t("otherwise")),
    phone ? h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone) : false,
    mail ? h("a", { href: `mailto:${mail}` }, mail) : false,
  ];
}
