// From a text to what is read: placeholders in braces, singular and plural.

/** `text` with its `{placeholders}` filled. A text that counts stands in both numbers, `{n} mensaje|{n} mensajes`, and goes by `n`. */
export function fill(text: string, values: { [name: string]: unknown }): string {
  const [one = "", other = one] = text.split("|");
  return (values["n"] === 1 ? one : other).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
