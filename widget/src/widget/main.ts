// What the loader fetches: the element and the function `Ventanilla(…)`.

import { Controller } from "./controller.ts";
import { ChatElement } from "./element.ts";
import { type Options, options } from "./options.ts";

type Listener = (detail: unknown) => void;
type Call = unknown[];
type Api = ((...call: unknown[]) => unknown) & { q?: ArrayLike<unknown>[]; ready?: boolean };

const NAME = "ventanilla-chat";

let server = "";
let current: Controller | undefined;
/** Calls that wait for `boot`. */
let waiting: Call[] = [];
const listeners = new Map<string, Set<Listener>>();

function tell(name: string, detail?: unknown): void {
  document.dispatchEvent(new CustomEvent(`ventanilla:${name}`, { detail }));
  for (const listener of listeners.get(name) ?? []) {
    try {
      listener(detail);
    } catch (error) {
      // A page's mistake is not the visitor's: the chat goes on, the browser's console has the story.
      reportError(error);
    }
  }
}

function boot(given: Partial<Options>): void {
  if (current) return;
  if (!given.site) {
    console.error("Ventanilla: no site. Put data-site on the script, or call Ventanilla('boot', { site: '…' }).");
    return;
  }
  if (!customElements.get(NAME)) customElements.define(NAME, ChatElement);
  current = new Controller({ ...given, site: given.site, server: given.server ?? server }, document.createElement(NAME) as ChatElement, tell);
  tell("ready");
  const calls = waiting;
  waiting = [];
  for (const call of calls) api(...call);
}

function api(...call: Call): unknown {
  const [name, first, second] = call;
  if (name === "on") {
    const [event, listener] = [String(first), second as Listener];
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event)?.add(listener);
    return () => void listeners.get(event)?.delete(listener);
  }
  if (name === "boot") return boot(options((first ?? {}) as Record<string, unknown>, server));
  if (!current) return void waiting.push(call);
  switch (name) {
    case "open":
      return current.open(typeof first === "string" ? first : undefined);
    case "close":
      return current.close();
    case "toggle":
      return current.isOpen ? current.close() : current.open();
    case "identify":
      return current.identify(String((first as { user?: unknown } | undefined)?.user ?? ""));
    case "update":
      return current.update(options((first ?? {}) as Record<string, unknown>, server));
    case "shutdown":
      return current.shutdown();
    case "destroy":
      current.destroy();
      current = undefined;
      return;
    default:
      console.error(`Ventanilla: no call named "${String(name)}".`);
  }
}

/** Called by the loader: `from` is the script's address, `data` its attributes. */
export function start(from: string, data: DOMStringMap): void {
  server = new URL(from).origin;
  const page = window as unknown as { Ventanilla?: Api };
  const queued = page.Ventanilla?.q ?? [];
  page.Ventanilla = Object.assign(api, { ready: true });
  // Listeners first, so that they hear `ready`.
  const calls = [...queued].map((call) => Array.from(call));
  for (const call of calls) if (call[0] === "on") api(...call);
  if (data["site"]) boot(options({ ...data }, server));
  for (const call of calls) if (call[0] !== "on") api(...call);
}
