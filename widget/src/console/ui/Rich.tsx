// The marks that assistant and agents use in their texts: **bold**, *italic*, `code`, [links](https://…), bare addresses.

import type { ComponentChildren } from "preact";

const MARKS = /`([^`]+)`|\*\*(\S.*?)\*\*|\*([^\s*][^*]*)\*|\[([^\]]+)\]\(((?:https?:\/\/|mailto:|tel:)[^\s)]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?»)\]])/gi;

/** A text with its marks drawn. */
export function Rich({ text }: { text: string }) {
  const out: ComponentChildren[] = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    const [whole, code, bold, italic, label, target, bare] = found;
    const href = target ?? bare;
    out.push(text.slice(end, found.index));
    if (code !== undefined) out.push(<code>{code}</code>);
    else if (href !== undefined) out.push(<a href={href} target="_blank" rel="noopener noreferrer">{label ?? href}</a>);
    else if (bold !== undefined) out.push(<b><Rich text={bold} /></b>);
    else out.push(<i><Rich text={italic ?? ""} /></i>);
    end = found.index + whole.length;
  }
  return <>{out}{text.slice(end)}</>;
}

/** A text without its marks, where there is room for one line. */
export const plain = (text: string): string =>
  text.replace(MARKS, (whole, code, bold, italic, label) => String(code ?? bold ?? italic ?? label ?? whole));
