// What is being edited: a file's text, the form over it, and the draft that it belongs to. The text is the truth; what the form changes is written
// into it by the server, which also says what is wrong with it.

import { batch, signal } from "@preact/signals";
import { ApiError } from "../../api";
import { failed, lang, say } from "../../app";
import { type Checked, type Draft, type Lists, type Overview, type Preview, type Sent, type TopicForm, server } from "./wire";
import { topicWords } from "./words";

const w = () => topicWords(lang.peek());

/** A field that was changed is sent this long after the last key. */
const PAUSE_MS = 450;

export interface Work {
  path: string;
  text: string | null;
  /** What stood on disk when it was read: what is written there after that must not be lost. */
  base: string | null;
  form: TopicForm | null;
  /** In place of the form, in the file of what is not ours. */
  lists: Lists | null;
  draft?: Draft;
  /** Saved in the draft, or as on disk. */
  clean: boolean;
  note: string;
}

export const overview = signal<Overview | undefined>(undefined);
export const work = signal<Work | undefined>(undefined);
export const checked = signal<Checked | undefined>(undefined);
export const checking = signal(false);
/** Where the last change was made. Until the server has written it into the other, the other one is behind and must not be changed. */
export const source = signal<"form" | "text">("text");
/** What the draft as a whole would do, once somebody asked or publishing was refused. */
export const preview = signal<Preview | undefined>(undefined);
/** A deed is under way. */
export const busy = signal(false);
/** Tests that stand in the way of publishing. */
export const barred = signal(false);
/** A line of the text that somebody wants to see. */
export const jump = signal<number | undefined>(undefined);
export const shownFor = signal<{ site: string; lang: string; style: string }>({ site: "", lang: "", style: "warm" });

export async function look(): Promise<void> {
  try {
    const seen = await server.overview();
    const [site] = seen.sites;
    if (shownFor.peek().lang === "") shownFor.value = { site: site?.site ?? "", lang: seen.languages[0] ?? "es", style: "warm" };
    overview.value = seen;
  } catch (error) {
    failed(error);
  }
}

/** Begins to edit: another file, another draft. */
export function begin(next: Work): void {
  batch(() => {
    work.value = next;
    source.value = next.form || next.lists ? "form" : "text";
    checked.value = undefined;
    preview.value = undefined;
    barred.value = false;
  });
  void check();
}

/** Opens a topic's file by the topic's name, or another file by its path. */
export async function openFile(name: string): Promise<void> {
  try {
    const { path, text, on_disk: base, form, lists } = await server.file(name.startsWith("_") ? { path: name } : { topic: name });
    begin({ path, text, base, form, lists, clean: true, note: "" });
  } catch (error) {
    failed(error);
  }
}

/** Opens a draft at one of its files; at the first where none is named. */
export async function openDraft(id: string, path?: string): Promise<void> {
  try {
    const draft = await server.draft(id);
    const first = path ?? Object.keys(draft.files)[0];
    if (first === undefined) return begin({ path: "", text: null, base: null, form: null, lists: null, draft, clean: true, note: draft.note });
    const { on_disk: base, ...file } = await server.file({ path: first, draft: id });
    begin({ ...file, base, draft, clean: true, note: draft.note });
    await readPreview();
  } catch (error) {
    failed(error);
  }
}

export function close(): void {
  work.value = undefined;
}

const sent = ({ path, text, draft }: Work): Sent => ({
  path, text, ...(draft && draft.state !== "published" && draft.state !== "discarded" ? { draft: draft.id } : {}), ...shownFor.peek(),
});

export const sentNow = (): Sent | undefined => {
  const now = work.peek();
  return now && { ...sent(now), ...shown(now) };
};

/** What the form says by now, where the last change was made in it. */
const shown = ({ form, lists }: Work): Partial<Sent> => (source.peek() === "form" ? { ...(form && { form }), ...(lists && { lists }) } : {});

let due: ReturnType<typeof setTimeout> | undefined;
let asked = 0;
let changes = 0;

/** The form as somebody changed it. */
export function edit(form: TopicForm): void {
  change({ form }, "form");
}

/** The lists as somebody changed them. */
export function editLists(lists: Lists): void {
  change({ lists }, "form");
}

/** The text as somebody changed it. */
export function editText(text: string): void {
  change({ text }, "text");
}

function change(what: Partial<Work>, where: "form" | "text"): void {
  const now = work.peek();
  if (!now) return;
  batch(() => {
    work.value = { ...now, ...what, clean: false };
    source.value = where;
    checking.value = true;
  });
  changes += 1;
  // What is being asked is about what stood there before.
  asked += 1;
  clearTimeout(due);
  due = setTimeout(() => void check(), PAUSE_MS);
}

/** Asks the server what the text is with the changes of the form, and what is wrong with it. A later change or question makes an answer worthless. */
export async function check(): Promise<"done" | "overtaken" | "failed"> {
  clearTimeout(due);
  const now = work.peek();
  if (!now || now.text === null) {
    checking.value = false;
    return "done";
  }
  const byForm = source.peek() === "form";
  const number = ++asked;
  checking.value = true;
  try {
    const answer = await server.check({ ...sent(now), ...shown(now) });
    if (number !== asked) return "overtaken";
    batch(() => {
      checked.value = answer;
      checking.value = false;
      const latest = work.peek();
      if (latest?.path === now.path && latest.text === now.text && answer.text !== null) {
        work.value = { ...latest, text: answer.text, form: byForm && latest.form ? latest.form : answer.form, lists: byForm && latest.lists ? latest.lists : answer.lists };
      }
    });
    return "done";
  } catch (error) {
    if (number !== asked) return "overtaken";
    checking.value = false;
    failed(error);
    return "failed";
  }
}

/** Runs a deed once at a time; what the server refuses is worded. */
async function deed(act: () => Promise<void>): Promise<void> {
  if (busy.peek()) return;
  busy.value = true;
  try {
    await act();
  } catch (error) {
    await told(error);
  } finally {
    busy.value = false;
  }
}

async function told(error: unknown): Promise<void> {
  const draft = work.peek()?.draft;
  const code = error instanceof ApiError ? error.code : undefined;
  const words: Record<string, string> = {
    stale: w().stale, closed: w().closed, empty: w().empty, own_work: w().ownWork, not_approved: w().notApproved, bad_path: w().badPath, problems: w().hasErrors, conflict: w().conflict,
  };
  if (code === "tests") {
    barred.value = true;
    await readPreview();
    return;
  }
  if ((code === "stale" || code === "conflict" || code === "problems") && draft) {
    if (code === "stale") await openDraft(draft.id, work.peek()?.path);
    else await readPreview();
  }
  const known = code === undefined ? undefined : words[code];
  if (known !== undefined) say(known, "bad");
  else failed(error);
}

export async function readPreview(): Promise<void> {
  const draft = work.peek()?.draft;
  if (!draft) return;
  try {
    preview.value = await server.preview(draft.id);
  } catch (error) {
    failed(error);
  }
}

/** After publishing: what somebody else wrote on disk was joined, and belongs under the next change. Whoever writes already keeps what they wrote. */
async function readDisk(): Promise<void> {
  const now = work.peek();
  if (!now || now.text === null) return;
  const { text, on_disk: base, form, lists } = await server.file({ path: now.path });
  const latest = work.peek();
  if (latest?.clean && latest.path === now.path) work.value = { ...latest, text, base, form, lists };
}

/** Puts what is on the screen into the draft; opens one where there is none. */
async function keep(): Promise<Draft | undefined> {
  // What was typed last is in the form alone. Whoever types on while this is asked wants that kept too.
  while (checking.peek()) {
    if ((await check()) === "failed") return undefined;
  }
  const now = work.peek();
  const kept = changes;
  if (!now) return undefined;
  if (checked.peek()?.refused) {
    say(lang.peek() === "es" ? checked.peek()?.refused?.message_es ?? "" : checked.peek()?.refused?.message_en ?? "", "bad");
    return undefined;
  }
  const isOpen = now.draft && (now.draft.state === "draft" || now.draft.state === "approved");
  if (now.clean && isOpen) return now.draft;
  const draft = isOpen && now.draft ? now.draft : await server.open(now.note);
  const base = now.path in draft.files ? {} : { base: now.base };
  const saved = await server.put(draft.id, { version: draft.version, path: now.path, text: now.text, ...base });
  const latest = work.peek();
  // Whoever has gone to another file stays there; what was written while this was on its way is not saved yet.
  if (latest?.path === now.path) work.value = { ...latest, draft: saved, clean: changes === kept };
  return saved;
}

/** The draft as the server has it now, where it is still what is being edited. */
function renew(draft: Draft, more: Partial<Work> = {}): void {
  const latest = work.peek();
  if (latest?.draft?.id === draft.id) work.value = { ...latest, draft, ...more };
}

export const save = (): Promise<void> => deed(async () => {
  if (await keep()) {
    say(w().saved);
    await readPreview();
  }
});

export const approve = (): Promise<void> => deed(async () => {
  const draft = await keep();
  if (!draft) return;
  const approved = await server.approve(draft.id, draft.version);
  renew(approved);
  say(w().approved);
});

export const publish = (reason?: string): Promise<void> => deed(async () => {
  const draft = await keep();
  if (!draft) return;
  const published = await server.publish(draft.id, draft.version, reason);
  batch(() => {
    barred.value = false;
    preview.value = undefined;
    renew(published, { base: published.files[work.peek()?.path ?? ""]?.text ?? null });
  });
  await readDisk();
  const note = published.history.at(-1)?.note ?? "";
  if (note !== "" && note !== reason?.trim()) say(w().gitSaid(note));
  else say(w().live);
  await look();
});

export const discard = (): Promise<void> => deed(async () => {
  const draft = work.peek()?.draft;
  if (draft) await server.discard(draft.id);
  close();
});

export const undo = (id: string): Promise<void> => deed(async () => {
  const draft = await server.undo(id);
  await openDraft(draft.id);
});

/** An example for another topic, in the same draft: what a sentence of that topic needs to stay with it. */
export const addExample = (topic: string, tag: string, example: string): Promise<void> => deed(async () => {
  const draft = await keep();
  if (!draft) return;
  renew(await server.addExample(draft.id, topic, tag, example));
  await readPreview();
  if (preview.peek()?.tests?.broken.length === 0) barred.value = false;
  say(w().exampleAdded);
});

/** What somebody joined by hand becomes the draft's text, on top of what they saw on disk. */
export const keepJoined = (path: string, text: string, base: string | null): Promise<void> => deed(async () => {
  const draft = work.peek()?.draft;
  if (!draft) return;
  await server.put(draft.id, { version: draft.version, path, text, base });
  await openDraft(draft.id, path);
  say(w().saved);
});
