// Between the client and the element: what the visitor chose and saw, and what the page is told.

import { Client, type Happened, type Socket } from "../client/client.ts";
import { Shelf } from "../client/shelf.ts";
import type { State } from "../client/state.ts";
import { BrowserTabs, newId } from "../client/tabs.ts";
import { inForce, intl, wished, words } from "../i18n/locale.ts";
import type { SiteCard, Style, VisitorToServer } from "../protocol/types.ts";
import type { ChatElement } from "./element.ts";
import { isNews, unread } from "./entries.ts";
import type { Deeds, Model } from "./model.ts";
import type { Options } from "./options.ts";
import { chime, unlock } from "./sound.ts";
import { download, transcript } from "./transcript.ts";

/** What the visitor chose; kept on the device. */
interface Choices {
  lang?: string;
  style?: Style;
  muted?: boolean;
}

/** Tells the page: `ventanilla:<name>` on document. */
export type Tell = (name: string, detail?: unknown) => void;

/** A page that was out of sight for so long cannot trust its socket. */
const HIDDEN_MS = 60_000;
const NOTICE_MS = 6_000;

export class Controller {
  #options: Options;
  #element: ChatElement;
  #tell: Tell;
  #shelf: Shelf;
  #here: Shelf;
  #tabs: BrowserTabs;
  #client: Client;
  #choices: Choices;
  #model: Model;
  #drawing = false;
  #hiddenAt = 0;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #away = new AbortController();

  constructor(options: Options, element: ChatElement, tell: Tell) {
    this.#options = options;
    this.#element = element;
    this.#tell = tell;
    const name = `ventanilla:${options.site}`;
    this.#shelf = new Shelf(`${name}:`, () => localStorage);
    this.#here = new Shelf(`${name}:`, () => sessionStorage);
    this.#tabs = new BrowserTabs(name);
    this.#choices = this.#shelf.read<Choices>("choices") ?? {};
    let started = false;
    this.#client = new Client(
      {
        open: () => this.#open(),
        now: Date.now,
        random: Math.random,
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        newId,
        shelf: this.#shelf,
        tabs: this.#tabs,
        context: () => this.#context(),
      },
      (state, happened) => started && this.#changed(state, happened),
    );
    started = true;
    this.#model = {
      state: this.#client.state,
      t: words("en"),
      locale: "en",
      site: undefined,
      contact: {},
      style: "fast",
      open: this.#here.get("open") === "1",
      read: Number(this.#shelf.get("read")),
      muted: this.#choices.muted === true,
      kept: this.#shelf.kept,
      notice: "",
      now: Date.now(),
    };
    this.#derive();
    if (options.theme) element.setAttribute("theme", options.theme);
    element.build(this.#deeds(), this.#here.get("draft") ?? "");
    document.body.append(element);
    element.show(this.#model);
    this.#listen();
    // Nobody is connected for merely looking at a page: only who opened the window before, or does so now.
    if (this.#model.open || this.#client.known) this.#client.connect();
  }

  get isOpen(): boolean {
    return this.#model.open;
  }

  open(draft?: string): void {
    if (draft !== undefined) this.#element.fill(draft);
    if (this.isOpen) return;
    this.#setOpen(true);
    this.#client.connect();
  }

  close(): void {
    if (this.isOpen) this.#setOpen(false);
  }

  /** The page knows who this is: somebody else than last time gets a conversation of their own. */
  identify(user: string): void {
    // Only a mark to compare with is kept, not the name.
    let mark = 5381;
    for (const char of user) mark = (mark * 33 + (char.codePointAt(0) ?? 0)) >>> 0;
    const before = this.#shelf.get("user");
    if (before !== null && before !== String(mark)) this.shutdown();
    this.#shelf.put("user", String(mark));
  }

  /** What the page says of itself has changed. */
  update(changed: Partial<Options>): void {
    Object.assign(this.#options, changed);
    if (changed.lang) delete this.#choices.lang;
    if (changed.style) delete this.#choices.style;
    this.#shelf.write("choices", this.#choices);
    this.#derive();
    this.#prefer(changed);
    this.#draw();
  }

  /** Ends the visit on this device: closed, forgotten, also in the other tabs. */
  shutdown(): void {
    this.#tabs.tell({ note: "forget" });
    this.#forget();
  }

  /** Takes the widget out of the page; the conversation stays. */
  destroy(): void {
    this.#away.abort();
    clearTimeout(this.#noticeTimer);
    this.#client.disconnect();
    this.#tabs.close();
    this.#element.remove();
  }

  #forget(): void {
    this.close();
    this.#client.forget();
    this.#here.clear();
    this.#element.fill("");
    this.#choices = {};
    this.#model = { ...this.#model, read: 0, muted: false, site: undefined };
    this.#derive();
    this.#draw();
  }

  #open(): Socket {
    const url = new URL("/v1/visitor/ws", this.#options.server);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    url.searchParams.set("site", this.#options.site);
    return new WebSocket(url) as Socket;
  }

  #context(): Omit<Extract<VisitorToServer, { type: "hello" }>, "type" | "token" | "epoch" | "after"> {
    const { stage, touchpoint } = this.#options;
    const style = this.#choices.style ?? this.#options.style;
    return {
      lang: this.#wish(),
      // Without query and fragment: what stands there may be personal.
      page: location.pathname,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(style && { style }),
      ...(stage && { stage }),
      ...(touchpoint && { touchpoint }),
    };
  }

  #wish(): string {
    return wished(this.#choices.lang, this.#options.lang, document.documentElement.lang, navigator.language);
  }

  /** Sets language or style where a session is open; else the next `hello` says it. */
  #prefer({ lang, style, stage, touchpoint }: Partial<Options>): void {
    const { state } = this.#client;
    if (state.session === "open") {
      if (lang || style) this.#client.act({ type: "set", ...(lang && { lang }), ...(style && { style }) });
    } else if (lang || style || stage || touchpoint) this.#client.greet();
  }

  #deeds(): Deeds {
    const choose = (choice: Choices) => {
      this.#choices = { ...this.#choices, ...choice };
      this.#shelf.write("choices", this.#choices);
      this.#prefer(choice);
      this.#derive();
      this.#draw();
    };
    const client = this.#client;
    return {
      open: () => {
        unlock();
        this.open();
      },
      close: () => this.close(),
      say: (text) => {
        unlock();
        client.act({ type: "say", text }, text);
      },
      choose: (of, option, label) => void client.act({ type: "choose", of, option }, label),
      tap: (option) => {
        const question = client.state.closing?.question;
        if (question) client.act({ type: "rate", question: question.id, tap: option });
      },
      line: (text) => {
        const question = client.state.closing?.question;
        if (question) client.act({ type: "rate", question: question.id, text }, text);
      },
      skip: () => void client.act({ type: "skip_rating" }),
      person: () => void client.act({ type: "ask_person" }, this.#model.t("person")),
      end: () => void client.act({ type: "end" }),
      style: (style) => choose({ style }),
      lang: (lang) => choose({ lang }),
      mute: () => {
        unlock();
        choose({ muted: !this.#choices.muted });
      },
      download: () => download(transcript(this.#model), `${this.#model.site?.brand ?? "chat"} ${new Date().toISOString().slice(0, 10)}.txt`),
      retry: (id) => client.again(id),
      discard: (id) => client.discard(id),
      draft: (text) => {
        this.#here.put("draft", text);
        if (text) client.typing();
      },
      seen: () => this.#seen(),
    };
  }

  #changed(state: State, happened?: Happened): void {
    if (happened?.what === "frame") this.#onFrame(happened.frame);
    if (happened?.what === "refused") this.#onRefused(happened.item.act, happened.code);
    this.#model.state = state;
    this.#draw();
  }

  #onFrame(frame: Extract<Happened, { what: "frame" }>["frame"]): void {
    if (frame.type === "queue") this.#tell("queue", { position: frame.position, wait: frame.wait });
    if (frame.type !== "event") return;
    const { event, seq } = frame;
    const past = seq <= (this.#client.state.welcome?.seq ?? 0);
    if (past) return;
    if (isNews(event)) {
      this.#tell("message", event);
      if (!this.#model.muted && !(this.#element.seesEnd && document.hasFocus())) chime(`ventanilla:${this.#options.site}`);
    }
    if (event.kind === "queued" || event.kind === "joined" || event.kind === "left" || event.kind === "returned") this.#tell("handoff", event);
    if (event.kind === "rated") this.#tell("feedback", { value: event.value });
  }

  #onRefused(act: VisitorToServer, code: string): void {
    this.#tell("error", { code });
    // The words of the first buttons can be said as well as tapped: the greeting may have aged while the page stood open.
    if (act.type === "choose" && act.of === 0 && code === "no_such_choice") {
      const label = this.#model.state.welcome?.greeting.choices[act.option];
      if (label) return void this.#client.act({ type: "say", text: label }, label);
    }
    // The session ended meanwhile: say it with the next hello.
    if (act.type === "set" && code === "closed") return this.#client.greet();
    if (act.type === "choose") this.#notice(this.#model.t("gone"));
    else if (act.type === "ask_person") this.#notice(this.#model.t("not_done"));
  }

  #notice(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.#model.notice = text;
    if (text) this.#noticeTimer = setTimeout(() => this.#notice(""), NOTICE_MS);
    this.#draw();
  }

  /** One drawing for everything that happens at once. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      const before = unread(this.#model.state, this.#model.read);
      this.#derive();
      this.#element.show({ ...this.#model });
      if (this.#element.seesEnd) this.#seen();
      const after = unread(this.#model.state, this.#model.read);
      if (after !== before || after !== this.#unread) this.#tell("unread", { count: (this.#unread = after) });
    });
  }

  #unread = 0;

  /** Brings the model to what follows from state, options and choices. */
  #derive(): void {
    const model = this.#model;
    const { state } = model;
    const wish = this.#wish();
    const tag = inForce(wish, state.lang);
    if (intl(tag) !== model.locale || tag !== this.#tag) {
      this.#tag = tag;
      model.locale = intl(tag);
      model.t = words(tag);
    }
    model.site = state.welcome?.site ?? this.#shelf.read<SiteCard>("site");
    model.contact = {
      phone: model.site?.contact.phone ?? this.#options.phone ?? null,
      mail: model.site?.contact.mail ?? this.#options.mail ?? null,
    };
    model.style = state.welcome ? state.style : (this.#choices.style ?? this.#options.style ?? "fast");
    model.muted = this.#choices.muted === true;
    model.kept = this.#shelf.kept;
    model.now = Date.now();
  }

  #tag = "";

  #setOpen(open: boolean): void {
    this.#model.open = open;
    this.#here.put("open", open ? "1" : "0");
    this.#draw();
    this.#tell(open ? "open" : "close");
  }

  #seen(): void {
    const { last } = this.#model.state;
    if (last <= this.#model.read) return;
    this.#model.read = last;
    this.#shelf.put("read", String(last));
    this.#tabs.tell({ note: "read", seq: last });
    this.#draw();
  }

  #listen(): void {
    const { signal } = this.#away;
    addEventListener("online", () => this.#client.wake(true), { signal });
    addEventListener("offline", () => this.#client.lost(), { signal });
    addEventListener("pagehide", () => this.#client.pause(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#client.resume(), { signal });
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState === "hidden") this.#hiddenAt = Date.now();
        else {
          this.#client.wake(Date.now() - this.#hiddenAt > HIDDEN_MS);
          this.#draw();
        }
      },
      { signal },
    );
    this.#tabs.listen((note) => {
      if (note.note === "read" && note.seq > this.#model.read) {
        this.#model.read = note.seq;
        this.#draw();
      }
      if (note.note === "forget") this.#forget();
    });
  }
}
