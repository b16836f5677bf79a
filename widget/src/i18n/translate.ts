// From a key to a text: placeholders in braces, plurals by Intl.PluralRules, registers as thin overrides.

/** A plural has a form a category. */
export type Text = string | ({ [form in Intl.LDMLPluralRule]?: string } & { other: string });

/** `t("unread", { n: 2 })`: a plural goes by `n`. */
export type Translate<Words> = (key: keyof Words, values?: { [name: string]: unknown }) => string;

/** A translator for `locale`; every key is in `words`. */
export function translator<Words extends Record<keyof Words, Text>>(locale: string, words: Words): Translate<Words> {
  const plural = new Intl.PluralRules(locale);
  return (key, values = {}) => {
    const text: Text = words[key];
    const form = typeof text === "string" ? text : (text[plural.select(Number(values["n"]))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  };
}
