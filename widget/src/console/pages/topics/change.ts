// What the fields of the form do to it. Each gives a new form; the server writes the difference into the file.

import type { Choice, TestRow, TextBox, TopicForm, Worded, Wording } from "./wire";

/** The lines of a field, one sentence each. An empty last line stays while one writes; the server drops it. */
export const linesOf = (text: string): string[] => (text === "" ? [] : text.split("\n"));

export const setTitle = (form: TopicForm, lang: string, words: Wording | undefined): TopicForm => ({ ...form, title: setWords(form.title, lang, words) });

export const setExamples = (form: TopicForm, lang: string, text: string): TopicForm => ({ ...form, examples: { ...form.examples, [lang]: linesOf(text) } });

/** Words in a language; without any the language goes. */
export function setWords(words: Worded, lang: string, wording: Wording | undefined): Worded {
  const { [lang]: _gone, ...others } = words;
  return wording === undefined ? others : { ...words, [lang]: wording };
}

export const setText = (form: TopicForm, at: string, change: Partial<TextBox>): TopicForm => ({
  ...form,
  texts: form.texts.map((text) => (text.at === at ? { ...text, ...change } : text)),
});

export const addChoice = (choices: readonly Choice[], go: string): readonly Choice[] =>
  choices.some((choice) => choice.go === go) ? choices : [...choices, { go }];

export const without = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_, at) => at !== index);

export const setTest = (form: TopicForm, index: number, test: TestRow): TopicForm => ({
  ...form,
  tests: form.tests.map((known, at) => (at === index ? test : known)),
});

/** What a test wants: this topic, anything but one, or none. */
export type Aim = "expect" | "not" | "outside";

export const aimOf = ({ expect, not }: TestRow): Aim => (not !== undefined ? "not" : expect === "none" ? "outside" : "expect");

export function withAim(test: TestRow, aim: Aim, topic: string): TestRow {
  const { expect: _expect, not: _not, ...bare } = test;
  return aim === "not" ? { ...bare, not: topic } : { ...bare, expect: aim === "outside" ? "none" : topic };
}

/** A name for a topic from its title: `Envolver para regalo` is `envolver_para_regalo`. */
export const nameFrom = (title: string): string =>
  title.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 64);

/** One text in place of two styles, and the other way round. */
export const asStyles = (wording: Wording): Wording => (typeof wording === "string" ? { fast: wording, warm: wording } : wording);
export const asOne = (wording: Wording): Wording => (typeof wording === "string" ? wording : wording.warm);
