// <ventanilla-chat>: launcher and panel in a shadow tree.

import { fill } from "../i18n/fill.ts";
import { banners } from "./banners.ts";
import type { Chat } from "./chat.ts";
import { composer } from "./composer.ts";
import { button, h, icon, set, write } from "./dom.ts";
import { header } from "./header.ts";
import { log } from "./log.ts";
import { unlock } from "./sound.ts";
import { status } from "./status.ts";
import { download } from "./transcript.ts";
import css from "./widget.css";

/** The window; `signal` ends its listeners. */
export function draw(host: HTMLElement, chat: Chat, signal: AbortSignal) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];

  const onScroll = () => {
    if (body.atEnd()) chat.seen();
    writer.show(body.atEnd());
  };
  const sign = header(chat);
  const notes = banners(chat);
  const body = log(chat, onScroll);
  const writer = composer(chat, () => {
    body.toEnd();
    onScroll();
    chat.write();
  });
  const spoken = status(chat);
  const badge = h("b", { "aria-hidden": "true" });
  const launcher = button(
    "launcher",
    () => chat.setOpen(true),
    icon("M4 9.5 5.5 4h13L20 9.5a2.67 2.67 0 0 1-5.33 0 2.67 2.67 0 0 1-5.34 0 2.67 2.67 0 0 1-5.33 0ZM5.5 12.5V20h13v-7.5M9 16h6"),
  );
  const panel = h(
    "section",
    {
      class: "panel",
      role: "dialog",
      onkeydown: ({ key, isComposing }: KeyboardEvent) => {
        if (key !== "Escape" || isComposing) return;
        if (sign.menu.hidden) chat.setOpen(false);
        else sign.toggle();
      },
      // A tap beside the menu folds it.
      onpointerdown: ({ target }: Event) => [sign.menu, sign.node].some((part) => part.contains(target as Node)) || sign.toggle(),
      onclick: unlock,
    },
    ...[sign, { node: sign.menu }, notes, body, writer, spoken].map(({ node }) => node),
  );
  launcher.append(badge);
  root.append(launcher, panel);

  // What the phone's keyboard leaves of the screen.
  const view = visualViewport;
  const fit = () => {
    const { style } = sheet.cssRules[0] as CSSStyleRule;
    style.setProperty("--top", `${view?.offsetTop}px`);
    style.setProperty("--tall", `${view?.height}px`);
  };
  for (const name of ["resize", "scroll"]) view?.addEventListener(name, fit, { signal });

  chat.write = () => writer.area.focus({ preventScroll: true });
  chat.save = () => download(chat, body.node);

  let wasOpen: boolean | undefined;
  return {
    put: writer.put,
    /** Whether the visitor has the end of the log before their eyes. */
    seesEnd: () => chat.open && body.atEnd() && !document.hidden,
    show() {
      const { t, open, site, unread: n, locale } = chat;
      set(host, { lang: locale });
      set(launcher, { "aria-label": n ? fill(t.unread, { n }) : t.open, hidden: open });
      set(badge, { hidden: !n });
      write(badge, n > 99 ? "99+" : String(n));
      set(panel, { "aria-label": fill(t.chat_with, { brand: site?.brand ?? t.assistant }), hidden: !open });
      for (const part of [sign, notes, body, spoken]) part.show();
      writer.show(body.atEnd());
      if ((wasOpen ?? open) !== open) {
        sign.toggle();
        (open ? writer.area : launcher).focus();
      }
      wasOpen = open;
    },
  };
}
