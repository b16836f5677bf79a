// Where the visitor writes. Always open: in the queue, after the end, without a connection.

import { chars, type Chat, MOST_CHARS } from "./chat.ts";
import { button, h, icon, set, write } from "./dom.ts";
import { unread } from "./entries.ts";

/** From so many characters left on, the visitor is told. */
const TELL_AT = 400;

/** `toEnd` goes to the end of the log. */
export function composer(chat: Chat, toEnd: () => void) {
  const area = h("textarea", { rows: 1, enterkeyhint: "send", autocomplete: "off", "aria-describedby": "count" });
  const grow = h("div", { class: "grow" }, area);
  const send = h("button", { class: "send" }, icon("send"));
  const count = h("p", { class: "count", id: "count" });
  const jump = button("jump", toEnd, "");

  const measure = () => {
    const left = MOST_CHARS - chars(area.value);
    const over = left < 0;
    set(grow, { "data-text": area.value });
    set(area, { "aria-invalid": over && "true" });
    set(count, { hidden: left > TELL_AT, class: over ? "count over" : "count" });
    write(count, left > TELL_AT ? "" : chat.t(over ? "over_chars" : "left_chars", { n: Math.abs(left) }));
    send.disabled = over || !area.value.trim();
  };
  const fill = (text: string) => {
    area.value = text;
    wrote();
  };
  const wrote = () => {
    measure();
    chat.draft(area.value);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (send.disabled) return;
    const text = area.value.trim();
    fill("");
    chat.client.act({ type: "say", text }, text);
    area.focus();
  };
  area.oninput = wrote;
  // While an accent or a character is being composed, Enter belongs to the keyboard.
  area.onkeydown = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && submit(event);

  return {
    node: h("form", { class: "composer", onsubmit: submit }, jump, h("div", { class: "field" }, grow, send), count),
    area,
    fill,
    show(atEnd: boolean) {
      const { t, state, read } = chat;
      const n = unread(state, read);
      set(area, { placeholder: t("compose"), "aria-label": t("compose") });
      set(send, { "aria-label": t("send") });
      set(jump, { hidden: atEnd });
      write(jump, `↓ ${n ? t("new", { n }) : t("to_end")}`);
      measure();
    },
  };
}
