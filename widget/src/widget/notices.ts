// What the company says of a trouble before anybody asks. Fetched with the first notice, for most visitors never see one: it stands by itself below
// the banners, draws its own element and brings its own style.

import type { NoticeCard, VisitorToClient } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { button, draw, h, type Kid } from "./dom.ts";
import { markdown } from "./markdown.ts";

/** As high as leaves room for the talk; below it one scrolls. */
const CSS = ".notices{max-height:38dvh;overflow:auto}.notices summary{font-weight:600;min-height:44px;padding:8px 0}.notices p{margin-bottom:6px}.notices .banner{border-inline-start:4px solid var(--ink)}";

let shown: { chat: Chat; place: HTMLElement; folded: Set<string> } | undefined;

/** The place below the banners, made anew where the window is another one. */
function placeOf(chat: Chat): NonNullable<typeof shown> {
  if (shown?.place.isConnected && shown.chat === chat) return shown;
  const root = document.querySelector("ventanilla-chat")!.shadowRoot!;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  place.className = "notices";
  place.setAttribute("role", "status");
  root.querySelector(".banners")!.append(place);
  return (shown = { chat, place, folded: new Set() });
}

/** Shows the notices that hold now. One that was put away stays so until its words change. Called by this name from the widget, which is built apart. */
export function open(chat: Chat, { notices }: Extract<VisitorToClient, { type: "notices" }>): void {
  const { place, folded } = placeOf(chat);
  const card = (notice: NoticeCard): Kid => {
    const { id, title, texts, lang, follow, followed } = notice;
    const key = id + texts.join();
    const act = () => {
      chat.client.act({ type: "follow", notice: id });
      // Asked for once is asked for: the server's word follows.
      open(chat, { type: "notices", notices: notices.map((one) => (one === notice ? { ...one, follow: undefined } : one)) } as never);
    };
    return h(
      "details.banner",
      {
        key: "n" + key,
        lang,
        open: !folded.has(key),
        ontoggle: ({ target }: Event) => {
          if ((target as HTMLDetailsElement).open) folded.delete(key);
          else folded.add(key);
        },
      },
      h("summary", {}, title),
      texts.map((text) => h("p", {}, markdown(text))),
      follow && button("tap", act, follow),
      followed && h("p", {}, followed),
    );
  };
  draw(place, notices.map(card));
}
