// What the loader fetches: the function `Ventanilla(…)` and the events of document.

import { type Calls, type Options, start as startChat } from "./start.ts";

type Call = unknown[];
type Given = { [name: string]: unknown };
/** @see Page (@kept) */
type Api = ((...call: Call) => unknown) & { q?: Call[]; ready?: boolean };
/** What stands in the page under our name: first the stub of the page or of the loader, then this (@kept). */
type Page = { Ventanilla?: Api };

/** What the server would refuse. */
const WRONG: { [option: string]: RegExp } = {
  stage: /^(?!(awareness|consideration|purchase|use|loyalty)$)/,
  style: /^(?!(fast|warm)$)/,
};

let server = "";
let booted = false;
let chat: Calls | undefined;
/** Calls that wait for `boot`. */
let waiting: Call[] = [];

function tell(name: string, detail?: unknown): void {
  document.dispatchEvent(new CustomEvent(`ventanilla:${name}`, { detail }));
}

/** Options from the snippet's attributes or from a call. What the server would refuse is left out, with a warning. */
function options(given: Given): Partial<Options> {
  const out: Given = {};
  for (const [name, value] of Object.entries(given)) {
    if (!value || value === "auto") continue;
    if (WRONG[name]?.test(String(value))) console.warn(`Ventanilla: ${name}="${value}"?`);
    else out[name] = String(value);
  }
  return out;
}

async function boot(given: Given): Promise<void> {
  const { site, ...rest } = options(given);
  if (booted) return;
  if (!site) return console.warn("Ventanilla: data-site?");
  booted = true;
  chat = await startChat({ server, site, ...rest }, document.createElement("ventanilla-chat"), tell);
  tell("ready");
  for (const call of waiting.splice(0)) api(...call);
}

function api(...call: Call): unknown {
  const [name, first, second] = call as [keyof Calls | "on" | "boot", never, EventListener];
  if (name === "on") {
    const event = `ventanilla:${String(first)}`;
    const listen = (event: Event) => second((event as CustomEvent).detail);
    document.addEventListener(event, listen);
    return () => document.removeEventListener(event, listen);
  }
  if (name === "boot") return boot(Object(first));
  if (!chat) return void waiting.push(call);
  if (!chat[name]) return console.warn(`Ventanilla: "${name}"?`);
  chat[name](name === "update" ? (options(Object(first)) as never) : first);
  if (name === "destroy") booted = Boolean((chat = undefined));
}

/** Called by the loader: `from` is the script's address, `data` its attributes. */
export function start(from: string, data: DOMStringMap): void {
  server = new URL(from).origin;
  const page = window as Page;
  const calls = page.Ventanilla?.q ?? [];
  page.Ventanilla = Object.assign(api, { ready: true });
  // Listeners first, so that they hear `ready`.
  for (const on of [true, false]) {
    for (const call of calls) if ((call[0] === "on") === on) api(...call);
    if (on && data["site"]) void boot({ ...data });
  }
}
