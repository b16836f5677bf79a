// How topics and teams are called. The wire and the reports carry ids; people read titles.

import { effect, signal } from "@preact/signals";
import { type Names, api } from "../api";
import { lang, person } from "./signals";

const names = signal<Names>({ topics: {}, teams: {} });

/** An id that is not known (any more), as people can read it: `order_status` is `order status`. */
const readable = (id: string): string => id.replace(/[_-]+/g, " ");

export const topicName = (id: string): string => names.value.topics[id] ?? readable(id);

export const teamName = (id: string): string => names.value.teams[id] ?? readable(id);

effect(() => {
  const tag = lang.value;
  if (!person.value) return;
  void api.names(tag).then(
    (known) => (names.value = known),
    // Ids can be read too; the next change of language or sign-in asks again.
    () => undefined,
  );
});
