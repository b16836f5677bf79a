// Who may sign in: inviting with a one-time link, taking access away.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Role } from "../../protocol/types";
import { ApiError, type Member, type NewPerson, api } from "../api";
import { failed, person, say, teamName, words } from "../app";
import { Icon } from "../ui/icons";

const ROLES: readonly Role[] = ["agent", "lead", "admin"];

const nobody: NewPerson = { name: "", email: "", role: "agent", teams: [], lang: "es" };

export function People() {
  const w = words.value;
  const people = useSignal<Member[] | undefined>(undefined);
  const load = async () => {
    try {
      people.value = (await api.people()).people;
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(), []);
  return (
    <>
      <header class="page-head"><h1>{w.pages.people}</h1><p class="lead">{w.peopleLead}</p></header>
      {people.value && <Members people={people.value} reload={load} />}
      <Invite reload={load} />
    </>
  );
}

function Members({ people, reload }: { people: Member[]; reload: () => Promise<void> }) {
  const w = words.value;
  const disable = async (one: Member) => {
    if (!confirm(w.disableSure(one.name))) return;
    try {
      await api.disable(one.id);
      await reload();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <div class="table-box" tabIndex={0} role="group" aria-label={w.pages.people}>
      <table class="table">
        <caption class="sr">{w.pages.people}</caption>
        <thead>
          <tr>
            <th scope="col">{w.name}</th><th scope="col">{w.email}</th><th scope="col">{w.role}</th><th scope="col">{w.teams}</th>
            <th scope="col">{w.language}</th><th scope="col">{w.columns.act}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.id} class={one.disabled ? "is-disabled" : undefined}>
              <td data-name={w.name}><b>{one.name}</b></td>
              <td data-name={w.email}>{one.email}</td>
              <td data-name={w.role}>{w.roles[one.role]}</td>
              <td data-name={w.teams}>{one.teams.map(teamName).join(", ") || "—"}</td>
              <td data-name={w.language}>{w.languages[one.lang] ?? one.lang}</td>
              <td class="row-acts">
                {one.disabled ? <span class="faint">{w.disabled}</span>
                  : one.id === person.value?.id ? <span class="faint">{w.thatIsYou}</span>
                  : <button type="button" onClick={() => void disable(one)}>{w.disable}<span class="sr">: {one.name}</span></button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Invite({ reload }: { reload: () => Promise<void> }) {
  const w = words.value;
  const who = useSignal<NewPerson>(nobody);
  const teams = useSignal("");
  const made = useSignal<{ name: string; link: string } | undefined>(undefined);
  const set = (change: Partial<NewPerson>) => (who.value = { ...who.value, ...change });
  const invite = async () => {
    try {
      const wanted = { ...who.value, teams: teams.value.split(",").map((team) => team.trim()).filter((team) => team !== "") };
      const { link } = await api.invite(wanted);
      made.value = { name: wanted.name, link };
      who.value = nobody;
      teams.value = "";
      await reload();
    } catch (error) {
      if (error instanceof ApiError && error.failure === "invalid") say(w.inviteInvalid, "bad");
      else failed(error);
    }
  };
  const copy = async (link: string) => {
    try {
      await navigator.clipboard.writeText(link);
      say(w.copied);
    } catch {
      say(w.copyByHand, "bad");
    }
  };
  return (
    <section class="invite">
      <h2>{w.invite}</h2>
      <p class="lead">{w.inviteLead}</p>
      {made.value && (
        <div class="made" role="status">
          <p><b>{w.linkReady(made.value.name)}</b></p>
          <p class="made-link"><code>{made.value.link}</code>
            <button type="button" onClick={() => void copy(made.value?.link ?? "")}>{w.copy}</button></p>
          <p class="hint">{w.linkHint}</p>
        </div>
      )}
      <form class="grid" onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}>
        <label>{w.name}
          <input type="text" required maxLength={80} autocomplete="off" value={who.value.name} onInput={(event) => set({ name: event.currentTarget.value })} />
        </label>
        <label>{w.email}
          <input type="email" required autocomplete="off" value={who.value.email} onInput={(event) => set({ email: event.currentTarget.value })} />
        </label>
        <label>{w.role}
          <select value={who.value.role} onChange={(event) => set({ role: ROLES.find((role) => role === event.currentTarget.value) ?? "agent" })}>
            {ROLES.map((role) => <option key={role} value={role}>{w.roles[role]}</option>)}
          </select>
        </label>
        <div>
          <label>{w.teams}
            <input
              type="text" autocomplete="off" autocapitalize="none" aria-describedby="teams-hint" value={teams.value}
              onInput={(event) => (teams.value = event.currentTarget.value)}
            />
          </label>
          <p class="hint" id="teams-hint">{w.teamsHint}</p>
        </div>
        <label>{w.language}
          <select value={who.value.lang} onChange={(event) => set({ lang: event.currentTarget.value })}>
            {["es", "en"].map((one) => <option key={one} value={one}>{w.languages[one]}</option>)}
          </select>
        </label>
        <button type="submit" class="primary"><Icon name="person" /> {w.createLink}</button>
      </form>
    </section>
  );
}
