// The topics: what the assistant knows, what is wrong with its files, and the editor that changes them.

import { useEffect } from "preact/hooks";
import { lang } from "../app";
import { route } from "../route";
import { Editor } from "./topics/Editor";
import { List } from "./topics/List";
import sheet from "./topics/topics.css";
import { topicWords } from "./topics/words";
import { close, look, openDraft, openFile, work } from "./topics/work";

/** The dress comes with the page: it is not needed before. */
const dress = new CSSStyleSheet();
dress.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress];

const isDraft = (name: string) => /^[0-9a-f]{8}-/.test(name);

export function Topics() {
  const { within } = route.value;
  useEffect(() => void look(), []);
  useEffect(() => {
    const now = work.peek();
    const isDirty = now?.clean === false;
    if (within === undefined) {
      // What was not saved is still there when one comes back from another page.
      if (!isDirty) close();
    } else if (now?.draft?.id !== within && now?.form?.topic !== within && now?.path !== within && (!isDirty || confirm(topicWords(lang.peek()).leave))) {
      void (isDraft(within) ? openDraft(within) : openFile(within));
    }
  }, [within]);
  return work.value ? <Editor /> : <List />;
}
