// Files that an agent sends. They go one after the other, and one that was refused stays until it is tried again or dropped.

import { signal } from "@preact/signals";
import type { ConversationId } from "../../protocol/types";
import { ApiError, api } from "../api";

/** A file on its way. A file that the browser holds cannot be kept over a reload. */
export interface Upload {
  /** The act's: the same file sent twice under it arrives once. */
  id: string;
  conversation: ConversationId;
  file: File;
  /** Why it came to nothing. */
  failed?: string;
}

export const uploads = signal<readonly Upload[]>([]);

let queue: Promise<void> = Promise.resolve();

const change = (id: string, part: Partial<Upload>): void => {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...part } : one));
};

async function put({ id, conversation, file }: Upload): Promise<void> {
  if (!uploads.value.some((one) => one.id === id)) return;
  try {
    await api.sendFile(conversation, id, file);
    dropUpload(id);
  } catch (error) {
    change(id, { failed: error instanceof ApiError ? error.code ?? error.failure : "server" });
  }
}

function line(upload: Upload): void {
  queue = queue.then(() => put(upload));
}

export function sendFiles(conversation: ConversationId, files: Iterable<File>): void {
  for (const file of files) {
    const upload = { id: crypto.randomUUID(), conversation, file };
    uploads.value = [...uploads.value, upload];
    line(upload);
  }
}

export function dropUpload(id: string): void {
  uploads.value = uploads.value.filter((one) => one.id !== id);
}

/** The same act: what had arrived without our hearing of it does not arrive twice. */
export function sendFileAgain(upload: Upload): void {
  const { failed: _, ...fresh } = upload;
  uploads.value = uploads.value.map((one) => (one.id === upload.id ? fresh : one));
  line(fresh);
}
