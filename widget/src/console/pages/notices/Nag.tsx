// What leads must not miss wherever they are in the console: a notice whose next update is late.

import { useEffect } from "preact/hooks";
import { lang } from "../../app";
import { link } from "../../route";
import { Icon } from "../../ui/icons";
import { book, read, said } from "./api";
import { noticeWords } from "./words";

/** Looked at so often. */
const LOOK_MS = 30_000;

export function Nag() {
  const n = noticeWords(lang.value);
  useEffect(() => {
    // Without a connection the frame says so already.
    const look = () => void read().catch(() => undefined);
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const late = book.value?.notices.filter(({ overdue }) => overdue) ?? [];
  return (
    <>
      {late.map(({ notice }) => (
        <p key={notice.id} class="banner banner-bad" role="alert">
          <Icon name="clock" /> {n.nag(said(notice.title, lang.value))} <a href={link({ page: "notices", within: notice.id })}>{n.nagAct}</a>
        </p>
      ))}
    </>
  );
}
