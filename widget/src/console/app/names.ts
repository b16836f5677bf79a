// How topics, teams and touchpoints are called. The wire and the reports carry ids; people read titles.

import { effect, signal } from "@preact/signals";
import { type Names, api } from "../api";
import { lang, person } from "./signals";

const names = signal<Partial<Names>>({});

/** An id that is not known (any more), as people can read it: `order_status` is `order status`. */
const readable = (id: string): string => id.replace(/[_-]+/g, " ");

const called = (kind: keyof Names) => (id: string): string => names.value[kind]?.[id] ?? readable(id);

export const topicName = called("topics");

export const teamName = called("teams");

export const touchpointName = called("touchpoints");

effect(() => {
  const tag = lang.value;
  if (!person.value) return;
  void api.names(tag).then(
    (known) => (names.value = known),
    // Ids can be read too; the next change of language or sign-in asks again.
    () => undefined,
  );
});
