// Where the visitor writes. Always open: in the queue, after the end, without a connection.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { button, h, icon, set, write } from "./dom.ts";

/** The server's limit in characters; a browser counts UTF-16 units, of which a character has at least one. */
const MOST_CHARS = 4000;

/** `toEnd` goes to the end of the log. */
export function composer(chat: Chat, toEnd: () => void) {
  const wrote = () => {
    const text = area.value;
    set(grow, { "data-text": text });
    set(send, { disabled: !text.trim() });
    chat.draft(text);
  };
  const put = (text: string) => {
    area.value = text;
    wrote();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const text = area.value.trim();
    if (!text) return;
    put("");
    chat.client.act({ type: "say", text }, text);
    area.focus();
  };
  const area = h("textarea", {
    rows: 1,
    maxlength: MOST_CHARS,
    enterkeyhint: "send",
    autocomplete: "off",
    oninput: wrote,
    // While an accent or a character is being composed, Enter belongs to the keyboard.
    onkeydown: (event: KeyboardEvent) => event.key === "Enter" && !event.shiftKey && !event.isComposing && submit(event),
  });
  const grow = h("div", { class: "grow" }, area);
  const send = h("button", { class: "send" }, icon("M12 19V5m-6 6 6-6 6 6"));
  const jump = button("jump", toEnd, "");

  return {
    node: h("form", { class: "composer", onsubmit: submit }, jump, h("div", { class: "field" }, grow, send)),
    area,
    put,
    show(atEnd: boolean) {
      const { t, unread: n } = chat;
      set(area, { placeholder: t.compose, "aria-label": t.compose });
      set(send, { "aria-label": t.send });
      set(jump, { hidden: atEnd });
      write(jump, `↓ ${n ? fill(t.new_below, { n }) : t.to_end}`);
    },
  };
}
