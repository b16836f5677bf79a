// The line to the server, and the one way a new state comes about: frames and acts make steps, steps are taken here.

import type { ConversationId, ErrorCode } from "../../protocol/types";
import { Connection } from "../model/connection";
import * as outbox from "../model/outbox";
import { lost, receive } from "../model/receive";
import type { ActFrame, Step } from "../model/state";
import { tell } from "./notices";
import { outdated, state } from "./signals";

/** A typing sign goes out at most this often, in milliseconds. */
const TYPING_EVERY_MS = 2_000;

let connection: Connection | undefined;
let typedAt = 0;
/** Pages that were asked for and are not here yet. */
let asked = "";

/** Acts whose end somebody waits for. */
const awaited = new Map<string, (refused: ErrorCode | undefined) => void>();

export function take({ state: next, send, notices }: Step): void {
  state.value = next;
  connection?.send(send);
  for (const notice of notices) {
    const wake = notice.kind === "refused" ? awaited.get(notice.frame.id) : undefined;
    if (notice.kind !== "refused" || !wake) {
      tell(notice);
      continue;
    }
    awaited.delete(notice.frame.id);
    state.value = outbox.drop(state.value, notice.frame.id);
    wake(notice.code);
  }
  if (awaited.size > 0) wakeDone();
}

/** An act that the outbox holds no longer, or that the store has, is done. */
function wakeDone(): void {
  const open = new Set(state.value.outbox.filter(({ step }) => step !== "stored").map(({ id }) => id));
  for (const [id, wake] of awaited) {
    if (open.has(id)) continue;
    awaited.delete(id);
    wake(undefined);
  }
}

/** Does something and waits for what becomes of it: nothing when it was done, else why it was refused. */
export const settled = (frame: ActFrame): Promise<ErrorCode | undefined> => new Promise((resolve) => {
  const next = outbox.act(state.value, frame, Date.now());
  awaited.set(frame.id, resolve);
  take(next);
});

export const act = (frame: ActFrame): void => take(outbox.act(state.value, frame, Date.now()));

/** Connects and stays so. `gone`: the line is lost; `signedOut`: the server knows us no more. */
export function connect(gone: () => void, signedOut: () => void): void {
  connection = new Connection(
    {
      socket: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/v1/agent/ws`),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      chance: Math.random,
    },
    {
      frame: (frame) => take(receive(state.value, frame, Date.now())),
      lost: () => {
        asked = "";
        state.value = lost(state.value);
        gone();
      },
      refused: (why) => (why === "signed_out" ? signedOut() : (outdated.value = true)),
    },
  );
  connection.open();
}

export function disconnect(): void {
  connection?.stop();
  connection = undefined;
}

/** The network or the window came back: do not wait for the next try. */
export const hurry = (): void => connection?.hurry();

/** The agent is writing to the visitor. */
export function typing(conversation: ConversationId): void {
  const at = Date.now();
  if (state.value.link !== "live" || at - typedAt < TYPING_EVERY_MS) return;
  typedAt = at;
  connection?.send([{ type: "typing", conversation }]);
}

/** Asks for the page before what is shown; once, however often the reader comes to the top. */
export function older(conversation: ConversationId): void {
  const thread = state.value.threads[conversation];
  const before = thread?.events[0]?.seq;
  const page = `${conversation}/${before}`;
  if (!thread?.older || before === undefined || state.value.link !== "live" || asked === page) return;
  asked = page;
  connection?.send([{ type: "older", conversation, before }]);
}
