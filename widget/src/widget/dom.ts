// A few helpers over the DOM. Nothing here takes a string of HTML, so there is none to sanitise and Trusted Types have nothing to say.

type Child = Node | string | 0 | false | null | undefined;
type Value = string | number | boolean | null | undefined;
type Props = { [name: string]: Value | ((event: never) => void) };

/** An element: `on…` are listeners, everything else attributes; `true` is an empty attribute, `false` none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else set(node, { [name]: value });
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** A button that does `run`. */
export function button(className: string, run: () => void, label: Child, more: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", class: className, onclick: run, ...more }, label);
}

/** Sets attributes, or takes them away; does nothing where it is so already. */
export function set(node: Element, values: { [name: string]: Value }): void {
  for (const [name, value] of Object.entries(values)) {
    const text = value === true ? "" : String(value);
    if (value === false || value == null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/** Sets the text where it differs, so that a live region does not speak twice. */
export function write(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Icons, drawn on a 24 × 24 grid with one stroke. */
const ICONS = {
  window: "M4 9.5 5.5 4h13L20 9.5a2.67 2.67 0 0 1-5.33 0 2.67 2.67 0 0 1-5.34 0 2.67 2.67 0 0 1-5.33 0ZM5.5 12.5V20h13v-7.5M9 16h6",
  more: "M5 7h14M5 12h14M5 17h9",
  down: "m6 9.5 6 6 6-6",
  send: "M12 19V5m-6 6 6-6 6 6",
};

export function icon(name: keyof typeof ICONS): SVGElement {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag)) as [SVGElement, SVGElement];
  set(svg, { viewBox: "0 0 24 24", "aria-hidden": "true" });
  set(path, { d: ICONS[name] });
  svg.append(path);
  return svg;
}

/** Something in a list: `key` names it, `sig` changes when it must be drawn anew. */
export type Keyed = [key: string, sig: unknown, draw: () => HTMLElement];

/** Holds the children of `parent` to the items that it is called with, touching only what changed. */
export function list(parent: HTMLElement): (items: Keyed[]) => void {
  let drawn = new Map<string, [sig: string, node: HTMLElement]>();
  return (items) => {
    const before = drawn;
    drawn = new Map();
    for (const [key, what, draw] of items) {
      const sig = JSON.stringify(what);
      const old = before.get(key);
      drawn.set(key, old?.[0] === sig ? old : [sig, draw()]);
    }
    const nodes = [...drawn.values()].map(([, node]) => node);
    for (const [, node] of before.values()) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, i) => {
      if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
    });
  };
}
