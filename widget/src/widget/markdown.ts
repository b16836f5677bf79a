// A small, safe part of Markdown: **bold**, *italic*, `code`, [links](https://…), bare addresses, line breaks, lists. Drawn, never parsed
// as HTML.

import { type Drawing, h, type Kid } from "./dom.ts";

/** Code; bold; italic; a link, whose target begins with http(s):, mailto: or tel:, and in which a bracket must be closed; a bare address: a
 * full stop or a bracket after it belongs to the sentence. What leads elsewhere, `javascript:` or `data:`, stays text. */
const INLINE =
  /`([^`]+)`|\*\*(\S.*?)\*\*|\*([^\s*][^*]*)\*|\[([^\]]+)\]\(((?:https?:\/\/|mailto:|tel:)(?:[^\s()]|\([^\s()]*\))+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?»)\]])/gi;

/** A link to another page. */
export const link = (href: string, label: string): Drawing => h("a", { href, target: "_blank" }, label);

function inline(source: string): Kid[] {
  const out: Kid[] = [];
  let end = 0;
  for (const found of source.matchAll(INLINE)) {
    const [whole, code, bold, italic, label, target, bare] = found;
    const href = target ?? bare;
    out.push(
      source.slice(end, found.index),
      code ? h("code", {}, code) : href ? link(href, label ?? href) : h(bold ? "strong" : "em", {}, inline(bold ?? italic ?? "")),
    );
    end = found.index + whole.length;
  }
  return [...out, source.slice(end)];
}

/** What a message looks like. */
export function markdown(source: string): Kid[] {
  const out: Kid[] = [];
  let list: Drawing | undefined;
  for (const row of source.split("\n")) {
    const [, number, item] = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)/.exec(row) ?? [];
    if (item) {
      const tag = number ? "ol" : "ul";
      if (list?.name !== tag) out.push((list = h(tag, number ? { start: number } : {})));
      list.kids.push(h("li", {}, inline(item)));
    } else {
      if (!list && out[0]) out.push(h("br"));
      list = undefined;
      out.push(inline(row));
    }
  }
  return out;
}
