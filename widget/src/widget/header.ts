// The sign over the window, with the menu that hangs from it.

import { languageName, primary } from "../i18n/locale.ts";
import type { Style } from "../protocol/types.ts";
import { h, icon, set, text } from "./dom.ts";
import type { Deeds, Model } from "./model.ts";

export class Header {
  readonly node: HTMLElement;
  readonly menu: HTMLElement;
  #brand = h("h2", { class: "brand", id: "brand" });
  #who = h("span", { class: "who" });
  #options: HTMLButtonElement;
  #minimise: HTMLButtonElement;
  #deeds: Deeds;
  #sig = "";

  constructor(deeds: Deeds) {
    this.#deeds = deeds;
    this.#options = h("button", { type: "button", class: "tool", "aria-controls": "menu", onclick: () => this.toggle() }, icon("more"));
    this.#minimise = h("button", { type: "button", class: "tool", onclick: () => deeds.close() }, icon("down"));
    this.node = h("header", {}, h("div", { class: "sign" }, this.#brand, this.#who), this.#options, this.#minimise);
    this.menu = h("div", { class: "menu", id: "menu", hidden: true, onclick: (event: Event) => this.#chosen(event) });
    this.toggle(false);
  }

  get unfolded(): boolean {
    return !this.menu.hidden;
  }

  toggle(unfold = this.menu.hidden): void {
    this.menu.hidden = !unfold;
    set(this.#options, "aria-expanded", String(unfold));
  }

  /** Folds the menu and gives the focus back to its button. */
  fold(): void {
    this.toggle(false);
    this.#options.focus();
  }

  show(model: Model): void {
    const { t, site, state } = model;
    text(this.#brand, site?.brand ?? t("assistant"));
    text(this.#who, state.agent ?? (site ? `${site.assistant} · ${t("assistant")}` : ""));
    set(this.#options, "aria-label", t("options"));
    set(this.#minimise, "aria-label", t("minimise"));
    const { contact, style, muted, locale } = model;
    const sig = JSON.stringify([contact, style, muted, locale, site?.languages, state.session, state.waiting, state.agent, state.lines.length > 0]);
    if (sig !== this.#sig) this.#draw(model);
    this.#sig = sig;
  }

  /** A choice between two stays open; everything else folds the menu. */
  #chosen(event: Event): void {
    const target = event.target as Element;
    if (target.closest("button, a") && !target.closest(".pick")) this.toggle(false);
  }

  #draw({ t, contact, style, muted, locale, site, state }: Model): void {
    const deeds = this.#deeds;
    const focus = (this.menu.getRootNode() as ShadowRoot).activeElement?.getAttribute("data-pick");
    const button = (name: Parameters<typeof icon>[0], label: string, run: () => void, more = {}) =>
      h("button", { type: "button", onclick: run, ...more }, icon(name), label);
    const pick = (label: string, options: [value: string, label: string, lang?: string][], now: string, run: (value: string) => void) =>
      h(
        "div",
        { class: "pick", role: "group", "aria-label": label },
        h("span", { "aria-hidden": "true" }, label),
        ...options.map(([value, label, lang]) =>
          h("button", { type: "button", "data-pick": value, "aria-pressed": String(value === now), lang, onclick: () => run(value) }, label),
        ),
      );
    const languages = site?.languages ?? [];
    const current = languages.find((tag) => tag === locale) ?? languages.find((tag) => primary(tag) === primary(locale)) ?? "";
    const talked = state.lines.length > 0;
    this.menu.replaceChildren(
      button("person", t("person"), deeds.person, { class: "first", disabled: state.waiting || state.agent !== null }),
      pick(t("style"), [["fast", t("fast")], ["warm", t("warm")]], style, (value) => deeds.style(value as Style)),
      ...(languages.length > 1
        ? [pick(t("language"), languages.map((tag) => [tag, languageName(tag), tag]), current, (value) => deeds.lang(value))]
        : []),
      h("hr"),
      ...ways(contact, t),
      button(muted ? "mute" : "sound", muted ? t("unmute") : t("mute"), deeds.mute),
      button("save", t("download"), deeds.download, { disabled: !talked }),
      button("end", t("end"), deeds.end, { disabled: state.session !== "open" }),
    );
    if (focus) this.menu.querySelector<HTMLElement>(`[data-pick="${CSS.escape(focus)}"]`)?.focus();
  }
}

/** Phone and mail of the company, as links. */
export function ways(contact: Model["contact"], t: Model["t"]): HTMLElement[] {
  const out: HTMLElement[] = [];
  const { phone, mail } = contact;
  if (phone) out.push(h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, icon("phone"), t("phone", { phone })));
  if (mail) out.push(h("a", { href: `mailto:${mail}` }, icon("mail"), t("mail", { mail })));
  return out;
}
