// A few helpers over the DOM. Nothing here takes a string of HTML, so there is none to sanitise and Trusted Types have nothing to say.

type Child = Node | string | 0 | false | null | undefined;
type Value = string | number | boolean | null | undefined | ((event: never) => void);
type Props = { [name: string]: Value };

/** An element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  set(node, props);
  for (const child of children) if (child) node.append(child);
  return node;
}

/** A button that does `onclick`. */
export function button(className: string, onclick: () => void, label: Child, more: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", class: className, onclick, ...more }, label);
}

/** Sets attributes, and `on…` handlers; null and false take an attribute away. Does nothing where it is so already. */
export function set(node: Element, values: Props): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function") Object.assign(node, { [name]: value });
    else if (value == null || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
  }
}

/** Sets the text where it differs, so that a live region does not speak twice. */
export function write(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** An icon, drawn on a 24 × 24 grid with one stroke. */
export function icon(d: string): SVGElement {
  const make = (tag: string, values: Props) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag) as SVGElement;
    set(node, values);
    return node;
  };
  const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  svg.append(make("path", { d }));
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
