// Beside the form: what is wrong, how a sentence is understood, how the answers look, which tests pass. All for what is on the screen, saved or not.

import { useSignal } from "@preact/signals";
import { ApiError } from "../../api";
import { failed, lang, say, topicName } from "../../app";
import { link } from "../../route";
import { Icon } from "../../ui/icons";
import { Rich } from "../../ui/Rich";
import { languageName } from "../../words";
import { Problems } from "./Marked";
import { topicWords } from "./words";
import { type Reading, type Tested, type Tests as Results, server } from "./wire";
import { addExample, busy, check, checked, checking, overview, sentNow, shownFor } from "./work";

export function Beside() {
  return <><Lint /><Try /><Preview /><Tests /></>;
}

function Lint() {
  const t = topicWords(lang.value);
  const seen = checked.value;
  const es = lang.value === "es";
  return (
    <section aria-labelledby="lint-head" class="side">
      <h2 id="lint-head">{t.problems}</h2>
      <div aria-live="polite">
        {seen?.refused && <p class="bad" role="alert">{es ? seen.refused.message_es : seen.refused.message_en}</p>}
        {checking.value || !seen
          ? <p class="faint">{t.checking}</p>
          : seen.problems.length === 0 ? <p class="good"><Icon name="check" /> {t.good}</p> : null}
      </div>
      {seen && seen.problems.length > 0 && <Problems all={seen.problems} />}
      {seen && seen.elsewhere.length > 0 && <details><summary class="bad">{t.elsewhere(seen.elsewhere.length)}</summary><Problems all={seen.elsewhere} /></details>}
    </section>
  );
}

/** What cannot be learnt or has errors is told by the check; a try only says that it cannot be. */
function told(error: unknown): void {
  const t = topicWords(lang.peek());
  const seen = checked.peek();
  const isElsewhere = seen?.problems.every(({ severity }) => severity !== "error") && seen.elsewhere.length > 0;
  if (error instanceof ApiError && (error.code === "problems" || error.code === "training")) say(isElsewhere ? t.cannotTryElsewhere : t.cannotTry, "bad");
  else failed(error);
}

function Try() {
  const t = topicWords(lang.value);
  const sentence = useSignal("");
  const read = useSignal<{ before: Reading; after: Reading } | undefined>(undefined);
  const trying = useSignal(false);
  const run = async () => {
    const sent = sentNow();
    if (!sent || sentence.value.trim() === "") return;
    trying.value = true;
    try {
      read.value = await server.tryIt({ ...sent, say: sentence.value });
    } catch (error) {
      told(error);
    } finally {
      trying.value = false;
    }
  };
  const seen = read.value;
  return (
    <section aria-labelledby="try-head" class="side">
      <h2 id="try-head">{t.try}</h2>
      <form class="try" onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}>
        <label><span class="sr">{t.trySay}</span><input type="text" placeholder={t.tryHint} value={sentence.value} onInput={(event) => (sentence.value = event.currentTarget.value)} /></label>
        <button type="submit" disabled={trying.value}>{t.tryIt}</button>
      </form>
      <div aria-live="polite">
        {trying.value ? <p class="faint">{t.trying}</p> : seen && (
          <>
            <div class="both-reads"><Read head={t.before} reading={seen.before} /><Read head={t.after} reading={seen.after} /></div>
            {JSON.stringify(seen.before.verdict) === JSON.stringify(seen.after.verdict) && <p class="faint">{t.same}</p>}
          </>
        )}
      </div>
    </section>
  );
}

function Read({ head, reading: { verdict, nearest, slots } }: { head: string; reading: Reading }) {
  const t = topicWords(lang.value);
  const title = (topic: string) => nearest.find((near) => near.topic === topic)?.title ?? topicName(topic);
  return (
    <div class="read-as">
      <p class="faint">{head}</p>
      <p class="read-verdict">{verdict.is === "match" ? title(verdict.topic) : verdict.is === "ambiguous" ? `${t.asks}: ${verdict.topics.map(title).join(t.or)}` : t.outOfScope}</p>
      <ul>{nearest.slice(0, 3).filter(({ confidence }) => confidence >= 0.005).map(({ topic, title, confidence }) => <li key={topic}><span>{title}</span> <span class="faint">{t.sure2(Math.round(confidence * 100))}</span></li>)}</ul>
      {slots.length > 0 && <p class="faint">{t.found}: {slots.map(({ name, value }) => `${name} = ${value}`).join(", ")}</p>}
    </div>
  );
}

function Preview() {
  const t = topicWords(lang.value);
  const seen = overview.value;
  const bubbles = (checked.value?.shown ?? []).filter(({ at }) => at.startsWith("steps/"));
  const set = (change: Partial<typeof shownFor.value>) => {
    shownFor.value = { ...shownFor.value, ...change };
    void check();
  };
  return (
    <section aria-labelledby="preview-head" class="side">
      <h2 id="preview-head">{t.preview}</h2>
      <p class="preview-for">
        {(seen?.sites.length ?? 0) > 1 && (
          <label><span class="sr">{t.site}</span><select value={shownFor.value.site} onChange={(event) => set({ site: event.currentTarget.value })}>{seen?.sites.map(({ site }) => <option key={site} value={site}>{site}</option>)}</select></label>
        )}
        <label><span class="sr">{t.language}</span><select value={shownFor.value.lang} onChange={(event) => set({ lang: event.currentTarget.value })}>{seen?.languages.map((tag) => <option key={tag} value={tag}>{languageName(tag, lang.value)}</option>)}</select></label>
        <label><span class="sr">{t.style}</span><select value={shownFor.value.style} onChange={(event) => set({ style: event.currentTarget.value })}>{(["warm", "fast"] as const).map((style) => <option key={style} value={style}>{t[style]}</option>)}</select></label>
      </p>
      {bubbles.length === 0
        ? <p class="empty">{t.noAnswers}</p>
        : (
          <ol class="bubbles" lang={shownFor.value.lang}>
            {bubbles.map(({ at, text, choices }) => (
              <li key={at}>
                {text.split(/\n\s*\n/).map((part, index) => <p key={index} class="bubble"><Rich text={part} /></p>)}
                {choices && choices.length > 0 && <p class="bubble-choices">{choices.map((choice) => <span key={choice}>{choice}</span>)}</p>}
              </li>
            ))}
          </ol>
        )}
    </section>
  );
}

function Tests() {
  const t = topicWords(lang.value);
  const results = useSignal<Results | undefined>(undefined);
  const running = useSignal(false);
  const run = async () => {
    const sent = sentNow();
    if (!sent) return;
    running.value = true;
    try {
      results.value = await server.tests(sent);
    } catch (error) {
      told(error);
    } finally {
      running.value = false;
    }
  };
  return (
    <section aria-labelledby="tests-head" class="side">
      <h2 id="tests-head">{t.tests}</h2>
      <button type="button" disabled={running.value} onClick={() => void run()}>{t.run}</button>
      <div aria-live="polite">{running.value ? <p class="faint">{t.running}</p> : results.value && <TestResults results={results.value} />}</div>
    </section>
  );
}

export function TestResults({ results: { passed, failed: failing, broken, edge, before, own } }: { results: Results }) {
  const t = topicWords(lang.value);
  return (
    <>
      <p class={broken.length === 0 ? "good" : "bad"}>{t.passed(passed)}, {t.failed(failing)}</p>
      {broken.length > 0 && <><h3>{t.broken}</h3><p class="hint">{t.brokenLead}</p><Rows of={broken} /></>}
      {edge.length > 0 && <><h3>{t.edge}</h3><p class="hint">{t.edgeLead}</p><Rows of={edge} /></>}
      {before.length > 0 && <details><summary>{t.beforeToo} ({before.length})</summary><p class="hint">{t.beforeLead}</p><Rows of={before} /></details>}
      {own.length > 0 && <details><summary>{t.own} ({own.length})</summary><Rows of={own} /></details>}
    </>
  );
}

function Rows({ of }: { of: readonly Tested[] }) {
  const t = topicWords(lang.value);
  const named = (verdict: string) => {
    if (verdict === "none") return t.outside;
    if (verdict.startsWith("not ")) return t.anyBut(topicName(verdict.slice(4)));
    return verdict.split(" | ").map(topicName).join(t.or);
  };
  return (
    <ul class="test-rows">
      {of.map((test) => (
        <li key={`${test.topic}${test.say}${test.expected}`}>
          <p><span class={test.passed ? "good" : "bad"}>{test.passed ? "✓" : "✗"}</span> <q lang={test.lang}>{test.say}</q> <span class="faint">{topicName(test.topic)}</span></p>
          {!test.passed && <p class="faint">{test.standing === "edge" && `${t.moved(test.moved)} · `}{t.expected}: {named(test.expected)}; {t.got}: {named(test.got)}{test.slots.map(([name, wanted, found]) => `; ${name}: ${wanted} ≠ ${found ?? "–"}`).join("")}</p>}
          {(test.standing === "taken" || test.standing === "edge") && <Remedy test={test} />}
        </li>
      ))}
    </ul>
  );
}

/** What can be done for a sentence of another topic: see that topic, or give it an example in this same draft. */
function Remedy({ test: { topic, lang: tag, expected } }: { test: Tested }) {
  const t = topicWords(lang.value);
  const example = useSignal("");
  // Of a sentence that only must not land somewhere the file does not say where it belongs.
  const owner = expected === "none" || expected.startsWith("not ") ? undefined : expected;
  return (
    <>
      <p><a href={link({ page: "topics", within: topic })} target="_blank" rel="noopener">{t.toTopic(topicName(topic))}</a></p>
      {owner !== undefined && (
        <form class="try" onSubmit={(event) => {
          event.preventDefault();
          if (example.value.trim() !== "") void addExample(owner, tag, example.value.trim()).then(() => (example.value = ""));
        }}>
          <label><span class="sr">{t.exampleFor(topicName(owner))}</span><input type="text" lang={tag} placeholder={t.exampleFor(topicName(owner))} value={example.value} onInput={(event) => (example.value = event.currentTarget.value)} /></label>
          <button type="submit" disabled={busy.value}>{t.addExample}</button>
        </form>
      )}
    </>
  );
}
