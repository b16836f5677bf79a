// The sign over the window, and the place where the menu hangs.

import type { Chat } from "./chat.ts";
import { button, h, icon, set, write } from "./dom.ts";

export function header(chat: Chat) {
  const brand = h("h2");
  const who = h("span");
  const menu = h("div", { class: "menu", id: "menu" });
  const options = button("tool", () => toggle(), icon("more"), { "aria-controls": "menu" });
  const minimise = button("tool", () => chat.setOpen(false), icon("down"));
  const toggle = (unfold = menu.hidden) => {
    menu.hidden = !unfold;
    set(options, { "aria-expanded": String(unfold) });
  };
  toggle(false);

  return {
    node: h("header", {}, h("div", {}, brand, who), options, minimise),
    menu,
    toggle,
    show() {
      const { t, site, state } = chat;
      const assistant = t("assistant");
      write(brand, site?.brand ?? assistant);
      write(who, state.agent ?? (site ? `${site.assistant} · ${assistant}` : ""));
      set(options, { "aria-label": t("options") });
      set(minimise, { "aria-label": t("minimise") });
    },
  };
}
