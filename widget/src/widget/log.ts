// The log: messages, buttons, what happened, the closing card. Draws only what changed and stays where the reader is.

import { ClosingCard } from "./closing.ts";
import { h, type Keyed, List, set } from "./dom.ts";
import { entries, type Entry } from "./entries.ts";
import { markdown } from "./markdown.ts";
import type { Deeds, Model } from "./model.ts";

/** So near to the end the log follows what is new. */
const NEAR_PX = 100;
/** What was there before is drawn in silence; only after this is the log a live region. */
const SILENT_MS = 500;

export class Log {
  readonly node: HTMLElement;
  #log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-relevant": "additions" });
  #list = new List(this.#log);
  #card: ClosingCard;
  #deeds: Deeds;
  #model: Model | undefined;
  #live: ReturnType<typeof setTimeout> | undefined;
  #follows = true;
  #scrolled: () => void;

  /** `write` puts the visitor to the composer; `scrolled` is told when the end comes into or goes out of sight. */
  constructor(deeds: Deeds, write: () => void, scrolled: () => void) {
    this.#deeds = deeds;
    this.#card = new ClosingCard(deeds, write);
    this.#scrolled = scrolled;
    this.node = h("div", { class: "scroll", tabindex: 0, role: "group", onscroll: () => this.#onScroll() }, this.#log);
    // A phone's keyboard or a banner makes the log shorter: its end must not go out of sight.
    new ResizeObserver(() => this.#follows && this.toEnd()).observe(this.node);
  }

  /** Whether the end is in sight. */
  get atEnd(): boolean {
    return this.#follows;
  }

  toEnd(): void {
    this.#follows = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  show(model: Model): void {
    const before = this.#model;
    this.#model = model;
    set(this.node, "aria-label", model.t("messages"));
    this.#hush(model);
    const root = this.node.getRootNode() as ShadowRoot;
    const focused = root.activeElement;
    const inLog = focused !== null && focused !== this.node && this.node.contains(focused);
    const items: Keyed[] = entries(model).map((entry) => ({ key: entry.key, sig: JSON.stringify([entry, model.locale]), draw: () => this.#draw(entry, model) }));
    const { state } = model;
    if (!state.welcome && state.connection === "connecting" && items.length === 0) {
      items.push({ key: "skeleton", sig: "", draw: () => h("div", { class: "skeleton" }) });
    }
    if (state.closing && state.session === "closed") {
      const card = { key: "card", sig: this.#card.sig(model), draw: () => this.#card.draw(model, () => this.show(model)) };
      // After its event and before what came later: the reply to the opinion stands under the tap.
      const at = items.findIndex(({ key }) => key === String(state.closing?.seq));
      items.splice(at < 0 ? items.length : at + 1, 0, card);
    }
    if (state.typing) items.push({ key: "typing", sig: "", draw: () => h("div", { class: "bubble dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")) });
    this.#list.show(items);
    // The focus was on something that is gone: it stays in the log, where a keyboard finds it.
    if (inLog && root.activeElement === null) (this.node.querySelector<HTMLElement>(".closing textarea") ?? this.node).focus();
    const mine = state.pending.length > (before?.state.pending.length ?? 0);
    if (model.open && (this.#follows || mine || !before?.open)) this.toEnd();
  }

  /** Silent while closed or catching up, so that a screen reader does not read the whole history again. */
  #hush({ open, state }: Model): void {
    const quiet = !open || state.connection !== "online" || state.last < (state.welcome?.seq ?? 0);
    if (quiet) {
      clearTimeout(this.#live);
      this.#live = undefined;
      set(this.#log, "aria-live", "off");
    } else {
      this.#live ??= setTimeout(() => set(this.#log, "aria-live", "polite"), SILENT_MS);
    }
  }

  #onScroll(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.node;
    const follows = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (follows === this.#follows) return;
    this.#follows = follows;
    this.#scrolled();
  }

  #draw(entry: Entry, model: Model): HTMLElement {
    switch (entry.kind) {
      case "day":
        return h("div", { class: "day" }, dayName(entry.at, model));
      case "note":
        return h("div", { class: "note" }, entry.text);
      case "choices":
        return h(
          "div",
          { class: "choices", role: "group", "aria-label": model.t("replies"), lang: entry.lang },
          ...entry.choices.map((label, i) =>
            h("button", { type: "button", class: "choice", disabled: !entry.active, onclick: () => this.#deeds.choose(entry.of, i, label) }, label),
          ),
        );
      case "bubble":
        return this.#bubble(entry, model);
    }
  }

  #bubble(entry: Entry & { kind: "bubble" }, { t, locale }: Model): HTMLElement {
    const { who, author, way, id } = entry;
    const named = who === "agent" && entry.first;
    const meta: (Node | string | false)[] = [];
    if (way === "failed" && id !== undefined) {
      meta.push(
        entry.why ?? t("failed"),
        !entry.why && h("button", { type: "button", class: "quiet", onclick: () => this.#deeds.retry(id) }, t("retry")),
        h("button", { type: "button", class: "quiet", onclick: () => this.#deeds.discard(id) }, t("discard")),
      );
    } else if (way) meta.push(t(way === "held" ? "held" : "sending"));
    else if (entry.at !== undefined) {
      meta.push(h("time", { datetime: new Date(entry.at).toISOString() }, new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(entry.at)));
    }
    return h(
      "div",
      { class: `row ${who}${entry.first ? " first" : ""}${way ? ` ${way}` : ""}` },
      named && h("div", { class: "name", "aria-hidden": "true" }, author),
      h("span", { class: "aside" }, `${author}: `),
      h("div", { class: "bubble", lang: entry.lang, dir: "auto" }, ...(who === "visitor" ? [entry.text] : markdown(entry.text))),
      meta.length > 0 && h("div", { class: "meta" }, ...meta),
    );
  }
}

/** `Hoy`, `Ayer`, `lunes, 3 de marzo`. */
function dayName(at: number, { t, locale, now }: Model): string {
  const name = (time: number) => new Date(time).toDateString();
  if (name(at) === name(now)) return t("today");
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (name(at) === name(yesterday.getTime())) return t("yesterday");
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...year }).format(at);
}
