// What leads must not miss wherever they are in the console: a notice whose next update is late, and smoke: many who ask the same. Admins are told of files
// that cannot be read, too.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../../api";
import { cause, dialog, lang, person, state } from "../../app";
import { causes } from "../../model/causes";
import { link } from "../../route";
import { Icon } from "../../ui/icons";
import { book, read, said } from "./api";
import { noticeWords } from "./words";

/** Looked at so often. */
const LOOK_MS = 30_000;
/** Of those who were not understood so many can be opened from here. */
const CHATS = 3;

export function Nag() {
  const n = noticeWords(lang.value);
  const files = useSignal<readonly string[]>([]);
  useEffect(() => {
    if (person.value?.role !== "admin") return undefined;
    const look = () => void api.catalog().then(({ problems }) => {
      files.value = [...new Set(problems.filter(({ severity }) => severity === "error").map(({ file }) => file))];
    }, () => undefined);
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [person.value?.role]);
  useEffect(() => {
    // Without a connection the frame says so already.
    const look = () => void read().catch(() => undefined);
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const { waiting = [], assigned = [] } = state.value.desk ?? {};
  /** Those who wait over a topic. */
  const together = (id: string) => causes([...waiting, ...assigned]).find(({ topic }) => topic === id);
  const late = book.value?.notices.filter(({ overdue }) => overdue) ?? [];
  return (
    <>
      {files.value.length > 0 && (
        <p class="banner banner-bad" role="alert">
          <Icon name="alert" /> {n.brokenFiles(files.value.join(", "))} <a href={link({ page: "topics" })}>{n.brokenFilesAct}</a>
        </p>
      )}
      {late.map(({ notice }) => (
        <p key={notice.id} class="banner banner-bad" role="alert">
          <Icon name="clock" /> {n.nag(said(notice.title, lang.value))} <a href={link({ page: "notices", within: notice.id })}>{n.nagAct}</a>
        </p>
      ))}
      {book.value?.smoke.map(({ topic, title, count, minutes, expected, conversations }) => {
        const name = said(title, lang.value);
        const chats = topic !== null && together(topic);
        const usual = expected.toLocaleString(lang.value, { maximumSignificantDigits: 2 });
        return (
          <p key={topic ?? conversations[0]} class="banner banner-bad" role="alert">
            <Icon name="alert" /> {(topic === null ? n.smokeMisses : n.smoke)(name, count, minutes, usual)}{" "}
            {topic === null && conversations.slice(0, CHATS).map((one, index) => (
              <><a key={one} href={link({ page: "desk", conversation: one })}>{n.chat(index + 1)}</a>{" "}</>
            ))}
            <a href={link({ page: "notices", within: `about.${topic ?? ""}` })}>{n.smokeAct}</a>
            {chats && (
              <button type="button" class="link" onClick={() => {
                cause.value = chats.topic;
                dialog.value = "cause";
              }}>{n.smokeChats(chats.items.length)}</button>
            )}
          </p>
        );
      })}
    </>
  );
}
