// What is looked for in the history, and the address that asks for it.

/** The fields of the form, as they stand in it; empty: anything. */
export interface Filters {
  text: string;
  from: string;
  to: string;
  topic: string;
  outcome: string;
  agent: string;
}

export const anything: Filters = { text: "", from: "", to: "", topic: "", outcome: "", agent: "" };

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The query of the server's list. The id of a conversation is looked up as such, and nothing else counts then; the server knows its case numbers itself. */
export function queryOf(filters: Filters, before?: string): URLSearchParams {
  const text = filters.text.trim();
  const query = new URLSearchParams();
  if (ID.test(text)) query.set("conversation", text.toLowerCase());
  else {
    for (const [name, value] of Object.entries({ ...filters, text })) if (value !== "") query.set(name, value);
  }
  if (before !== undefined) query.set("before", before);
  return query;
}

export const FORMATS = ["html", "text", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** The address of a transcript. */
export const transcriptOf = (conversation: string, format: Format, notes: boolean): string =>
  `/v1/history/${encodeURIComponent(conversation)}/transcript?format=${format}${notes ? "&notes=1" : ""}`;
