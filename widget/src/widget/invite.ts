// A proactive message: a bubble beside the launcher, once a visit, on pages that want it. Fetched only there. It never opens the panel, moves the
// focus or sounds, and nobody is named in what it tells the server.

import type { Chat } from "./chat.ts";
import { button, draw, h } from "./dom.ts";
import type { Options } from "./start.ts";

/** A message as the server sends it (@kept). */
interface Invite {
  id: string;
  text: string;
  lang: string;
  /** Seconds on the page. */
  after: number;
}

/** What the server answers (@kept). */
interface Answer {
  invites: Invite[];
}

/** Put away, it stays away for so long: 7 days. */
const REST_MS = 6048e5;

const CSS =
  ".invite{position:fixed;bottom:88px;inset-inline-end:16px;max-width:min(280px,calc(100vw - 32px));display:flex;align-items:start;background:var(--paper,#fff);color:var(--ink,#111);border:1px solid currentColor;border-radius:12px;box-shadow:0 4px 16px #0003;z-index:2147483000}" +
  ".invite:empty{display:none}.invite button{background:none;border:0;color:inherit;font:inherit;text-align:start;padding:12px;min-height:44px;min-width:44px;cursor:pointer}" +
  "@media(prefers-reduced-motion:no-preference){.invite{animation:invite .3s}@keyframes invite{from{opacity:0;transform:translateY(8px)}}}";

/** Waits for the time of a message. Called by this name from the widget, which is built apart. */
export async function open(chat: Chat, options: Options): Promise<void> {
  const name = `ventanilla:${options.site}:`;
  const now = Date.now();
  // Nothing is shown where nothing can be remembered: it would come on every page.
  try {
    const { localStorage: kept, sessionStorage: visit } = window;
    // A tab is a visit; whoever left a mark in an earlier one was here before.
    const returning = visit[name + "returning"] ??= String(Boolean(kept[name + "here"]));
    kept[name + "here"] = "1";
    if (visit[name + "invited"] || now - Number(kept[name + "away"] ?? 0) < REST_MS) return;
    const query = new URLSearchParams({ site: options.site, page: location.pathname, lang: chat.locale, returning: String(returning) });
    const answer = await fetch(chat.address("/v1/visitor/invites?" + query));
    const { invites } = (await answer.json()) as Answer;
    const invite = invites[0];
    if (!invite) return;
    const page = location.pathname;
    setTimeout(() => {
      // They went on, write already, or have something open.
      if (chat.open || chat.session === "open" || page !== location.pathname || visit[name + "invited"]) return;
      visit[name + "invited"] = "1";
      show(chat, options, invite, () => (kept[name + "away"] = String(Date.now())));
    }, invite.after * 1000);
  } catch (why) {
    console.warn(why);
  }
}

function show(chat: Chat, options: Options, { id, text, lang }: Invite, away: () => void): void {
  const tell = (became: string) =>
    void fetch(chat.address("/v1/visitor/invites?" + new URLSearchParams({ site: options.site, invite: id, became })), { method: "POST", keepalive: true }).catch(() => {});
  const root = document.querySelector("ventanilla-chat")!.shadowRoot!;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  place.className = "invite";
  place.setAttribute("role", "status");
  root.append(place);
  const gone = () => {
    document.removeEventListener("ventanilla:open", gone);
    place.remove();
  };
  const dismiss = () => {
    tell("dismissed");
    away();
    gone();
    root.querySelector<HTMLElement>(".launcher")!.focus();
  };
  const accept = () => {
    tell("opened");
    options.invite = id;
    // Whoever is connected already says hello anew, with the message.
    if (chat.client.known) chat.client.wake(true);
    chat.setOpen(true);
  };
  place.addEventListener("keydown", ({ key }) => key === "Escape" && dismiss());
  document.addEventListener("ventanilla:open", gone);
  // A status that is filled once it stands there is read out.
  setTimeout(() => {
    draw(place, [button("", accept, h("span", { lang }, text)), button("", dismiss, "×", { "aria-label": chat.t.not_now })]);
    tell("shown");
  }, 99);
}
