// A small, safe part of Markdown: **bold**, *italic*, `code`, [links](https://…), bare addresses, line breaks, lists. Built as nodes.

import { h } from "./dom.ts";

/** Code; bold; italic; a link, whose target begins with http(s):, mailto: or tel:, and in which a bracket must be closed; a bare address: a
 * full stop or a bracket after it belongs to the sentence. What leads elsewhere, `javascript:` or `data:`, stays text. */
const INLINE =
  /`([^`]+)`|\*\*(\S.*?)\*\*|\*([^\s*][^*]*)\*|\[([^\]]+)\]\(((?:https?:\/\/|mailto:|tel:)(?:[^\s()]|\([^\s()]*\))+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?»)\]])/gi;

function inline(source: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let end = 0;
  for (const found of source.matchAll(INLINE)) {
    const [whole, code, bold, italic, label, target, bare] = found;
    const href = target ?? bare;
    out.push(
      source.slice(end, found.index),
      code
        ? h("code", {}, code)
        : href
          ? h("a", { href, target: "_blank", rel: "noopener" }, label ?? href)
          : h(bold ? "strong" : "em", {}, ...inline(bold ?? italic ?? "")),
    );
    end = found.index + whole.length;
  }
  return [...out, source.slice(end)];
}

/** The nodes of a message. */
export function markdown(source: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let list: HTMLElement | undefined;
  for (const row of source.split("\n")) {
    const [, number, item] = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)/.exec(row) ?? [];
    if (item) {
      const tag = number ? "ol" : "ul";
      if (list?.localName !== tag) out.push((list = h(tag, { start: number })));
      list.append(h("li", {}, ...inline(item)));
    } else {
      if (!list && out.length) out.push(h("br"));
      list = undefined;
      out.push(...inline(row));
    }
  }
  return out;
}
