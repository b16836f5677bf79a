// <ventanilla-chat>: launcher and panel in a shadow tree.

import { banners, queueWords } from "./banners.ts";
import type { Chat } from "./chat.ts";
import { composer } from "./composer.ts";
import { button, h, icon, set, write } from "./dom.ts";
import { header } from "./header.ts";
import { KIT } from "./kit.ts";
import { log } from "./log.ts";
import { part } from "./parts.ts";
import css from "./widget.css";

/** A screen reader is told of queue and typing at most this often. */
const STATUS_PAUSE_MS = 5000;

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
  const status = h("div", { class: "aside", role: "status" });
  const panel = h("section", { class: "panel", role: "dialog" }, sign.node, sign.menu, notes.node, body.node, writer.node, status);
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

  /** Queue and typing in one polite line: the last word counts, and it comes at a bearable pace. */
  let due: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const { state, t, site } = chat;
    const name = state.typing === "agent" ? (state.agent ?? t("someone")) : (site?.assistant ?? t("assistant"));
    const words = state.typing ? t("typing", { name }) : state.waiting ? queueWords(chat) : "";
    if (due || words === status.textContent) return;
    write(status, words);
    due = setTimeout(() => {
      due = undefined;
      tell();
    }, STATUS_PAUSE_MS);
  };

  /** The menu, once it is here. */
  let showMenu = () => {};
  let more: Promise<void> | undefined;
  const loadMore = async () => {
    const { menu, closingCard, chime, unlock } = await part("more");
    showMenu = menu(chat, sign.menu, () => sign.toggle(false), KIT);
    showMenu();
    body.setCard(closingCard(chat, body.show, KIT));
    chat.chime = chime;
    host.addEventListener("click", unlock, { signal });
  };

  let wasOpen: boolean | undefined;
  return {
    fill: writer.fill,
    text: body.text,
    write: () => writer.area.focus({ preventScroll: true }),
    /** Whether the visitor has the end of the log before their eyes. */
    seesEnd: () => chat.open && body.atEnd() && document.visibilityState === "visible",
    show() {
      const { t, open, site, unread: n, locale } = chat;
      set(host, { lang: locale });
      set(launcher, { "aria-label": n ? t("unread", { n }) : t("open"), hidden: open });
      set(badge, { hidden: !n });
      write(badge, n > 99 ? "99+" : String(n));
      set(panel, { "aria-label": t("chat_with", { brand: site?.brand ?? t("assistant") }), hidden: !open });
      for (const part of [sign, notes, body]) part.show();
      writer.show(body.atEnd());
      tell();
      showMenu();
      // Without it one can still talk; it is tried again when something happens.
      if (open) more ??= loadMore().catch(() => (more = undefined));
      if (wasOpen !== undefined && wasOpen !== open) {
        sign.toggle(false);
        (open ? writer.area : launcher).focus();
      }
      wasOpen = open;
    },
  };
}
