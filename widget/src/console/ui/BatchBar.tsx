// How far an answer to many is. It goes on whatever page is shown.

import { batch, show, topicName, words } from "../app";
import { Icon } from "./icons";

export function BatchBar() {
  const w = words.value;
  const so = batch.value;
  if (!so) return null;
  const over = so.done === so.total;
  return (
    <section class="batch" aria-label={w.batch}>
      <p role="status">
        <Icon name={so.failed.length > 0 ? "alert" : over ? "check" : "stack"} /> <b>{topicName(so.topic)}</b>{" "}
        {over ? w.batchDone(so.total - so.failed.length, so.total) : w.batchUnderWay(so.done, so.total)}
      </p>
      <progress max={so.total} value={so.done} aria-label={w.batch} />
      {over && so.failed.length > 0 && (
        <ul>
          {so.failed.map(({ conversation, code }) => (
            <li key={conversation}><button type="button" class="link" onClick={() => show(conversation)}>{w.openTalk}</button> {w.refused[code]}</li>
          ))}
        </ul>
      )}
      {over && <button type="button" onClick={() => (batch.value = undefined)}>{w.done}</button>}
    </section>
  );
}
