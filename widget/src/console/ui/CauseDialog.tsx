// Many chats of one cause: one answer for all of them, or one end.

import { useSignal } from "@preact/signals";
import { answerAll, busy, cause, state, topicName, words } from "../app";
import { isOffered } from "../model/state";
import { lists } from "../model/unread";
import { excerpt } from "./excerpt";
import { Asking, Options } from "./Dialog";
import { OUTCOMES } from "./dialogs";

/** Longest answer, in characters. */
const MOST = 4_000;

export function CauseDialog() {
  const w = words.value;
  const topic = cause.value;
  const { mine, waiting, offered } = lists(state.value);
  const items = [...offered, ...waiting.filter((item) => !isOffered(item)), ...mine].filter((item) => item.topic === topic);
  const left = useSignal<readonly string[]>([]);
  const text = useSignal("");
  const end = useSignal<(typeof OUTCOMES)[number] | "stay">("resolved_by_agent");
  const reason = useSignal("");
  const chosen = items.filter(({ conversation }) => !left.value.includes(conversation)).map(({ conversation }) => conversation);
  const reasons = state.value.desk?.teams.find((team) => team.id === items[0]?.team)?.wrap_up ?? [];
  const does = text.value.trim() !== "" || end.value !== "stay";
  return (
    <Asking
      title={w.causeTitle(topicName(topic))} lead={w.causeLead} class="roomy" act={w.causeAct(chosen.length)}
      ready={chosen.length > 0 && does && text.value.length <= MOST && !busy()}
      onAct={() => void answerAll(topic, chosen, {
        text: text.value.trim(), ...(end.value === "stay" ? {} : { close: { outcome: end.value, reason: reason.value } }),
      })}
    >
      <label class="row">
        {w.causeText}
        <textarea rows={4} autoFocus maxLength={MOST} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <Options
        label={w.causeEnd} name="end" value={end.value} set={(value) => (end.value = value)}
        options={[
          ...OUTCOMES.map((one) => ({ value: one, title: w.causeClose(w.outcomes[one]) })),
          { value: "stay" as const, title: w.causeStay, hint: w.causeStayHint },
        ]}
      />
      {end.value !== "stay" && reasons.length > 0 && (
        <label class="row">
          {w.wrapUp}
          <select value={reason.value} onChange={(event) => (reason.value = event.currentTarget.value)}>
            <option value="">{w.noWrapUp}</option>
            {reasons.map(([code, title]) => <option key={code} value={code}>{title}</option>)}
          </select>
        </label>
      )}
      <details class="cause-list">
        <summary>{w.causeChosen(chosen.length, items.length)}</summary>
        <ul>
          {items.map((item) => (
            <li key={item.conversation}>
              <label class="check">
                <input
                  type="checkbox" checked={!left.value.includes(item.conversation)}
                  onChange={(event) => {
                    left.value = event.currentTarget.checked
                      ? left.value.filter((one) => one !== item.conversation) : [...left.value, item.conversation];
                  }}
                />
                <span lang={item.lang}>{excerpt(item)}</span>
              </label>
            </li>
          ))}
        </ul>
      </details>
    </Asking>
  );
}
