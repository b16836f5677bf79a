// The verbs of the browser tests: a house (server and order service), visitors on the shop's page, agents at the console.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../../widget/node_modules/playwright-core/index.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { VENTANILLA_BIN, BROWSER_SHOTS } = process.env;
const BIN = VENTANILLA_BIN ?? join(ROOT, "target/debug/ventanilla");
const AXE = readFileSync(join(ROOT, "widget/node_modules/axe-core/axe.min.js"), "utf8");
const CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
/** Longest wait for anything that should happen. */
const PATIENCE_MS = 20_000;

/** A `teams.yaml` with the demo's teams, each with these rules as well. */
export function teams(rules) {
  const names = {
    default: ["Atención al cliente", "Customer care"], logistics: ["Envíos", "Deliveries"], payments: ["Pagos", "Payments"],
    returns: ["Devoluciones", "Returns"], sales: ["Ventas", "Sales"], complaints: ["Reclamaciones", "Complaints"],
  };
  const one = ([id, [es, en]]) => `  ${id}:\n    name: {es: "${es}", en: "${en}"}\n    hours: {es: madrid, ar: cordoba}${rules}\n`;
  const skills = 'skills:\n  repairs: {es: "Reparaciones", en: "Repairs"}\n  invoices: {es: "Facturas", en: "Invoices"}\n';
  return `${skills}teams:\n${Object.entries(names).map(one).join("")}`;
}

/** Starts the program; `line` finds what it prints once it is ready. */
function start(args, env, line) {
  const child = spawn(BIN, args, { cwd: ROOT, env: { ...process.env, VENTANILLA_BIN: undefined, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const ready = new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const found = line.exec(said);
      if (found) resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ventanilla ${args[0]} ended (${code}):\n${said}`)));
  });
  ready.catch(() => undefined);
  const end = async (signal) => {
    child.kill(signal);
    await gone;
  };
  return { ready, end, said: () => said };
}

/** A server with an empty data folder, and the order service of the demo shop. */
export class House {
  /** Ends with the test or suite `t`. `config`: the text of `ventanilla.toml`; `teams`: of a `teams.yaml` in place of the demo's; `topics`: a folder of topic
   *  files of which the house gets a copy, in place of the demo's. */
  static async open(t, config = "", teams = undefined, topics = undefined) {
    const house = new House();
    house.folder = mkdtempSync(join(tmpdir(), "ventanilla-browser-"));
    house.intents = join(ROOT, "intents");
    if (teams !== undefined || topics !== undefined) {
      house.intents = join(house.folder, "intents");
      cpSync(join(ROOT, topics ?? "intents"), house.intents, { recursive: true });
      if (teams !== undefined) writeFileSync(join(house.intents, "teams.yaml"), teams);
    }
    t.after(() => house.close());
    house.orders = start(["demo-orders", "--port", "0"], {}, /(http:\/\/\S+)\/admin\/orders/);
    [, house.ordersUrl] = await house.orders.ready;
    house.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: CHROMIUM });
    await house.serve(config);
    return house;
  }

  /** The server starts: the first time on a free port, then on the same one, with the same data. */
  async serve(config = "") {
    const toml = join(this.folder, "ventanilla.toml");
    writeFileSync(toml, config);
    const first = this.port === undefined;
    const args = ["serve", "--config", toml, "--data", join(this.folder, "data"), "--intents", this.intents, "--hours", "promise_only"];
    const env = { ORDERS_URL: this.ordersUrl, VENTANILLA_PAUSE_MS: "200" };
    let link;
    for (let tries = 0; link === undefined; tries += 1) {
      this.server = start([...args, "--port", String(this.port ?? 0)], env, first ? /(http:\S+\/console\/setup#\S+)\s/ : /consol[ae] +(http:\S+)\s/);
      try {
        [, link] = await this.server.ready;
      } catch (error) {
        // While no server had the port, it may have been lent to somebody's outgoing connection for a moment.
        if (first || tries === 50 || !/cannot listen/.test(error.message)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    if (first) this.setup = link;
    this.port = new URL(link).port;
    this.base = `http://127.0.0.1:${this.port}`;
    this.shop = `http://localhost:${this.port}/demo`;
  }

  /** `kill -9`. */
  dies() {
    return this.server.end("SIGKILL");
  }

  /** An order, as the order service has it. */
  async order(number) {
    const orders = await (await fetch(`${this.ordersUrl}/admin/orders`)).json();
    return orders.find((order) => String(order.number) === number);
  }

  /** What the order service does from now on: `ok`, `slow`, `dead`. */
  async ordersAre(mode) {
    const answer = await fetch(`${this.ordersUrl}/admin/mode`, { method: "POST", body: JSON.stringify({ mode }) });
    assert.equal(answer.status, 200);
  }

  /** Adds a person as an admin does in a terminal; the one-time link. */
  async invites(name, role) {
    const args = ["user", "--data", join(this.folder, "data"), "add", `${name.toLowerCase()}@mareas.example`, "--name", name, "--role", role];
    const [, link] = await start(args, {}, /(http:\S+\/console\/setup\S+)\s/).ready;
    return link;
  }

  /** A browser of somebody's own: cookies, storage, a page whose complaints are heard. */
  async page(options) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "es-ES", timezoneId: "Europe/Madrid", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return newPage(context);
  }

  async visitor(options) {
    return new Visitor(this, await this.page(options));
  }

  /** An agent who signed up through `link` and is available, in a browser of this kind or on a page that is there. */
  async agent(name, link = this.setup, options = {}) {
    const page = options.page ?? (await this.page(options));
    await page.goto(link);
    if (!link.includes("?account")) {
      await page.fill("[name=name]", name);
      await page.fill("[name=email]", `${name.toLowerCase()}@mareas.example`);
    }
    await page.fill("[name=password]", "una frase bien larga");
    await page.keyboard.press("Enter");
    await page.locator(".desk").waitFor();
    await page.locator(".status-button").click();
    await page.locator(".statuses button", { hasText: "Disponible" }).click();
    await page.locator(".status-button", { hasText: "Disponible" }).waitFor();
    return new Agent(this, page);
  }

  async close() {
    const pages = this.browser?.contexts().flatMap((context) => context.pages()) ?? [];
    for (const [index, page] of pages.entries()) await shot(page, `last-${this.port}-${index}`);
    await this.browser?.close();
    await this.server?.end("SIGTERM");
    // It has nothing to keep, and would wait for idle connections.
    await this.orders?.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function newPage(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error.stack)));
  return page;
}

/** Complaints that are about more than a server that is away. */
export function complaints(page) {
  return page.complaints.filter((text) => !/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|SOCKET_NOT_CONNECTED|INTERNET_DISCONNECTED|EMPTY_RESPONSE)|WebSocket connection to/.test(text));
}

/** Somebody on the shop's page. */
export class Visitor {
  constructor(house, page) {
    this.house = house;
    this.page = page;
    this.chat = page.locator("ventanilla-chat");
    this.field = this.at(".composer textarea");
  }

  at(selector, options) {
    return this.chat.locator(selector, options);
  }

  async visits(query = "?site=es") {
    await this.page.goto(this.house.shop + query);
    await this.at(".launcher").waitFor();
  }

  async opens() {
    await this.at(".launcher").click();
    await this.at(".row.bot").first().waitFor();
  }

  /** Another tab of the same browser. */
  async secondTab() {
    return new Visitor(this.house, await newPage(this.page.context()));
  }

  async types(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** Writes, and reads what comes back. */
  async asks(text, answer) {
    return this.hears(text, answer, () => this.types(text));
  }

  async taps(label, answer) {
    return this.hears(label, answer, () => this.at(".choice:not([disabled])", { hasText: label }).last().click());
  }

  /** Does what says these words, and reads the first bubble of the assistant below them that fits: what was said before, drawn late, is no answer. */
  async hears(words, answer, act) {
    const before = await this.at(".row.visitor").count();
    await act();
    const found = await this.page.waitForFunction(
      ([from, words, source, flags]) => {
        const rows = [...document.querySelector("ventanilla-chat").shadowRoot.querySelectorAll(".row")];
        const own = rows.filter((row) => row.matches(".visitor")).slice(from).find((row) => row.textContent.includes(words));
        const below = own ? rows.slice(rows.indexOf(own) + 1) : [];
        const bubbles = below.flatMap((row) => (row.matches(".bot") ? [row.querySelector(".bubble")] : []));
        return bubbles.find((bubble) => new RegExp(source, flags).test(bubble.textContent))?.innerText;
      },
      [before, words, answer.source, answer.flags],
    ).catch(async (error) => {
      const log = await this.at(".log").innerText();
      throw new Error(`the assistant did not say ${answer}; the log ends:\n${log.slice(-900)}`, { cause: error });
    });
    return found.jsonValue();
  }

  /** A message that the server has. */
  async sent(text) {
    await this.at(".row.visitor:not(.held):not(.failed)", { hasText: text }).first().waitFor();
  }

  async menu(label) {
    await this.at("header .tool").first().click();
    await this.at(".menu button", { hasText: label }).click();
  }

  async choosesStyle(label) {
    await this.menu(label);
    await this.page.keyboard.press("Escape");
  }

  note(text) {
    return this.at(".note", { hasText: text }).last();
  }

  /** What the visitor wrote, as it stands in the log. */
  said() {
    return this.at(".row.visitor .bubble").allInnerTexts();
  }

  /** Every bubble, whoever's. */
  bubbles() {
    return this.at(".row .bubble").allInnerTexts();
  }

  agentSays(text) {
    return this.at(".row.agent .bubble", { hasText: text }).first();
  }
}

/** Somebody at the console. */
export class Agent {
  constructor(house, page) {
    this.house = house;
    this.page = page;
    this.waiting = page.locator(".group-waiting .slip, .group-offered .slip");
    this.card = page.locator(".card");
  }

  /** Takes the first who waits, once they are offered to this agent. */
  async takes() {
    const mine = this.page.locator(".group-mine .slip");
    const before = await mine.count();
    await this.waiting.locator(".stub-claim").first().click();
    await mine.nth(before).waitFor();
    await this.page.locator(".field textarea").waitFor();
  }

  /** What is being offered to this agent. */
  get offer() {
    return this.page.locator(".offer:not(.offer-paused)");
  }

  /** Opens a dialog from the thread's head, and does what it is for. */
  async acts(name) {
    await this.page.locator(".acts button", { hasText: name }).first().click();
    await this.page.locator("dialog[open]").waitFor();
  }

  async confirms() {
    await this.page.locator("dialog .dialog-foot .primary").click();
    await this.page.locator("dialog[open]").waitFor({ state: "detached" });
  }

  async replies(text) {
    await this.page.locator(".field textarea").fill(text);
    await this.page.locator(".field textarea").press("Enter");
    await this.page.locator(".said-agent:not(:has(.pending))", { hasText: text }).waitFor();
  }

  async closesAs(outcome) {
    await this.page.locator(".acts button", { hasText: "Cerrar" }).click();
    await this.page.locator("dialog .option", { hasText: outcome }).first().click();
    await this.page.locator("dialog .primary").click();
    await this.page.locator(".told", { hasText: "Cerrada por" }).waitFor();
  }

  /** Goes to a page of the console: Atención, Opiniones, Temas, Equipo. */
  async goesTo(name) {
    await this.page.locator("nav a", { hasText: name }).click();
    await this.page.locator("nav a[aria-current=page]", { hasText: name }).waitFor();
  }
}

/** Asks again until the answer is one, and gives it. For what a page does not show: `waitForFunction` does not wait for a promise. */
export async function until(ask, what) {
  const latest = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < latest, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Does something that is told at the edge of the screen in these words; what was told before does not count. */
export async function told(page, words, act) {
  await page.locator(".toast").evaluateAll((toasts) => toasts.forEach((toast) => (toast.dataset.old = "")));
  await act();
  await page.locator(".toast:not([data-old])", { hasText: words }).first().waitFor();
}

/** Has the socket of a page's console in hand, before the page is opened: from `holds()` to `releases()` nothing reaches the page, what it sends goes out. */
export async function heldLine(page) {
  let held;
  await page.routeWebSocket(/\/v1\/agent\/ws/, (ws) => {
    ws.connectToServer().onMessage((frame) => (held ? held.push(() => ws.send(frame)) : ws.send(frame)));
  });
  return {
    holds: () => (held = []),
    releases: () => {
      const frames = held;
      held = undefined;
      for (const send of frames) send();
    },
  };
}

/** Scrolls a log to its beginning until `count` lines or more stand in it; then the reader is left where they are. */
export async function readBack(page, count) {
  await page.waitForFunction((count) => {
    const view = document.querySelector(".log");
    if (view.querySelectorAll(".said").length >= count) return true;
    // Whoever is at the beginning already would not scroll.
    if (view.scrollTop === 0) view.scrollTop = 1;
    else view.scrollTop = 0;
    return false;
  }, count);
}

/** No serious or critical finding. axe comes in by the debugger, so that the page's content policy stays as it is. */
export async function accessible(page, state) {
  const session = await page.context().newCDPSession(page);
  const run = async (expression) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  };
  const there = await run("typeof axe");
  if (there === "undefined") await run(`${AXE};0`);
  const found = JSON.parse(
    await run(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target, failureSummary }) => [target.flat().join(" "), failureSummary]) }))))`),
  );
  await session.detach();
  assert.deepEqual(found.filter(({ impact }) => impact === "serious" || impact === "critical"), [], state);
}

/** Looks at a state in both colour schemes on a small phone and a desktop: nothing inaccessible, nothing that scrolls sideways. */
export async function everywhere(page, state, sizes = [[320, 568], [1280, 800]]) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const name = `${state}-${width}-${colorScheme}`;
      await shot(page, name);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      await accessible(page, name);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

async function shot(page, name) {
  if (!BROWSER_SHOTS) return;
  mkdirSync(BROWSER_SHOTS, { recursive: true });
  await page.screenshot({ path: join(BROWSER_SHOTS, `${name}.png`) });
}
