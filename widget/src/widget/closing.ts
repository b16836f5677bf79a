// The card at the end of a session: one question, one tap, one line that may be left out; a copy, a new question.

import type { Chat } from "./chat.ts";
import { button, h, type Keyed } from "./dom.ts";

/** Longest line after a tap, in UTF-16 units, as browsers count. */
const LINE_CHARS = 300;

/** Draws the card under `key`. */
export function closingCard(chat: Chat): (key: string) => Keyed {
  let draft = "";
  /** The card whose line was put aside. */
  let aside = 0;

  const line = (question: string, card: number) => {
    const { t, client } = chat;
    const area = h("textarea", { rows: 2, maxlength: LINE_CHARS, enterkeyhint: "send", oninput: () => (draft = area.value) });
    area.value = draft;
    const send = () => {
      const text = draft.trim();
      if (!text) return area.focus();
      draft = "";
      client.act({ type: "rate", question, text }, text);
    };
    const putAside = () => {
      aside = card;
      chat.redraw();
    };
    area.onkeydown = (event) => {
      const act = { Enter: send, Escape: putAside }[event.key];
      if (!act || event.isComposing || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    return [h("label", {}, t.more, area), h("div", { class: "ends" }, button("plain", putAside, t.not_now), button("tap", send, t.send))];
  };

  return (key) => {
    const { state, t, locale, client, style } = chat;
    const { closing } = state;
    const question = closing?.question;
    /** The tap that is on its way. */
    const sent = state.pending.flatMap(({ act, failed }) => (act.type === "rate" && act.tap != null && !failed ? act.tap : []))[0];
    const option = sent ?? question?.taps.findIndex(({ value }) => value === closing?.value) ?? -1;
    const open = option < 0;
    const asks = closing && question && !(open && closing.done) && question;
    const draw = () =>
      h(
        "div",
        { class: "closing" },
        ...(asks
          ? [
              h("h3", { id: "ask" }, asks.ask),
              h(
                "div",
                { class: "ends", role: "group", "aria-labelledby": "ask" },
                ...asks.taps.map(({ label }, i) =>
                  button("tap", () => client.act({ type: "rate", question: asks.id, tap: i }), label, {
                    disabled: !open,
                    "aria-pressed": String(i === option),
                  }),
                ),
                open && button("plain", () => client.act({ type: "skip_rating" }), t.not_now),
              ),
              ...(!open && !closing.done && asks.line && style === "warm" && aside !== closing.seq ? line(asks.id, closing.seq) : []),
              h("p", {}, asks.used_for),
            ]
          : []),
        h("div", { class: "ends" }, button("plain", chat.save, t.save_copy), button("plain", chat.write, t.again)),
      );
    return [key, [closing, sent, style, aside, locale], draw];
  };
}
