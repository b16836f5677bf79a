// The door: signing in, and the first set-up from a one-time link.

import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Person } from "../../protocol/types";
import { ApiError, type Failure, api } from "../api";
import { expired, lang, welcome, words } from "../app";
import { chosenLang } from "../prefs";
import * as sounds from "../sound";
import { Icon } from "./icons";

/** The server's rule. */
const PASSWORD_MIN = 10;

/** Runs a request that signs in, and says what went wrong. */
function useDoor() {
  const busy = useSignal(false);
  const failure = useSignal<Failure | undefined>(undefined);
  const enter = async (request: () => Promise<Person>, then?: () => void): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    failure.value = undefined;
    try {
      const me = await request();
      then?.();
      welcome(me);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error.failure;
    } finally {
      busy.value = false;
    }
  };
  return { busy, failure, enter };
}

function Door({ title, lead, children }: { title: string; lead: string; children: ComponentChildren }) {
  const w = words.value;
  return (
    <main class="door">
      <div class="door-card">
        <p class="brand"><Icon name="window" /> {w.product}</p>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {children}
        <div class="door-foot">
          <button type="button" class="quiet" onClick={() => void sounds.test()}><Icon name="bell" /> {w.soundTest}</button>
          <button
            type="button" class="quiet" lang={lang.value === "es" ? "en" : "es"}
            onClick={() => (chosenLang.value = lang.value === "es" ? "en" : "es")}
          >
            {lang.value === "es" ? "English" : "Español"}
          </button>
        </div>
      </div>
    </main>
  );
}

const Failed = ({ text }: { text: string | undefined }) => (
  <p class="form-error" role="alert">{text && <><Icon name="alert" /> {text}</>}</p>
);

export function SignIn() {
  const w = words.value;
  const { busy, failure, enter } = useDoor();
  const email = useSignal("");
  const password = useSignal("");
  return (
    <Door title={w.signInTitle} lead={expired.value ? w.signedOutAgain : w.signInLead}>
      <form onSubmit={(event) => {
        event.preventDefault();
        void enter(() => api.login(email.value.trim(), password.value));
      }}>
        <label>
          {w.email}
          <input
            type="email" name="email" autocomplete="username" required autoFocus value={email.value}
            onInput={(event) => (email.value = event.currentTarget.value)}
          />
        </label>
        <PasswordField value={password.value} autocomplete="current-password" set={(text) => (password.value = text)} />
        <Failed text={failure.value && w.failures[failure.value]} />
        <button type="submit" class="primary wide" disabled={busy.value}>{busy.value ? w.signingIn : w.signIn}</button>
      </form>
    </Door>
  );
}

/** `invited`: the account is there already, only its password is missing. */
export function SetUp({ token, invited }: { token: string; invited: boolean }) {
  const w = words.value;
  const { busy, failure, enter } = useDoor();
  const name = useSignal("");
  const email = useSignal("");
  const password = useSignal("");
  const wording = (why: Failure): string => (why === "wrong" || why === "not_found" || why === "forbidden" ? w.setUpUsed : w.failures[why]);
  return (
    <Door title={w.setUpTitle} lead={token === "" ? w.setUpNoToken : invited ? w.setUpInvited : w.setUpLead}>
      {token !== "" && (
        <form onSubmit={(event) => {
          event.preventDefault();
          // The token must not stay in the address or in the browser's history.
          void enter(
            () => api.setup({ token, name: name.value.trim(), email: email.value.trim(), password: password.value, lang: lang.value }),
            () => history.replaceState(null, "", "/console/"),
          );
        }}>
          {!invited && <WhoFields name={name} email={email} />}
          <PasswordField value={password.value} autocomplete="new-password" min={PASSWORD_MIN} set={(text) => (password.value = text)} />
          <p class="hint" id="password-hint">{w.passwordRule}</p>
          <Failed text={failure.value && wording(failure.value)} />
          <button type="submit" class="primary wide" disabled={busy.value}>{busy.value ? w.signingIn : w.create}</button>
        </form>
      )}
    </Door>
  );
}

function WhoFields({ name, email }: { name: Signal<string>; email: Signal<string> }) {
  const w = words.value;
  return (
    <>
      <label>
        {w.name}
        <input
          type="text" name="name" autocomplete="name" required autoFocus maxLength={80} aria-describedby="name-hint" value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <p class="hint" id="name-hint">{w.nameHint}</p>
      <label>
        {w.email}
        <input
          type="email" name="email" autocomplete="username" required value={email.value}
          onInput={(event) => (email.value = event.currentTarget.value)}
        />
      </label>
    </>
  );
}

function PasswordField({ value, set, autocomplete, min }: {
  value: string; set: (text: string) => void; autocomplete: "current-password" | "new-password"; min?: number;
}) {
  const shown = useSignal(false);
  const w = words.value;
  return (
    <>
      <label>
        {w.password}
        <input
          type={shown.value ? "text" : "password"} name="password" autocomplete={autocomplete} required value={value}
          {...(min ? { minLength: min, "aria-describedby": "password-hint" } : {})}
          onInput={(event) => set(event.currentTarget.value)}
        />
      </label>
      <label class="check">
        <input type="checkbox" checked={shown.value} onChange={(event) => (shown.value = event.currentTarget.checked)} />
        {w.showPassword}
      </label>
    </>
  );
}
