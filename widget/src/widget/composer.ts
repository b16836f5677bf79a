// Where the visitor writes. Always open: in the queue, after the end, without a connection.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { button, type Drawing, h } from "./dom.ts";

/** The server's limit in characters; a browser counts UTF-16 units, of which a character has at least one. */
const MOST_CHARS = 4000;

export function composer({ t, unread: n, atEnd, site, client, put, toEnd, file }: Chat): Drawing {
  const submit = (event: Event) => {
    event.preventDefault();
    const text = put().trim();
    if (!text) return;
    put("");
    client.act({ type: "say", text }, text);
    toEnd();
  };
  const pick = ({ target }: { target: HTMLInputElement }) => {
    void file("", target.files![0]!);
    target.value = "";
  };
  return h(
    "form.composer",
    { onsubmit: submit },
    !atEnd && button("jump", toEnd, `↓ ${n ? fill(t.new_below, { n }) : t.messages}`, { type: "button" }),
    h(
      "div.field",
      {},
      site?.files && h("label.tool", {}, "+", h("input.aside", { type: "file", "aria-label": t.attach, onchange: pick })),
      h(
        "div.grow",
        {},
        h("textarea", {
          rows: 1,
          maxLength: MOST_CHARS,
          enterKeyHint: "send",
          placeholder: t.compose,
          "aria-label": t.compose,
          oninput: () => put(put()),
          // While an accent or a character is being composed, Enter belongs to the keyboard. `false` would take the key away from the field.
          onkeydown: (event: KeyboardEvent) => event.key !== "Enter" || event.shiftKey || event.isComposing || submit(event),
        }),
      ),
      h("button.send", { "aria-label": t.send }, "↑"),
    ),
  );
}
