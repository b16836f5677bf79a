// The card at the end of a session: one question, one tap, one line that may be left out; a copy, a new question.

import type { State } from "../client/state.ts";
import type { Chat } from "./chat.ts";
import type { Kit } from "./kit.ts";

/** Longest line after a tap, in UTF-16 units, as browsers count. */
const LINE_CHARS = 300;

export interface ClosingCard {
  /** Changes when the card must be drawn anew. */
  sig(): unknown;
  draw(): HTMLElement;
}

export function closingCard(chat: Chat, redraw: () => void, save: () => void, { h, button }: Kit): ClosingCard {
  let draft = "";
  /** The card whose line was put aside. */
  let aside = 0;

  const line = (question: string) => {
    const { t, client, state } = chat;
    const area = h("textarea", { rows: 2, maxlength: LINE_CHARS, enterkeyhint: "send" });
    area.value = draft;
    area.oninput = () => (draft = area.value);
    const send = () => {
      const text = area.value.trim();
      if (!text) return area.focus();
      draft = "";
      client.act({ type: "rate", question, text }, text);
    };
    const putAside = () => {
      aside = state.closing?.seq ?? 0;
      redraw();
    };
    area.onkeydown = (event) => {
      const { key } = event;
      if (event.isComposing || event.shiftKey || (key !== "Enter" && key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      (key === "Enter" ? send : putAside)();
    };
    return [
      h("label", {}, t("more"), area),
      h("div", { class: "ends" }, button("plain", putAside, t("not_now")), button("tap", send, t("send"))),
    ];
  };

  return {
    sig: () => [chat.state.closing, sent(chat.state), chat.style, aside],
    draw() {
      const { state, t, client, style } = chat;
      const { closing } = state;
      const question = closing?.question;
      const card = h("div", { class: "closing" });
      const option = sent(state) ?? question?.taps.findIndex((tap) => tap.value === closing?.value) ?? -1;
      const open = option < 0;
      if (closing && question && !(open && closing.done)) {
        const { id, ask, taps, used_for, line: offered } = question;
        card.append(
          h("h3", { id: "ask" }, ask),
          h(
            "div",
            { class: "ends", role: "group", "aria-labelledby": "ask" },
            ...taps.map(({ label }, i) =>
              button("tap", () => client.act({ type: "rate", question: id, tap: i }), label, { disabled: !open, "aria-pressed": String(i === option) }),
            ),
            open && button("plain", () => client.act({ type: "skip_rating" }), t("not_now")),
          ),
          ...(!open && !closing.done && offered && style === "warm" && aside !== closing.seq ? line(id) : []),
          h("p", {}, used_for),
        );
      }
      card.append(h("div", { class: "ends" }, button("plain", save, t("save_copy")), button("plain", chat.write, t("again"))));
      return card;
    },
  };
}

/** The tap that is on its way. */
function sent(state: State): number | undefined {
  const item = state.pending.find(({ act, failed }) => act.type === "rate" && act.tap !== undefined && !failed);
  return item?.act.type === "rate" ? item.act.tap : undefined;
}
