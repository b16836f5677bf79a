// Small drawings in the text's colour. They never stand alone: a word is always beside them or in the control's name.

import type { HandoffReason } from "../../protocol/types";

const PATHS = {
  person: "M8 8.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.4-3 2.6-4.6 5.5-4.6s5.1 1.6 5.5 4.6",
  question: "M5.7 5.8A2.4 2.4 0 0 1 8 3.8c1.4 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 3.8M8 12.3v.1",
  form: "M3.5 2h9v12h-9zM6 5.5h4M6 8.5h4M6 11.5h2",
  thumb: "M5 2.5v6.5l3 4.7c1 0 1.5-.8 1.3-1.8L8.9 10H12c.9 0 1.5-.8 1.3-1.7l-.9-4.5c-.1-.8-.8-1.3-1.5-1.3zM2.5 2.5v6.5",
  care: "M8 13.5S2.2 10 2.2 6a3 3 0 0 1 5.8-1.1A3 3 0 0 1 13.8 6c0 4-5.8 7.5-5.8 7.5Z",
  sign: "M8 2v12M3 3.5h8l2 1.8-2 1.8H3zM8 9h4",
  plug: "M5.5 2v3.5M10.5 2v3.5M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5V14",
  hand: "M5 8V4.2a1 1 0 0 1 2 0V7m0-3.7a1 1 0 0 1 2 0V7m0-3a1 1 0 0 1 2 0v5.3c0 2.7-1.5 4.5-4 4.5-2 0-3-.9-3.9-2.6L2 9.2c-.4-1 .8-1.7 1.5-.9L5 9.8",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.4",
  alert: "M8 2.2 14.3 13.5H1.7zM8 6.5v3.2M8 11.6v.1",
  back: "M6 3.5 2.5 7 6 10.5M2.5 7H10a3.5 3.5 0 0 1 0 7H8",
  note: "M3 2.5h10v7.5l-3.5 3.5H3zM9.5 13.5V10H13",
  bell: "M3.5 11.5c1-1 1-2.3 1-4.5a3.5 3.5 0 0 1 7 0c0 2.2 0 3.5 1 4.5zM6.7 13.8h2.6",
  mute: "M3.5 11.5c1-1 1-2.3 1-4.5a3.5 3.5 0 0 1 7 0c0 2.2 0 3.5 1 4.5zM2 2l12 12",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  send: "M2.5 8 13.5 3 10.5 13.5 7.5 9z",
  check: "M3 8.5 6.5 12 13 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  window: "M2.5 3.5h11v9h-11zM5 6.5h6M5 9.5h4",
  mail: "M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5 14 14",
  stack: "M8 2 14 5 8 8 2 5ZM2 8l6 3 6-3M2 11l6 3 6-3",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8 5.6 5.6 0 1 0 13.2 9.6Z",
  swap: "M2.5 5.5h10M9.5 2.5l3 3-3 3M13.5 11h-10M6.5 8l-3 3 3 3",
  flag: "M3.5 14V2.5h8l-1.5 3 1.5 3h-8",
  up: "M8 13V3M4 7l4-4 4 4",
  file: "M4 1.5h5l3 3v10H4zM9 1.5v3h3",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  bot: "M3 5.5h10v7H3zM8 2.5v3M6 8.5v1.5M10 8.5v1.5M1.5 8v2.5M14.5 8v2.5",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);

export const REASON_ICONS: Readonly<Record<HandoffReason, IconName>> = {
  customer_request: "person",
  repeated_failure: "question",
  form_failure: "form",
  negative_feedback: "thumb",
  sensitive_topic: "care",
  intent_rule: "sign",
  bot_error: "plug",
  agent_takeover: "hand",
};
