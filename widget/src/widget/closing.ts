// The card at the end of a session: one question, one tap, one line that may be left out; a copy, a new question.

import type { Chat } from "./chat.ts";
import { button, type Drawing, h, typed } from "./dom.ts";

/** Longest line after a tap, in UTF-16 units, as browsers count. */
const LINE_CHARS = 300;

export function closingCard({ closing, pending, t, client, style, save, write }: Chat): Drawing {
  const question = closing?.question;
  /** The tap that is on its way. */
  const [sent] = pending.flatMap(({ act, failed }) => (act.type === "rate" && !failed ? (act.tap ?? []) : []));
  const option = sent ?? closing?.tap ?? -1;
  // Without taps the line is the answer.
  const open = option < 0 && question?.taps[0];

  const skip = () => client.act({ type: "skip_rating" });
  const send = (event: Event) => {
    const text = typed(event);
    if (text) client.act({ type: "rate", question: question!.id, text }, text);
  };
  return h(
    "div.closing",
    { key: "card" },
    question &&
      !(open && closing.done) && [
        h("h3", {}, question.ask),
        h(
          "div.ends",
          { role: "group", "aria-label": question.ask },
          question.taps.map(({ label }, tap) =>
            button("tap", () => client.act({ type: "rate", question: question.id, tap }), label, { disabled: !open, "aria-pressed": tap === option }),
          ),
          open && question.put && button("plain", skip, t.not_now),
        ),
        !open &&
          !closing.done &&
          question.line &&
          style === "warm" &&
          h(
            "form.ends",
            { onsubmit: send, onreset: skip },
            h("label", {}, t.more, h("input", { maxLength: LINE_CHARS })),
            h("button.plain", { type: "reset" }, t.not_now),
            h("button.tap", {}, t.send),
          ),
        h("p", {}, question.used_for),
      ],
    h("div.ends", {}, button("plain", save, t.save_copy), button("plain", write, t.again)),
  );
}
