// A small, safe part of Markdown: **bold**, *italic*, `code`, [links](https://…), bare addresses, line breaks, lists. Built as nodes.

import { h } from "./dom.ts";

const INLINE =
  /`([^`\n]+)`|\*\*([^\s*](?:[^\n]*?[^\s*])?)\*\*|\*([^\s*](?:[^*\n]*[^\s*])?)\*|\[([^\]\n]+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)|(https?:\/\/[^\s<>"]+)/g;
const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const AFTER_ADDRESS = /[.,;:!?»”)\]]+$/;

/** Only these lead out of the chat; `javascript:` and `data:` stay text. */
function safe(address: string): string | undefined {
  return /^(https?:\/\/[^\s/]|mailto:[^\s]|tel:[\d+])/i.test(address) ? address : undefined;
}

function link(address: string, ...inside: Node[]): HTMLElement {
  const web = /^http/i.test(address);
  return h("a", { href: address, target: web && "_blank", rel: web && "noopener noreferrer" }, ...inside);
}

function inline(source: string): Node[] {
  const out: Node[] = [];
  let end = 0;
  for (const found of source.matchAll(INLINE)) {
    const [whole, code, bold, italic, label, target, bare] = found;
    let taken = whole.length;
    let node: Node | undefined;
    if (code !== undefined) node = h("code", {}, code);
    else if (bold !== undefined) node = h("strong", {}, ...inline(bold));
    else if (italic !== undefined) node = h("em", {}, ...inline(italic));
    else if (label !== undefined && target !== undefined) {
      const address = safe(target);
      node = address ? link(address, document.createTextNode(label)) : undefined;
    } else if (bare !== undefined) {
      // A full stop or a bracket after an address belongs to the sentence, unless the bracket was opened inside.
      const rest = bare.includes("(") ? "" : (AFTER_ADDRESS.exec(bare)?.[0] ?? "");
      taken -= rest.length;
      const address = bare.slice(0, taken);
      node = link(address, document.createTextNode(address));
    }
    if (!node) continue;
    out.push(document.createTextNode(source.slice(end, found.index)), node);
    end = found.index + taken;
  }
  out.push(document.createTextNode(source.slice(end)));
  return out.filter((node) => node.textContent !== "");
}

/** The nodes of a message. */
export function markdown(source: string): Node[] {
  const out: Node[] = [];
  let list: HTMLElement | undefined;
  for (const row of source.split("\n")) {
    const item = ITEM.exec(row);
    if (item) {
      const number = item[1];
      const tag = number ? "ol" : "ul";
      if (list?.localName !== tag) out.push((list = h(tag, { start: number && number !== "1" ? number : false })));
      list.append(h("li", {}, ...inline(item[2] ?? "")));
      continue;
    }
    if (!list && out.length > 0) out.push(h("br"));
    list = undefined;
    out.push(...inline(row));
  }
  return out;
}
