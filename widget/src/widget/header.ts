// The sign over the window, with the menu that hangs from it.

import { languageName, primary } from "../i18n/locale.ts";
import type { Style } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { button, h, icon, type Keyed, list, set, write } from "./dom.ts";

export function header(chat: Chat) {
  const brand = h("h2");
  const who = h("span");
  const options = button("tool", () => toggle(), icon("more"), { "aria-controls": "menu" });
  const minimise = button("tool", () => chat.setOpen(false), icon("down"));
  const menu = h("div", { class: "menu", id: "menu" });
  const show = list(menu);
  const toggle = (unfold = menu.hidden) => {
    menu.hidden = !unfold;
    set(options, { "aria-expanded": String(unfold) });
  };
  toggle(false);

  /** A line of the menu; it folds the menu. */
  const entry = (label: string, run: () => void, disabled = false): Keyed => {
    const act = () => {
      toggle(false);
      run();
    };
    return [label, disabled, () => button("", act, label, { disabled })];
  };
  /** A choice of one, which leaves the menu open. */
  const pick = (label: string, options: [value: string, label: string][], now: string, run: (value: string) => void): Keyed[] => [
    [label, 0, () => h("p", {}, label)],
    ...options.map(([value, name]): Keyed => {
      const pressed = value === now;
      return [label + value, pressed, () => button("pick", () => run(value), name, { "aria-label": `${label}: ${name}`, "aria-pressed": String(pressed) })];
    }),
  ];

  return {
    node: h("header", {}, h("div", {}, brand, who), options, minimise),
    menu,
    toggle,
    show() {
      const { t, site, state, locale, client } = chat;
      write(brand, site?.brand ?? t("assistant"));
      write(who, state.agent ?? (site ? `${site.assistant} · ${t("assistant")}` : ""));
      set(options, { "aria-label": t("options") });
      set(minimise, { "aria-label": t("minimise") });
      const languages = site?.languages ?? [];
      const current = languages.find((tag) => tag === locale) ?? languages.find((tag) => primary(tag) === primary(locale)) ?? "";
      show([
        entry(t("person"), () => client.act({ type: "ask_person" }, t("person")), state.waiting || state.agent !== null),
        ...ways(chat, true),
        ...pick(t("style"), [["fast", t("fast")], ["warm", t("warm")]], chat.style, (style) => chat.choose({ style: style as Style })),
        ...(languages.length > 1 ? pick(t("language"), languages.map((tag) => [tag, languageName(tag)]), current, (lang) => chat.choose({ lang })) : []),
        ["-", 0, () => h("hr")],
        entry(t(chat.muted ? "unmute" : "mute"), () => chat.choose({ muted: !chat.muted })),
        entry(t("download"), chat.download, state.lines.length === 0),
        entry(t("end"), () => client.act({ type: "end" }), state.session !== "open"),
      ]);
    },
  };
}

/** Phone and mail of the company, as links: in the menu with words, on a banner without. */
export function ways({ contact, t }: Chat, inWords = false): Keyed[] {
  return (["phone", "mail"] as const).flatMap((kind) => {
    const to = contact[kind];
    if (!to) return [];
    const href = kind === "phone" ? `tel:${to.replace(/[^\d+]/g, "")}` : `mailto:${to}`;
    const label = inWords ? t(kind, { to }) : to;
    return [[label, 0, () => h("a", { href }, label)] satisfies Keyed];
  });
}
