// A few helpers over the DOM. Nothing here takes a string of HTML, so there is none to sanitise and Trusted Types have nothing to say.

type Child = Node | string | false | null | undefined;
type Props = { [name: string]: string | number | boolean | ((event: never) => void) | undefined };

/** An element: `on…` are listeners, everything else attributes; `true` is an empty attribute, `false` none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else set(node, name, value);
  }
  node.append(...children.filter((child) => child !== false && child != null));
  return node;
}

/** Sets or takes away an attribute; does nothing when it is so already. */
export function set(node: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === false || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value === true ? "" : value)) node.setAttribute(name, value === true ? "" : String(value));
}

/** Sets the text where it differs, so that a live region does not speak twice. */
export function text(node: Element, value: string): void {
  if (node.textContent !== value) node.textContent = value;
}

/** Icons, drawn on a 24 × 24 grid with one stroke. */
const ICONS = {
  window: "M4 9.5 5.5 4h13L20 9.5M4 9.5a2.67 2.67 0 0 0 5.33 0 2.67 2.67 0 0 0 5.34 0 2.67 2.67 0 0 0 5.33 0M5.5 12.5V20h13v-7.5M9 16h6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  down: "m6 9.5 6 6 6-6",
  send: "M12 19V5m-6 6 6-6 6 6",
  person: "M12 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-7 7.5c.8-3 3.6-4.5 7-4.5s6.2 1.5 7 4.5",
  phone: "M6 4h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.500v3a2 2 0 0 1-2 2A15 15 0 0 1 4 6a2 2 0 0 1 2-2Z",
  mail: "M4 6.500h16v11H4zm0 .5 8 6 8-6",
  sound: "M5 10v4h3l4 3.500v-11L8 10Zm11-1a4 4 0 0 1 0 6m2.5-8.500a8 8 0 0 1 0 11",
  mute: "M5 10v4h3l4 3.500v-11L8 10Zm11.5 0 4 4m0-4-4 4",
  save: "M12 4v11m-4.5-4 4.5 4 4.5-4M5 19.500h14",
  end: "m7 7 10 10M17 7 7 17",
} as const;

export function icon(name: keyof typeof ICONS): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  set(svg, "viewBox", "0 0 24 24");
  set(svg, "aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  set(path, "d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Something in a list: `key` names it, `sig` changes when it must be drawn anew. */
export interface Keyed {
  key: string;
  sig: string;
  draw(): HTMLElement;
}

/** Holds the children of `parent` to `items`, touching only what changed. */
export class List {
  #drawn = new Map<string, { sig: string; node: HTMLElement }>();
  #parent: HTMLElement;

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  show(items: Keyed[]): void {
    const before = this.#drawn;
    this.#drawn = new Map();
    let at = this.#parent.firstChild;
    for (const { key, sig, draw } of items) {
      const old = before.get(key);
      before.delete(key);
      const node = old?.sig === sig ? old.node : draw();
      if (old && old.node !== node) {
        if (at === old.node) at = node;
        old.node.replaceWith(node);
      }
      if (at === node) at = node.nextSibling;
      else this.#parent.insertBefore(node, at);
      this.#drawn.set(key, { sig, node });
    }
    for (const { node } of before.values()) node.remove();
  }
}
