// The two menus of the header: one's own status with who else is on, and the settings of this device.

import type { AgentStatus } from "../../protocol/types";
import { useSignal } from "@preact/signals";
import { chooseStatus, dialog, lang, person, signOut, state, words } from "../app";
import { type Appearance, appearance, chosenLang, letters, sound } from "../prefs";
import * as sounds from "../sound";
import { Icon } from "./icons";

const STATUSES: readonly AgentStatus[] = ["online", "away", "transfer_only", "offline"];

export function StatusMenu() {
  const w = words.value;
  const now = state.value;
  const setting = now.outbox.find(({ frame }) => frame.type === "status")?.frame;
  const status = setting?.type === "status" ? setting.status : now.status;
  const people = now.desk?.people ?? [];
  const mine = people.find((one) => one.id === now.me?.id);
  return (
    <>
      <button type="button" class="quiet status-button" popovertarget="status-menu">
        <span class="sr">{w.status}: </span><i class={`dot dot-${status}`} aria-hidden="true" /> <span>{w.statuses[status]}</span>
        {mine && <><span class="my-load" aria-hidden="true">{mine.busy}/{mine.capacity}</span><span class="sr">, {w.loadOf(mine.busy, mine.capacity)}</span></>}
      </button>
      <div popover="auto" id="status-menu" class="popover" role="group" aria-label={w.status}>
        <h2>{w.status}</h2>
        {/* Buttons, not radios: walking through radios with the arrow keys would choose each on the way. */}
        <div class="statuses">
          {STATUSES.map((one) => (
            <button
              key={one} type="button" aria-pressed={status === one} popovertarget="status-menu" popovertargetaction="hide"
              onClick={() => chooseStatus(one)}
            >
              <i class={`dot dot-${one}`} aria-hidden="true" /> {w.statuses[one]}{status === one && <Icon name="check" />}
            </button>
          ))}
        </div>
        <h2>{w.team}</h2>
        <ul class="people-on">
          {people.map((one) => (
            <li key={one.id}>
              <i class={`dot dot-${one.present ? one.status : "offline"}`} aria-hidden="true" />
              <span>{one.name}</span>
              <span class="faint">{one.present ? w.statuses[one.status] : w.absent} · {w.loadOf(one.busy, one.capacity)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

export function Menu() {
  const w = words.value;
  const looks: Appearance[] = ["system", "light", "dark"];
  return (
    <>
      <button type="button" class="quiet" popovertarget="menu" aria-label={w.menu}><Icon name={sound.value ? "menu" : "mute"} /></button>
      <div popover="auto" id="menu" class="popover" role="group" aria-label={w.menu}>
        <p class="who"><b>{person.value?.name}</b><span class="faint">{person.value?.email}</span></p>
        <label class="check">
          <input type="checkbox" checked={sound.value} onChange={(event) => (sound.value = event.currentTarget.checked)} />
          <Icon name={sound.value ? "bell" : "mute"} /> {w.sound}: {sound.value ? w.soundOn : w.soundOff}
        </label>
        <button type="button" onClick={() => void sounds.test()}><Icon name="bell" /> {w.soundTest}</button>
        <Notices />
        <label class="check">
          <input type="checkbox" checked={letters.value} onChange={(event) => (letters.value = event.currentTarget.checked)} />
          {w.singleKeys}
        </label>
        <button type="button" onClick={() => (dialog.value = "help")}><Icon name="question" /> {w.help}</button>
        <label>
          {w.consoleLanguage}
          <select value={lang.value} onChange={(event) => (chosenLang.value = event.currentTarget.value === "en" ? "en" : "es")}>
            <option value="es" lang="es">Español</option>
            <option value="en" lang="en">English</option>
          </select>
        </label>
        <label>
          {w.appearance}
          <select value={appearance.value} onChange={(event) => {
            appearance.value = looks.find((one) => one === event.currentTarget.value) ?? "system";
          }}>
            {looks.map((one) => <option key={one} value={one}>{w.appearances[one]}</option>)}
          </select>
        </label>
        <button type="button" onClick={() => void signOut()}><Icon name="back" /> {w.signOut}</button>
      </div>
    </>
  );
}

/** Desktop notifications: asked for only by this button. */
function Notices() {
  const w = words.value;
  const allowed = useSignal("Notification" in window ? Notification.permission : "denied");
  if (!("Notification" in window)) return null;
  return (
    <p class="setting">
      {w.desktopNotices}
      {allowed.value === "default"
        ? <button type="button" onClick={() => void Notification.requestPermission().then((now) => (allowed.value = now))}>{w.askNotices}</button>
        : <span class="faint">{allowed.value === "granted" ? w.noticesOn : w.noticesDenied}</span>}
    </p>
  );
}
