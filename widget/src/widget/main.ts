// What the loader fetches: the function `Ventanilla(…)` and the events of document.

import { type Options, type Running, start as startChat } from "./start.ts";

type Call = unknown[];
type Listener = (detail: unknown) => void;
type Given = { [name: string]: unknown };
type Api = ((...call: Call) => unknown) & { q?: ArrayLike<unknown>[]; ready?: boolean };

const WORDS: { [option: string]: string[] } = {
  stage: ["awareness", "consideration", "purchase", "use", "loyalty"],
  style: ["fast", "warm"],
  theme: ["light"],
};

let server = "";
let running: Running | undefined;
/** Calls that wait for `boot`. */
let waiting: Call[] = [];

class ChatElement extends HTMLElement {}

function tell(name: string, detail?: unknown): void {
  document.dispatchEvent(new CustomEvent(`ventanilla:${name}`, { detail }));
}

/** Options from the snippet's attributes or from a call. A word that the server would refuse is left out, with a warning. */
function options(given: Given): Partial<Options> {
  const out: Given = {};
  for (const [name, value] of Object.entries(given)) {
    const known = WORDS[name];
    if (!value || value === "auto") continue;
    if (known?.includes(String(value)) === false) console.warn(`Ventanilla: ${name} "${value}" is none of ${known.join(", ")}`);
    else out[name] = String(value);
  }
  return out;
}

function boot(given: Given): void {
  if (running) return;
  const { site, ...rest } = options(given);
  if (!site) return console.error("Ventanilla: no site (data-site)");
  if (!customElements.get("ventanilla-chat")) customElements.define("ventanilla-chat", ChatElement);
  running = startChat({ server, site, ...rest }, document.createElement("ventanilla-chat"), tell);
  tell("ready");
  for (const call of waiting.splice(0)) api(...call);
}

function api(...call: Call): unknown {
  const [name, first, second] = call;
  const given = Object(first) as Given;
  if (name === "on") {
    const event = `ventanilla:${String(first)}`;
    const listen = ({ detail }: Event & { detail?: unknown }) => (second as Listener)(detail);
    document.addEventListener(event, listen);
    return () => document.removeEventListener(event, listen);
  }
  if (name === "boot") return boot(given);
  if (!running) return void waiting.push(call);
  switch (name) {
    case "open":
      if (typeof first === "string") running.fill(first);
      return running.setOpen(true);
    case "close":
      return running.setOpen(false);
    case "toggle":
      return running.setOpen(!running.isOpen);
    case "identify":
      return running.identify(String(given["user"] ?? ""));
    case "update":
      return running.update(options(given));
    case "shutdown":
      return running.shutdown();
    case "destroy":
      running.destroy();
      return (running = undefined);
    default:
      console.error(`Ventanilla: no call "${String(name)}"`);
  }
}

/** Called by the loader: `from` is the script's address, `data` its attributes. */
export function start(from: string, data: DOMStringMap): void {
  server = new URL(from).origin;
  const page = window as { Ventanilla?: Api };
  const calls = Array.from(page.Ventanilla?.q ?? [], (call) => Array.from(call));
  page.Ventanilla = Object.assign(api, { ready: true });
  // Listeners first, so that they hear `ready`.
  for (const call of calls) if (call[0] === "on") api(...call);
  if (data["site"]) boot({ ...data });
  for (const call of calls) if (call[0] !== "on") api(...call);
}
