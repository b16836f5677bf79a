// Sending files: the button beside the composer, and the files that are on their way.

import type { ConversationId } from "../../protocol/types";
import { dropUpload, lang, sendFileAgain, sendFiles, uploads, words } from "../app";
import { size } from "../model/time";
import { Icon } from "./icons";

/** Opens the browser's choice of files. */
export function Attach({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  return (
    <label class="attach">
      <Icon name="file" /> <span>{w.attach}</span>
      <input
        class="sr" type="file" multiple
        onChange={({ currentTarget: field }) => {
          sendFiles(conversation, [...(field.files ?? [])]);
          field.value = "";
        }}
      />
    </label>
  );
}

export function Uploads({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  return uploads.value.filter((one) => one.conversation === conversation).map((one) => (
    <p key={one.id} class={`pending pending-${one.failed ? "failed" : "sent"}`} role={one.failed ? "alert" : undefined}>
      <Icon name={one.failed ? "alert" : "clock"} />
      <span>
        {one.file.name} ({size(one.file.size, lang.value)}): {one.failed
          ? w.fileFailures[one.failed as keyof typeof w.fileFailures] ?? w.failures[one.failed as keyof typeof w.failures] ?? w.failures.server
          : w.steps.sent}
      </span>
      {one.failed && (
        <>
          <button type="button" class="link" onClick={() => sendFileAgain(one)}>{w.retry}</button>
          <button type="button" class="link" onClick={() => dropUpload(one.id)}>{w.discard}</button>
        </>
      )}
    </p>
  ));
}
