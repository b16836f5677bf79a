// A new topic: the few things that it cannot do without.

import { useSignal } from "@preact/signals";
import { ApiError } from "../../api";
import { failed, lang, say, teamName } from "../../app";
import { languageName } from "../../words";
import { nameFrom } from "./change";
import { topicWords } from "./words";
import { server } from "./wire";
import { begin, overview } from "./work";

export function New({ cancel }: { cancel: () => void }) {
  const t = topicWords(lang.value);
  const seen = overview.value;
  const languages = seen?.languages ?? [];
  const name = useSignal("");
  const named = useSignal(false);
  const folder = useSignal("");
  const owner = useSignal("");
  const handoff = useSignal(false);
  const title = useSignal<Record<string, string>>({});
  const examples = useSignal<Record<string, string>>({});
  const answer = useSignal<Record<string, string>>({});
  const folders = [...new Set((seen?.topics ?? []).map(({ path }) => path.split("/").slice(0, -1).join("/")))].filter(Boolean).sort();
  /** One language is enough; one that was begun is finished. */
  const isBegun = (tag: string) => [title, examples, answer].some(({ value }) => (value[tag] ?? "").trim() !== "");
  const isNeeded = (tag: string) => isBegun(tag) || (tag === languages[0] && !languages.some(isBegun));
  const filled = (words: Record<string, string>) => Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== ""));
  const create = async () => {
    try {
      const lines = Object.entries(filled(examples.value)).map(([tag, text]) => [tag, text.split("\n")] as const);
      const made = await server.fresh({
        topic: name.value, folder: folder.value, title: filled(title.value), answer: filled(answer.value), examples: Object.fromEntries(lines),
        choices: [], handoff: handoff.value, owner: owner.value || null, review_by: null,
      });
      begin({ ...made, lists: null, base: null, clean: false, note: "" });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined;
      if (code === "conflict") say(t.taken, "bad");
      else if (code === "bad_path" || code === "bad_request") say(t.badPath, "bad");
      else failed(error);
    }
  };
  return (
    <form class="new-topic" aria-label={t.new} onSubmit={(event) => {
      event.preventDefault();
      void create();
    }}>
      <p class="lead">{t.newLead}{languages.length > 1 && ` ${t.oneLanguage}`}</p>
      <div class="grid">
        {languages.map((tag) => (
          <label key={tag}>{t.titleIn(languageName(tag, lang.value))}
            <input type="text" required={isNeeded(tag)} minLength={2} maxLength={40} lang={tag} value={title.value[tag] ?? ""} onInput={(event) => {
              title.value = { ...title.value, [tag]: event.currentTarget.value };
              if (!named.value && (tag === languages[0] || !title.value[languages[0] ?? ""])) name.value = nameFrom(event.currentTarget.value);
            }} />
          </label>
        ))}
        <div>
          <label>{t.name}
            <input type="text" required pattern="[a-z][a-z0-9_\-]*" maxLength={64} autocomplete="off" autocapitalize="none" spellcheck={false} aria-describedby="name-hint" value={name.value} onInput={(event) => {
              named.value = true;
              name.value = event.currentTarget.value;
            }} />
          </label>
          <p class="hint" id="name-hint">{t.nameHint}</p>
        </div>
        <label>{t.folder}
          <select value={folder.value} onChange={(event) => (folder.value = event.currentTarget.value)}>
            <option value="">{t.rootFolder}</option>
            {folders.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>
        <label>{t.owner}
          <select value={owner.value} onChange={(event) => (owner.value = event.currentTarget.value)}>
            <option value="">{t.nobody}</option>
            {seen?.teams.map(({ team }) => <option key={team} value={team}>{teamName(team)}</option>)}
          </select>
        </label>
      </div>
      <div class="grid two">
        {languages.map((tag) => (
          <label key={tag}>{t.examplesIn(languageName(tag, lang.value))}
            <textarea rows={7} lang={tag} value={examples.value[tag] ?? ""} onInput={(event) => (examples.value = { ...examples.value, [tag]: event.currentTarget.value })} />
          </label>
        ))}
      </div>
      <p class="hint">{t.examplesHint}</p>
      <div class="grid two">
        {languages.map((tag) => (
          <label key={tag}>{t.answerIn(languageName(tag, lang.value))}
            <textarea rows={4} required={isNeeded(tag)} lang={tag} value={answer.value[tag] ?? ""} onInput={(event) => (answer.value = { ...answer.value, [tag]: event.currentTarget.value })} />
          </label>
        ))}
      </div>
      <label class="check"><input type="checkbox" checked={handoff.value} onChange={(event) => (handoff.value = event.currentTarget.checked)} /> {t.handoff}</label>
      <p class="card-acts">
        <button type="submit" class="primary">{t.create}</button>
        <button type="button" onClick={cancel}>{t.cancel}</button>
      </p>
    </form>
  );
}
