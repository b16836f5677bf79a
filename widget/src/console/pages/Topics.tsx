// The topics: what the assistant knows, what is wrong with its files, and the editor that changes them.

import { useEffect } from "preact/hooks";
import { route } from "../route";
import { Editor } from "./topics/Editor";
import { List } from "./topics/List";
import sheet from "./topics/topics.css";
import { close, look, openDraft, openTopic, work } from "./topics/work";

/** The dress comes with the page: it is not needed before. */
const dress = new CSSStyleSheet();
dress.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress];

const isDraft = (name: string) => /^[0-9a-f]{8}-/.test(name);

export function Topics() {
  const { within } = route.value;
  useEffect(() => void look(), []);
  useEffect(() => {
    if (within === undefined) close();
    else if (isDraft(within)) void (work.peek()?.draft?.id === within || openDraft(within));
    else if (work.peek()?.form?.topic !== within) void openTopic(within);
  }, [within]);
  return work.value ? <Editor /> : <List />;
}
