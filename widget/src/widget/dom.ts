// Drawing: what is to be seen is described anew as a whole, and only what differs is touched. Nothing here takes a string of HTML, so there
// is none to sanitise and Trusted Types have nothing to say.

/** What an element says of itself: attributes, `on…` handlers, and `key`, which names it among its siblings however they move. */
export type Props = { [name: string]: unknown };

/** Nothing stands for nothing, and holds its place among its siblings. */
export type Kid = Drawing | string | number | boolean | null | undefined | Kid[];

/** An element that is to be. `name` is its tag and, after a full stop, its classes: `div.row bot`. */
export interface Drawing {
  name: string;
  props: Props;
  kids: Kid[];
}

/** A node with what was drawn on it last. */
type Drawn = ParentNode & ChildNode & { [name: string]: unknown; was?: Props; inside?: Map<unknown, Drawn> };

export const h = (name: string, props: Props = {}, ...kids: Kid[]): Drawing => ({ name, props, kids });

/** A button that does `onclick`. */
export const button = (classes: string, onclick: () => void, label: Kid, more?: Props): Drawing =>
  h("button." + classes, { onclick, ...more }, label);

/** What stands in the first field of a form that is sent; it stays on the page. */
export function typed(event: Event): string {
  event.preventDefault();
  const [field] = event.target as unknown as HTMLInputElement[];
  return field!.value.trim();
}

/** Holds the children of `place` to `kids`. */
export function draw(place: Node, kids: Kid[]): void {
  const parent = place as Drawn;
  const before = parent.inside;
  const now = (parent.inside = new Map<unknown, Drawn>());
  (kids.flat(9) as Exclude<Kid, Kid[]>[]).forEach((kid, i) => {
    if (!kid) return;
    const { name, props, kids } = (kid as Drawing).name ? (kid as Drawing) : h("", { data: kid });
    const [tag, className] = name.split(".");
    const { key = tag! + i, ...rest } = props;
    const node = before?.get(key) ?? ((tag ? document.createElement(tag) : new Text()) as unknown as Drawn);
    const was = node.was;
    const is: Props = (node.was = { className, ...rest });
    for (const name in is) {
      // What is so already is left alone: a live region would speak twice, a selection would go.
      if (is[name] === was?.[name]) continue;
      if (name in node) node[name] = is[name];
      else (node as unknown as Element).setAttribute(name, is[name] as string);
    }
    draw(node, kids);
    now.set(key, node);
  });
  // First out, then in: an element that is moved loses the focus.
  before?.forEach((node, key) => now.has(key) || node.remove());
  [...now.values()].forEach((node, i) => {
    const there = place.childNodes[i]!;
    if (there !== node) place.insertBefore(node, there);
  });
}
