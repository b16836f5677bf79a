// From a key to a text: placeholders in braces, plurals by Intl.PluralRules, registers as thin overrides.

export type Plural = { [form in Intl.LDMLPluralRule]?: string } & { other: string };
export type Text = string | Plural;

export type Values = Record<string, string | number>;

/** `t("unread", { n: 2 })`: a plural goes by `n`. */
export type Translate<Words> = (key: keyof Words, values?: Values) => string;

/** A translator for `locale` over dictionaries, the first that has the key wins. */
export function translator<Words extends Record<string, Text>>(
  locale: string,
  ...dictionaries: Partial<Words>[]
): Translate<Words> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const text = dictionaries.find((words) => words[key] !== undefined)?.[key] ?? String(key);
    const form: string = typeof text === "string" ? text : (text[plural.select(Number(values["n"]))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === "number" ? number.format(value) : (value ?? whole);
    });
  };
}
