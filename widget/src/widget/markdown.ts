// A small, safe part of Markdown: **bold**, *italic*, `code`, [links](https://…), bare addresses, line breaks, lists. Built as nodes.

import type { Kit } from "./kit.ts";

/** Only these lead out of the chat; `javascript:` and `data:` stay text. */
const SAFE = "(?:https?:\\/\\/|mailto:|tel:)";
/** A bracket in a target must be closed in it; a full stop or a bracket after a bare address belongs to the sentence. */
const INLINE = new RegExp(
  "`([^`]+)`|\\*\\*(\\S.*?)\\*\\*|\\*([^\\s*][^*]*)\\*|" +
    `\\[([^\\]]+)\\]\\((${SAFE}(?:[^\\s()]|\\([^\\s()]*\\))+)\\)|(https?:\\/\\/[^\\s<>"]*[^\\s<>".,;:!?»)\\]])`,
  "gi",
);

function inline(source: string, kit: Kit): (Node | string)[] {
  const { h } = kit;
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
          : h(bold ? "strong" : "em", {}, ...inline(bold ?? italic ?? "", kit)),
    );
    end = found.index + whole.length;
  }
  return [...out, source.slice(end)];
}

/** The nodes of a message. */
export function markdown(source: string, kit: Kit): (Node | string)[] {
  const { h } = kit;
  const out: (Node | string)[] = [];
  let list: HTMLElement | undefined;
  for (const row of source.split("\n")) {
    const [, number, item] = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)/.exec(row) ?? [];
    if (item) {
      const tag = number ? "ol" : "ul";
      if (list?.localName !== tag) out.push((list = h(tag, { start: number })));
      list.append(h("li", {}, ...inline(item, kit)));
    } else {
      if (!list && out.length) out.push(h("br"));
      list = undefined;
      out.push(...inline(row, kit));
    }
  }
  return out;
}
