// The frame around the pages: sections, status, menu, the red bar, toasts, dialogs and keys.

import { useEffect } from "preact/hooks";
import { type Pane, batch, dismiss, lang, outdated, pane, person, state, toasts, words } from "../app";
import { type Target, shortcutOf } from "../model/keys";
import { count } from "../model/unread";
import { PageBeside } from "../pages";
import { letters } from "../prefs";
import { deskRoute, link, pagesOf, route } from "../route";
import { press, run } from "./commands";
import { Context } from "./Context";
import { later } from "./later";
import { Offers } from "./Offers";
import { OpenDialog } from "./OpenDialog";
import { Icon } from "./icons";
import { Menu, StatusMenu } from "./menus";
import { Queue } from "./Queue";
import { Thread } from "./Thread";

const Nag = later<object>(() => import("../pages/notices/Nag").then(({ Nag }) => Nag));
const BatchBar = later<object>(() => import("./BatchBar").then(({ BatchBar }) => BatchBar));

export function Shell() {
  const w = words.value;
  const { page } = route.value;
  const pages = person.value ? pagesOf(person.value.role) : [];
  const shown = pages.includes(page) ? page : "desk";
  const skipTo = shown === "desk" ? "thread" : "page";
  useKeys();
  // On a phone there is room for three sections: the one that is open is among them.
  useEffect(() => document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [shown]);
  return (
    <div class="shell" data-pane={pane.value} lang={lang.value}>
      <a class="skip" href={`#${skipTo}`} onClick={(event) => {
        // The address's hash says which page is shown: it must not change.
        event.preventDefault();
        document.getElementById(skipTo)?.focus();
      }}>{shown === "desk" ? w.skip : w.skipToPage}</a>
      <header class="top">
        <p class="brand"><Icon name="window" /> <span>{w.product}</span></p>
        <nav aria-label={w.mainNav}>
          {pages.map((one) => (
            <a key={one} href={link(one === "desk" ? deskRoute() : { page: one })}
              aria-current={one === shown ? "page" : undefined}>{w.pages[one]}</a>
          ))}
        </nav>
        <div class="top-tools">
          <button type="button" class="quiet go-to" onClick={() => run("palette")}>
            <Icon name="search" /> <span>{w.palette}</span> <kbd aria-hidden="true">Ctrl K</kbd>
          </button>
          <StatusMenu />
          <Menu />
        </div>
      </header>
      <div class="notices"><Banner /><Offers />{pages.includes("notices") && <Nag />}{batch.value && <BatchBar />}</div>
      {shown === "desk"
        ? (
          <main class="desk" tabIndex={-1}>
            <h1 class="sr">{w.pages.desk}</h1>
            <Panes />
            <Queue /><Thread /><Context />
          </main>
        )
        : (
          <main class="page" id="page" tabIndex={-1}>
            <PageBeside page={shown} />
          </main>
        )}
      <Toasts />
      <OpenDialog />
    </div>
  );
}

/** Which pane is shown where there is room for one. */
function Panes() {
  const w = words.value;
  const waiting = count(state.value);
  const tab = (one: Pane) => (
    <button type="button" aria-pressed={pane.value === one} disabled={one !== "queue" && state.value.open === undefined} onClick={() => (pane.value = one)}>
      {w.panes[one]}{one === "queue" && waiting > 0 && <span class="count">{waiting}</span>}
    </button>
  );
  return <div class="panes" role="group" aria-label={w.panesNav}>{tab("queue")}{tab("thread")}{tab("context")}</div>;
}

function Banner() {
  const w = words.value;
  const { link } = state.value;
  if (outdated.value) {
    return (
      <p class="banner banner-bad" role="alert">
        <Icon name="alert" /> {w.refusedProtocol} <button type="button" class="link" onClick={() => location.reload()}>{w.reload}</button>
      </p>
    );
  }
  return (
    <p class={`banner${link === "lost" ? " banner-bad" : ""}`} role="status">
      {link === "lost" && <><Icon name="alert" /> {w.lost}</>}
      {link === "connecting" && w.connecting}
    </p>
  );
}

function Toasts() {
  const w = words.value;
  return (
    <div class="toasts" role="status" aria-label={w.toasts}>
      {toasts.value.map((toast) => (
        <p key={toast.id} class={`toast toast-${toast.tone}`}>
          {toast.tone === "bad" && <Icon name="alert" />}<span>{toast.text}</span>
          <button type="button" aria-label={w.dismiss} onClick={() => dismiss(toast.id)}><Icon name="close" /></button>
        </p>
      ))}
    </div>
  );
}

function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const keys = shortcutOf(event, targetOf(event.target), letters.value);
      if (keys && press(keys, route.value.page === "desk")) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** Fields take letters for themselves; so do lists that are searched by typing. Enter works whatever control has the focus. */
function targetOf(target: EventTarget | null): Target {
  if (!(target instanceof HTMLElement)) return "page";
  const field = target instanceof HTMLInputElement ? !["checkbox", "radio", "button", "submit"].includes(target.type)
    : target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  if (field) return "field";
  return target.closest("button, a, input, summary, [role=option], dialog") ? "control" : "page";
}
