// Other conversations of the same person: who they are, what was said there, and the way to make them one, or two again.

import { useSignal } from "@preact/signals";
import type { ConversationId, ErrorCode, Related, Seq } from "../../protocol/types";
import { call } from "../api";
import { lang, merge, now, say, state, unmerge, words } from "../app";
import { underWay } from "../model/outbox";
import { isMine } from "../model/state";
import { clock } from "../model/time";
import { link } from "../route";
import type { Joint, Shown } from "./Beside";
import { Icon } from "./icons";
import { mergeWords } from "./mergeWords";
import { when } from "./when";

export const Merge = (props: Shown) =>
  "joint" in props ? <Between joint={props.joint} /> : "story" in props ? <Story conversation={props.story} half /> : <Others {...props} />;

/** On the card: the others, the latest first. */
function Others({ conversation, related }: { conversation: ConversationId; related: Related[] }) {
  const m = mergeWords(lang.value);
  return (
    <section class="card-related">
      <h2><Icon name="swap" /> {m.title}</h2>
      {related.map((one) => <Other key={one.conversation} here={conversation} one={one} />)}
    </section>
  );
}

function Other({ here, one }: { here: ConversationId; one: Related }) {
  const m = mergeWords(lang.value);
  const there = one.conversation;
  /** The last event that was on this screen: the card of it, or its story. What came since is not merged unread. */
  const read = useSignal<Seq>(one.seq);
  const busy = (type: "merge" | "unmerge", which: ConversationId) => underWay(state.value, which, type);
  /** The one that goes on in the other. */
  const gone = one.merged === "there" ? here : there;
  const parts = one.undo_until !== undefined && one.undo_until > now.value && (isMine(state.value, here) || one.merged === "there");
  const told = (refused: ErrorCode | undefined, done: string) =>
    refused === undefined ? say(done) : say(words.value.refused[refused], "bad");
  return (
    <div class="related">
      <p>{m.other(when(one.at), one.about, m.states[one.state] ?? one.state)}</p>
      {one.proven.length > 0 && (
        <p class="faint">
          {m.checked(new Intl.ListFormat(lang.value, { type: "conjunction" }).format(one.proven.map((by) => m.proven[by])))}
          {one.proven.every((by) => by === "reference") && <> {m.unsure}</>}
        </p>
      )}
      {one.merged ? <p class="good"><Icon name="check" /> {m[one.merged]}</p> : one.agent_name && <p class="faint">{m.withAgent(one.agent_name)}</p>}
      <Story conversation={there} upto={one.seq} read={(seq) => (read.value = Math.max(read.peek(), seq))} />
      <p class="related-acts">
        <a href={link({ page: "desk", conversation: there })}>{m.open}</a>
        {one.mergeable && isMine(state.value, here) && (
          <button type="button" title={m.mergeHint} disabled={busy("merge", there)}
            onClick={() => void merge(there, here, read.peek()).then((refused) => {
              // Told that something came, they decide on what the card says now.
              if (refused === "stale") read.value = one.seq;
              told(refused, m.merged);
            })}>
            <Icon name="swap" /> {m.merge}
          </button>
        )}
        {parts && (
          <button type="button" disabled={busy("unmerge", gone)} onClick={() => void unmerge(gone).then((refused) => told(refused, m.parted))}>
            <Icon name="back" /> {m.part}
          </button>
        )}
      </p>
    </div>
  );
}

/** In the thread: what happened. */
function Between({ joint }: { joint: Joint }) {
  const m = mergeWords(lang.value);
  const to = (conversation: ConversationId) => <a href={link({ page: "desk", conversation })}>{m.open}</a>;
  switch (joint.kind) {
    case "merged_from": return <>{m.mergedFrom(joint.name)} {to(joint.from)}</>;
    case "merged_into": return <>{m.mergedInto(joint.name)} {to(joint.into)}</>;
    case "unmerged": return <>{m.unmerged} {to(joint.other)}</>;
  }
}

interface Line { seq: Seq; at: number; from: string; name: string; text: string }
interface Transcript { sessions: { lines: Line[] }[] }

/** What was said in the other one: fetched when it is unfolded, read and not written in. `upto`: its last event that is known already; `half`: it is
 * part of this thread, and stands open in it. */
function Story({ conversation, upto = 0, read, half = false }: { conversation: ConversationId; upto?: Seq; read?: (seq: Seq) => void; half?: boolean }) {
  const m = mergeWords(lang.value);
  const lines = useSignal<Line[] | "loading" | "unread" | undefined>(undefined);
  const load = async () => {
    lines.value = "loading";
    const known = upto;
    try {
      const { sessions } = await call<Transcript>("GET", `/v1/history/${encodeURIComponent(conversation)}/transcript?format=json`);
      // Of a half that was joined only its own session: before that it may have been somebody else.
      const all = (half ? sessions.slice(-1) : sessions).flatMap((session) => session.lines);
      lines.value = all;
      read?.(Math.max(known, all.at(-1)?.seq ?? 0));
    } catch {
      lines.value = "unread";
    }
  };
  const shown = lines.value;
  return (
    <details class="story" open={half} onToggle={(event) => void (event.currentTarget.open && load())}>
      <summary>{half ? m.half : m.story}</summary>
      {shown === "loading" && <p role="status">{m.loading}</p>}
      {shown === "unread" && <p role="alert">{m.unread}</p>}
      {Array.isArray(shown) && (
        <div class="scroll story-lines" tabIndex={0} role="group" aria-label={half ? m.half : m.story}>
          {shown.map((line, index) => (
            <p key={index}><small>{clock(line.at, lang.value)}</small> {line.name && <b>{line.name}:</b>} {line.text}</p>
          ))}
        </div>
      )}
    </details>
  );
}
