// <ventanilla-chat>: launcher and panel in a shadow tree. Says what is to be seen and does what cannot be said so: focus, scrolling, the
// phone's keyboard.

import { fill } from "../i18n/fill.ts";
import { banners, queueWords } from "./banners.ts";
import type { Chat } from "./chat.ts";
import { composer } from "./composer.ts";
import { button, draw, h } from "./dom.ts";
import { log } from "./log.ts";
import { menu } from "./menu.ts";
import { unlock } from "./sound.ts";
import css from "./widget.css";

/** So near to the end the log follows what is new. */
const NEAR_PX = 100;
/** The status line changes at a bearable pace. */
const STATUS_MS = 5000;

/** Adds to `chat` what only the window can do; returns what draws it. `signal` ends its listeners. */
export function openWindow(host: HTMLElement, chat: Chat, signal: AbortSignal): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const find = <E extends HTMLElement>(selector: string) => root.querySelector<E>(selector)!;

  let wasOpen = chat.open;
  /** What was drawn last: the acts on their way, the first event. */
  let acts = 0;
  let first: number | undefined;
  let live = false;
  let spoken = "";
  let pause: ReturnType<typeof setTimeout> | undefined;

  /** Who is typing, or the place in the queue. */
  const status = () => {
    const { t, site, typing, agent, waiting } = chat;
    const name = typing?.agent ? (agent ?? site?.brand) : (site?.assistant ?? t.assistant);
    const words = typing ? fill(t.typing, { name }) : waiting ? queueWords(chat) : "";
    if (pause || words === spoken) return;
    spoken = words;
    pause = setTimeout(() => {
      pause = undefined;
      chat.redraw();
    }, STATUS_MS);
  };
  const onScroll = ({ target }: Event) => {
    // The log is laid from its end, which is 0; what is above is negative.
    const atEnd = (target as Element).scrollTop > -NEAR_PX;
    if (atEnd !== chat.atEnd) chat.redraw();
    chat.atEnd = atEnd;
  };
  const onKey = ({ key, isComposing }: KeyboardEvent) => {
    if (key !== "Escape" || isComposing) return;
    const { open } = find<HTMLDetailsElement>("details");
    if (open) fold();
    else chat.setOpen(false);
  };
  const fold = () => {
    find<HTMLDetailsElement>("details").open = false;
  };
  // A tap beside the menu folds it.
  const onTap = ({ target }: Event) => (target as Element).closest("details") || fold();

  chat.atEnd = true;
  chat.put = (text) => {
    const area = find<HTMLTextAreaElement>("textarea");
    if (text !== undefined) {
      // A copy of the text, unseen, makes the field as tall as it must be.
      area.parentElement!.dataset["text"] = area.value = text;
      chat.draft(text);
    }
    return area.value;
  };
  chat.write = () => find("textarea").focus({ preventScroll: true });
  chat.toEnd = () => {
    find(".scroll").scrollTop = 0;
    chat.write();
  };
  chat.save = () => {
    const rows = [...root.querySelectorAll<HTMLElement>(".row, .note, .day")].map((row) => row.innerText.replace(/\s+/g, " "));
    const file = document.createElement("a");
    file.href = "data:text/plain;charset=utf-8," + encodeURIComponent(rows.join("\n"));
    file.download = chat.site?.brand + ".txt";
    file.click();
  };

  // What the phone's keyboard leaves of the screen.
  const view = visualViewport!;
  const fit = () => {
    host.style.cssText = `--top:${view.offsetTop}px;--tall:${view.height}px`;
  };
  for (const name of ["resize", "scroll"]) view.addEventListener(name, fit, { signal });

  return () => {
    const { t, open, site, unread: n, locale, atEnd, lines, pending, welcome, last, connection, agent } = chat;
    const brand = site?.brand ?? t.assistant;
    const begin = lines[0]?.seq;
    const earlier = begin !== first;
    // Silent while closed, catching up or looking back, and for what is drawn next after that, so that a screen reader does not read the
    // whole history again.
    const silent = !live || earlier;
    live = open && connection === "online" && last >= welcome!.seq;
    status();

    const focused = root.activeElement as HTMLButtonElement | null;
    const scroll = find(".scroll") as HTMLElement | null;
    const tall = scroll?.scrollHeight ?? 0;
    host.lang = locale;
    draw(root, [
      button("launcher", () => chat.setOpen(true), [h("i", {}, "···"), n > 0 && h("b", { "aria-hidden": true }, n)], {
        hidden: open,
        "aria-label": t.open + (n ? ", " + fill(t.new_below, { n }) : ""),
      }),
      h(
        "section.panel",
        { role: "dialog", "aria-label": brand, hidden: !open, onkeydown: onKey, onpointerdown: onTap, onclick: unlock },
        h(
          "header",
          {},
          h("div", {}, h("h2", {}, brand), h("span", {}, agent ?? (site && `${site.assistant} · ${t.assistant}`))),
          menu(chat),
          button("tool", () => chat.setOpen(false), "×", { "aria-label": t.minimise }),
        ),
        banners(chat),
        h(
          "div.scroll",
          { tabIndex: 0, role: "group", "aria-label": t.messages, onscroll: onScroll },
          h("div.log", { role: "log", "aria-live": silent ? "off" : "polite" }, log(chat)),
        ),
        composer(chat),
        h("div.aside", { role: "status" }, spoken),
      ),
    ]);

    // The focus was on something that is gone or done: it stays in the log, where a keyboard finds it.
    if (focused && (focused.disabled || !focused.isConnected)) (find(".scroll input") ?? find(".scroll")).focus();
    if (wasOpen !== open) {
      fold();
      find(open ? "textarea" : ".launcher").focus();
    }
    if (scroll) {
      if (pending.length > acts) scroll.scrollTop = 0;
      // Something new came in below: what is being read stays where it is.
      else if (!atEnd && !earlier) scroll.scrollTop += tall - scroll.scrollHeight;
    }
    [wasOpen, acts, first] = [open, pending.length, begin];
    if (open && chat.atEnd && !document.hidden) chat.seen();
  };
}
