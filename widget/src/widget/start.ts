// Starts the chat on a page: the browser's part of the client, what the visitor chose and saw, what the page is told.

import { client as openClient, type Context, type Socket } from "../client/client.ts";
import type { Item } from "../client/outbox.ts";
import { shelf as openShelf, type Store } from "../client/shelf.ts";
import { browserTabs } from "../client/tabs.ts";
import { inForce, tidy } from "../i18n/locale.ts";
import { words } from "../i18n/words.ts";
import type { Stage, Style, VisitorToClient } from "../protocol/types.ts";
import type { Chat, Choices, Site } from "./chat.ts";
import { isNews } from "./log.ts";
import { chime } from "./sound.ts";
import { openWindow } from "./window.ts";

/** What a page says of itself: on the snippet or in `Ventanilla('boot', …)` (@kept). */
export interface Options {
  /** The site's id, as the server is configured. */
  site: string;
  /** Where the server is: `https://chat.example.com`. */
  server: string;
  lang?: string;
  stage?: Stage;
  touchpoint?: string;
  style?: Style;
  /** Shown in the menu before the server has told its own. */
  phone?: string;
  mail?: string;
  theme?: "light";
  /** `on` where the page wants proactive messages; then the one with which the panel was opened. The server knows no message `on`. */
  invite?: string;
  /** Open from the start, as on a page that is there for the chat alone. */
  open?: "true";
}

/** What a page can call by name (@kept). */
export interface Calls {
  /** Opens the panel, with a text to send where one is proposed. */
  open(draft?: string): void;
  close(): void;
  toggle(): void;
  /** The page knows who this is: somebody else than last time gets a conversation of their own. */
  identify(who: { user: string }): void;
  /** What the page says of itself has changed. */
  update(changed: Partial<Options>): void;
  /** Ends the visit on this device: closed, forgotten, also in the other tabs. */
  shutdown(): void;
  /** Takes the window out of the page; the conversation stays. */
  destroy(): void;
}

/** What `ventanilla:unread` tells the page (@kept). */
interface Unread {
  count: number;
}

/** A page that was out of sight for so long cannot trust its socket. */
const HIDDEN_MS = 60_000;
const NOTICE_MS = 6_000;
/** What happens within this time is drawn at once. */
const DRAW_MS = 9;

/** `tell` tells the page what happened. */
export async function start(options: Options, host: HTMLElement, tell: (name: string, detail?: unknown) => void): Promise<Calls> {
  const name = `ventanilla:${options.site}:`;
  const shelf = openShelf(name, () => localStorage as unknown as Store);
  /** What belongs to this tab alone. */
  const here = openShelf(name, () => sessionStorage as unknown as Store);
  const tabs = browserTabs(name);
  const away = new AbortController();
  const { signal } = away;
  let choices = shelf.read<Choices>("choices") ?? {};
  /** Language of the texts that were asked for last. */
  let asked = "";
  /** Last event that the visitor has seen. */
  let read = 0;
  let drawing: ReturnType<typeof setTimeout> | undefined;
  let hiddenAt = 0;
  let noticed: ReturnType<typeof setTimeout> | undefined;

  const wish = () => tidy(choices.lang ?? options.lang ?? (document.documentElement.lang || navigator.language));
  const style = () => choices.style ?? options.style;

  /** Brings what is shown to what follows from state, options and choices. */
  const paint = () => {
    drawing = undefined;
    const { state } = chat.client;
    const tag = inForce(wish(), state.lang);
    const site = state.welcome?.site ?? shelf.read<Site>("site");
    read = Math.max(read, shelf.read<number>("read") ?? 0);
    if (tag !== asked) {
      asked = tag;
      // Without the other language the window goes on in the one that it has.
      void words(tag).then((t) => {
        // A language that was wanted only for a moment may come after the one that was wanted next.
        if (tag === asked) Object.assign(chat, { t, locale: tag });
        draw();
      }, console.warn);
    }
    Object.assign(chat, state, {
      site,
      contact: { ...options, ...site?.contact },
      style: state.welcome ? state.style : (style() ?? state.style),
      muted: choices.muted,
      kept: shelf.kept,
      now: Date.now(),
    });
    const unread = state.lines.filter(({ seq, event }) => seq > read && isNews(event)).length;
    if (unread !== chat.unread) tell("unread", { count: (chat.unread = unread) } satisfies Unread);
    show();
  };

  /** One drawing for everything that happens at once. */
  const draw = () => {
    drawing ??= setTimeout(paint, DRAW_MS);
  };

  const notice = (text: string) => {
    clearTimeout(noticed);
    chat.notice = text;
    if (text) noticed = setTimeout(notice, NOTICE_MS, "");
    draw();
  };

  const onFrame = (frame: VisitorToClient) => {
    if (frame.type === "queue") tell("queue", frame);
    // What shows notices is fetched with the first of them.
    if (frame.type === "notices") void import("./later.js").then((part) => part.open(chat, frame));
    // Another conversation, or one that was set back, counts anew.
    if (frame.type === "welcome" && frame.seq < read) shelf.write("read", (read = frame.seq));
    if (frame.type !== "event" || frame.seq <= (chat.client.state.welcome?.seq ?? 0)) return;
    const { event, seq } = frame;
    const { kind } = event;
    if (kind === "mail_asked") chat.asking = undefined;
    if (isNews(event)) {
      tell("message", event);
      // One tab sounds: the first that notes the event.
      if (!chat.muted && !(chat.open && chat.atEnd && document.hasFocus()) && shelf.read("rang") !== seq) chime();
      shelf.write("rang", seq);
    }
    if (/queue|joined|left|transferred|returned/.test(kind)) tell("handoff", event);
    if (kind === "rated") tell("feedback", event);
  };

  const onRefused = ({ act, label, failed }: Item) => {
    tell("error", { code: failed });
    const { client, t } = chat;
    const { type } = act;
    // The first buttons can be said as well as tapped: the greeting may have aged while the page stood open.
    if (type === "choose" && act.of === 0 && label) client.act({ type: "say", text: label }, label);
    // The session ended meanwhile: the next hello says it.
    else if (type === "set") client.wake(true);
    else if (type === "mail" && failed === "no_address") chat.asking = act.case;
    else if (type !== "say") notice(t[failed as "blocked" | "bad_address" | "too_many_mails"] || t.not_done);
  };

  /** Sets language or style where a session is open; else the next `hello` says it. */
  const prefer = ({ lang, style }: Choices) => {
    const { client } = chat;
    if (client.state.session !== "open") client.wake(true);
    else if (lang || style) client.act({ type: "set", ...(lang && { lang }), ...(style && { style }) });
    draw();
  };

  asked = wish();
  const chat = {
    t: await words(asked),
    locale: asked,
    open: here.read<boolean>("open") ?? options.open === "true",
    unread: 0,
    notice: "",
    setOpen(open: boolean) {
      if (open === chat.open) return;
      chat.open = open;
      here.write("open", open);
      if (open) chat.client.connect();
      draw();
      tell(open ? "open" : "close");
    },
    choose(choice: Choices) {
      choices = { ...choices, ...choice };
      shelf.write("choices", choices);
      if ("muted" in choice) draw();
      else prefer(choice);
    },
    draft(text: string) {
      here.write("draft", text);
      if (text) chat.client.typing();
    },
    seen() {
      const { last } = chat;
      if (last <= read) return;
      shelf.write("read", (read = last));
      tabs.tell({});
      draw();
    },
    redraw: draw,
    address: (path: string) => new URL(path, options.server).href,
    async file(path: string, body?: File) {
      // Of what fails on its way there is nothing: no sentence of the server's either.
      const { seq, url, message } = await fetch(chat.address("/v1/visitor/files" + path + "?site=" + options.site), {
        method: "POST",
        body: body!,
        headers: { authorization: chat.welcome!.token, "x-file-name": encodeURI(body?.name!) },
      })
        .then((answer) => answer.json())
        .catch(() => "");
      // It comes as a download, so the page stays.
      if (url) location.assign(chat.address(url));
      else if (!seq) notice(message || chat.t.not_done);
    },
  } as Chat;

  const forget = () => {
    chat.setOpen(false);
    chat.client.leave(true);
    here.clear();
    choices = {};
    read = 0;
    chat.put("");
  };

  chat.client = openClient({
    open: () => new WebSocket(chat.address("/v1/visitor/ws?site=" + options.site).replace("http", "ws")) as Socket,
    shelf,
    tabs,
    // Names that are undefined do not get into the frame.
    context: () =>
      ({
        lang: wish(),
        style: style(),
        // Without query and fragment: what stands there may be personal.
        page: location.pathname,
        stage: options.stage,
        touchpoint: options.touchpoint,
        invite: options.invite,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }) as Context,
    changed(frame, refused) {
      if (frame) onFrame(frame);
      if (refused) onRefused(refused);
      draw();
    },
  });
  if (options.theme) host.setAttribute("theme", options.theme);
  const show = openWindow(host, chat, signal);
  paint();
  chat.put(here.read("draft") ?? "");
  document.body.append(host);

  const listen = (target: EventTarget, type: string, hear: (event: Event) => void) => target.addEventListener(type, hear, { signal });
  const wake = () => chat.client.wake(true);
  const pause = () => chat.client.pause();
  listen(window, "online", wake);
  listen(window, "offline", pause);
  listen(window, "pagehide", pause);
  listen(window, "pageshow", wake);
  listen(document, "visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else chat.client.wake(Date.now() - hiddenAt > HIDDEN_MS);
    draw();
  });
  tabs.listen((note) => {
    if (note.forget) forget();
    draw();
  });
  // Nobody is connected for merely looking at a page: only who was here before, or opens the window now.
  if (chat.open || chat.client.known) chat.client.connect();
  if (options.invite) void import("./invite.js").then((part) => part.open(chat, options));

  const calls: Calls = {
    open(draft) {
      if (draft) chat.put(draft);
      chat.setOpen(true);
    },
    close: () => chat.setOpen(false),
    toggle: () => chat.setOpen(!chat.open),
    identify({ user }) {
      if ((shelf.read("user") ?? user) !== user) calls.shutdown();
      shelf.write("user", user);
    },
    update(changed) {
      Object.assign(options, changed);
      // What the page says now goes before what was chosen earlier.
      for (const name of Object.keys(changed)) delete choices[name as keyof Choices];
      prefer(changed);
    },
    shutdown() {
      forget();
      tabs.tell({ forget: true });
    },
    destroy() {
      away.abort();
      chat.client.leave();
      tabs.close();
      host.remove();
    },
  };
  return calls;
}
