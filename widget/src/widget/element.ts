// <ventanilla-chat>: launcher and panel in a shadow tree.

import { banners } from "./banners.ts";
import type { Chat } from "./chat.ts";
import { composer } from "./composer.ts";
import { button, h, icon, set, write } from "./dom.ts";
import { header } from "./header.ts";
import { KIT } from "./kit.ts";
import { log } from "./log.ts";
import { part } from "./parts.ts";
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
  const toEnd = () => {
    body.toEnd();
    onScroll();
    chat.write();
  };
  const sign = header(chat);
  const notes = banners(chat);
  const body = log(chat, onScroll);
  const writer = composer(chat, toEnd);
  const badge = h("b", { "aria-hidden": "true" });
  const launcher = button("launcher", () => chat.setOpen(true), icon("window"));
  const panel = h("section", { class: "panel", role: "dialog" }, sign.node, sign.menu, notes.node, body.node, writer.node);
  launcher.append(badge);
  root.append(launcher, panel);

  panel.onkeydown = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (sign.menu.hidden) chat.setOpen(false);
    else sign.toggle(false);
  };
  // A tap beside the menu folds it.
  panel.onpointerdown = ({ target }) => {
    if (!sign.menu.contains(target as Node) && !sign.node.contains(target as Node)) sign.toggle(false);
  };

  // What the phone's keyboard leaves of the screen.
  const view = visualViewport;
  const fit = () => {
    const { style } = sheet.cssRules[0] as CSSStyleRule;
    style.setProperty("--top", `${view?.offsetTop}px`);
    style.setProperty("--tall", `${view?.height}px`);
  };
  for (const name of ["resize", "scroll"]) view?.addEventListener(name, fit, { signal });

  let loading: Promise<void> | undefined;
  const load = async () => {
    const { more } = await part("more");
    chat.more = more(chat, { root, panel, menu: sign.menu, log: body.node, fold: () => sign.toggle(false), redraw: show }, KIT);
    show();
  };

  let wasOpen: boolean | undefined;
  const show = () => {
    const { t, open, site, unread: n, locale, more } = chat;
    set(host, { lang: locale });
    set(launcher, { "aria-label": n ? t("unread", { n }) : t("open"), hidden: open });
    set(badge, { hidden: !n });
    write(badge, n > 99 ? "99+" : String(n));
    set(panel, { "aria-label": t("chat_with", { brand: site?.brand ?? t("assistant") }), hidden: !open });
    sign.show();
    notes.show(more?.ticket() ?? []);
    body.show();
    writer.show(body.atEnd());
    more?.show();
    // Without it one can still talk; it is tried again when something happens.
    if (open) loading ??= load().catch(() => (loading = undefined));
    if (wasOpen !== undefined && wasOpen !== open) {
      sign.toggle(false);
      (open ? writer.area : launcher).focus();
    }
    wasOpen = open;
  };
  return {
    show,
    fill: writer.fill,
    write: () => writer.area.focus({ preventScroll: true }),
    /** Whether the visitor has the end of the log before their eyes. */
    seesEnd: () => chat.open && body.atEnd() && document.visibilityState === "visible",
  };
}
