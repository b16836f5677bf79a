// What is owed to a visitor: what was promised, by when, and what can be done about it.

import type { PromiseCard } from "../../protocol/types";
import { ask, keepPromise, moving, words } from "../app";
import { Icon } from "./icons";
import { owed } from "./when";

/** `mine`: the conversation is in this agent's hands. */
export function Promises({ conversation, promises, mine = true }: { conversation: string; promises: readonly PromiseCard[]; mine?: boolean }) {
  const w = words.value;
  return (
    <ul class="promises">
      {promises.map((one) => (
        <li key={one.case} class={one.late ? "is-late" : undefined}>
          <p><b>{one.what ?? w.promiseKinds[one.kind]}</b></p>
          <p>
            <Icon name={one.late ? "alert" : "clock"} /> {owed(one)} · {w.caseNumber(one.case)}
          </p>
          {mine && one.kind !== "message" && (
            <p class="promise-acts">
              <button type="button" onClick={() => keepPromise(conversation, one.case)}><Icon name="check" /> {w.promiseKept}</button>
              <button type="button" onClick={() => {
                moving.value = one.case;
                ask("promise", conversation);
              }}><Icon name="clock" /> {w.promiseMove}</button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
