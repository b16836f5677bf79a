// From a text to what is read: placeholders in braces. A text that counts is worded so that one form fits every number.

/** `text` with its `{placeholders}` filled. */
export function fill(text: string, values: { [name: string]: unknown }): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
