// Starts the chat on a page: the browser's part of the client, what the visitor chose and saw, what the page is told.

import { client as openClient, type Context, type Socket } from "../client/client.ts";
import type { Item } from "../client/outbox.ts";
import { shelf as openShelf } from "../client/shelf.ts";
import { browserTabs, newId } from "../client/tabs.ts";
import { inForce, intl, wished, words } from "../i18n/locale.ts";
import type { SiteCard, Stage, Style, VisitorToClient } from "../protocol/types.ts";
import type { Chat, Choices } from "./chat.ts";
import { draw as drawWindow } from "./element.ts";
import { isNews, unread } from "./entries.ts";
import { chime, unlock } from "./sound.ts";

/** What a page says of itself: on the snippet or in `Ventanilla('boot', …)`. */
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
}

export interface Running {
  readonly isOpen: boolean;
  setOpen(open: boolean): void;
  /** Proposes a text to send. */
  fill(draft: string): void;
  /** The page knows who this is: somebody else than last time gets a conversation of their own. */
  identify(user: string): void;
  update(changed: Partial<Options>): void;
  /** Ends the visit on this device: closed, forgotten, also in the other tabs. */
  shutdown(): void;
  /** Takes the window out of the page; the conversation stays. */
  destroy(): void;
}

/** A page that was out of sight for so long cannot trust its socket. */
const HIDDEN_MS = 60_000;
const NOTICE_MS = 6_000;

/** `tell` tells the page what happened. */
export function start(options: Options, host: HTMLElement, tell: (name: string, detail?: unknown) => void): Running {
  const name = `ventanilla:${options.site}`;
  const shelf = openShelf(`${name}:`, () => localStorage);
  /** What belongs to this tab alone. */
  const here = openShelf(`${name}:`, () => sessionStorage);
  const tabs = browserTabs(name);
  const away = new AbortController();
  const { signal } = away;
  let choices = shelf.read<Choices>("choices") ?? {};
  let tag = "";
  let drawing = false;
  let counted = 0;
  let hiddenAt = 0;
  let noticed: ReturnType<typeof setTimeout> | undefined;

  const wish = () => wished(choices.lang, options.lang, document.documentElement.lang, navigator.language);

  const context = (): Context => {
    const { stage, touchpoint } = options;
    const style = choices.style ?? options.style;
    return {
      lang: wish(),
      // Without query and fragment: what stands there may be personal.
      page: location.pathname,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(style && { style }),
      ...(stage && { stage }),
      ...(touchpoint && { touchpoint }),
    };
  };

  const open = () => {
    const url = new URL("/v1/visitor/ws", options.server);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("site", options.site);
    return new WebSocket(url) as Socket;
  };

  /** Brings what is shown to what follows from state, options and choices. */
  const derive = () => {
    const { state } = chat.client;
    const now = inForce(wish(), state.lang);
    if (now !== tag) chat.t = words((tag = now));
    chat.locale = intl(tag);
    chat.state = state;
    chat.site = state.welcome?.site ?? shelf.read<SiteCard>("site");
    chat.contact = { ...options, ...chat.site?.contact };
    chat.style = state.welcome ? state.style : (choices.style ?? options.style ?? "fast");
    chat.muted = choices.muted === true;
    chat.kept = shelf.kept;
    chat.now = Date.now();
  };

  /** One drawing for everything that happens at once. */
  const draw = () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      derive();
      view.show();
      if (view.seesEnd()) chat.seen();
      const count = unread(chat.state, chat.read);
      if (count !== counted) tell("unread", { count: (counted = count) });
    });
  };

  const notice = (text: string) => {
    clearTimeout(noticed);
    chat.notice = text;
    if (text) noticed = setTimeout(notice, NOTICE_MS, "");
    draw();
  };

  const onFrame = (frame: VisitorToClient) => {
    if (frame.type === "queue") tell("queue", frame);
    if (frame.type !== "event" || frame.seq <= (chat.client.state.welcome?.seq ?? 0)) return;
    const { event } = frame;
    const { kind } = event;
    if (isNews(event)) {
      tell("message", event);
      if (!chat.muted && !(view.seesEnd() && document.hasFocus())) {
        // One tab sounds: the first that notes the event.
        if (Number(shelf.get("rang")) < frame.seq) chime();
        shelf.put("rang", String(frame.seq));
      }
    }
    if (kind === "queued" || kind === "joined" || kind === "left" || kind === "returned") tell("handoff", event);
    if (kind === "rated") tell("feedback", event);
  };

  const onRefused = ({ act, label, failed }: Item) => {
    tell("error", { code: failed });
    const { client, t } = chat;
    // The first buttons can be said as well as tapped: the greeting may have aged while the page stood open.
    if (act.type === "choose" && act.of === 0 && label) client.act({ type: "say", text: label }, label);
    else if (act.type === "choose") notice(t("gone"));
    else if (act.type === "ask_person") notice(t("not_done"));
    // The session ended meanwhile: the next hello says it.
    else if (act.type === "set") client.wake(true);
  };

  /** Sets language or style where a session is open; else the next `hello` says it. */
  const prefer = ({ lang, style }: Choices) => {
    const { client } = chat;
    if (client.state.session !== "open") client.wake(true);
    else if (lang || style) client.act({ type: "set", ...(lang && { lang }), ...(style && { style }) });
  };

  const chat = {
    open: here.get("open") === "1",
    read: Number(shelf.get("read")),
    notice: "",
    setOpen(open: boolean) {
      if (open === chat.open) return;
      chat.open = open;
      here.put("open", open ? "1" : "0");
      if (open) chat.client.connect();
      draw();
      tell(open ? "open" : "close");
    },
    choose(choice: Choices) {
      choices = { ...choices, ...choice };
      shelf.write("choices", choices);
      if (choice.lang || choice.style) prefer(choice);
      draw();
    },
    draft(text: string) {
      here.put("draft", text);
      if (text) chat.client.typing();
    },
    seen() {
      const { last } = chat.state;
      if (last <= chat.read) return;
      chat.read = last;
      shelf.put("read", String(last));
      tabs.tell({ read: last });
      draw();
    },
    write: () => view.write(),
    download() {
      const url = URL.createObjectURL(new Blob([view.text()], { type: "text/plain" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = `${chat.site?.brand ?? "chat"}.txt`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), NOTICE_MS);
    },
  } as Chat;

  const forget = () => {
    chat.setOpen(false);
    chat.client.leave(true);
    here.clear();
    choices = {};
    chat.read = 0;
    view.fill("");
    draw();
  };

  chat.client = openClient({
    open,
    now: Date.now,
    random: Math.random,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    newId,
    shelf,
    tabs,
    context,
    changed(frame, refused) {
      if (frame) onFrame(frame);
      if (refused) onRefused(refused);
      draw();
    },
  });
  derive();
  if (options.theme) host.setAttribute("theme", options.theme);
  const view = drawWindow(host, chat, signal);
  view.fill(here.get("draft") ?? "");
  document.body.append(host);
  draw();

  host.addEventListener("click", unlock);
  addEventListener("online", () => chat.client.wake(true), { signal });
  addEventListener("offline", () => chat.client.pause(), { signal });
  addEventListener("pagehide", () => chat.client.pause(), { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && chat.client.wake(true), { signal });
  const onVisible = () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else {
      chat.client.wake(Date.now() - hiddenAt > HIDDEN_MS);
      draw();
    }
  };
  document.addEventListener("visibilitychange", onVisible, { signal });
  tabs.listen((note) => {
    if ("forget" in note) forget();
    if ("read" in note) {
      chat.read = Math.max(chat.read, note.read);
      draw();
    }
  });
  // Nobody is connected for merely looking at a page: only who was here before, or opens the window now.
  if (chat.open || chat.client.known) chat.client.connect();

  const running: Running = {
    get isOpen() {
      return chat.open;
    },
    setOpen: chat.setOpen,
    fill: view.fill,
    identify(user) {
      // Only a mark to compare with is kept, not the name.
      const mark = String([...user].reduce((mark, char) => (mark * 33 + (char.codePointAt(0) ?? 0)) >>> 0, 5381));
      if ((shelf.get("user") ?? mark) !== mark) running.shutdown();
      shelf.put("user", mark);
    },
    update(changed) {
      Object.assign(options, changed);
      const { lang, style } = changed;
      if (lang) delete choices.lang;
      if (style) delete choices.style;
      prefer({ lang, style });
      draw();
    },
    shutdown() {
      tabs.tell({ forget: true });
      forget();
    },
    destroy() {
      away.abort();
      chat.client.leave();
      tabs.close();
      host.remove();
    },
  };
  return running;
}
