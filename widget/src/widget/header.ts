// The sign over the window, and the menu that hangs from it.

import type { Chat } from "./chat.ts";
import { button, h, icon, set, write } from "./dom.ts";
import { menu as fillMenu } from "./menu.ts";

export function header(chat: Chat) {
  const brand = h("h2");
  const who = h("span");
  const menu = h("div", { class: "menu", id: "menu" });
  const options = button("tool", () => toggle(menu.hidden === true), icon("M5 7h14M5 12h14M5 17h9"), { "aria-controls": "menu" });
  const minimise = button("tool", () => chat.setOpen(false), icon("m6 9.5 6 6 6-6"));
  const node = h("header", {}, h("div", {}, brand, who), options, minimise);
  /** Unfolds the menu, or folds it. */
  const toggle = (unfold = false) => {
    menu.hidden = !unfold;
    set(options, { "aria-expanded": String(unfold) });
  };
  const showMenu = fillMenu(chat, menu, toggle);
  toggle();

  return {
    node,
    menu,
    toggle,
    show() {
      const { t, site, state } = chat;
      write(brand, site?.brand ?? t.assistant);
      write(who, state.agent ?? (site ? `${site.assistant} · ${t.assistant}` : ""));
      set(options, { "aria-label": t.options });
      set(minimise, { "aria-label": t.minimise });
      showMenu();
    },
  };
}
