// The one line of a conversation in a list: the visitor's last words.

import type { DeskItem } from "../../protocol/types";
import { state, words } from "../app";
import { lastWords } from "../model/words";
import { plain } from "./Rich";

/** What is known here is newer and tells a tap from words; else what the desk says. */
export const excerpt = ({ conversation, excerpt }: DeskItem): string =>
  plain(lastWords(state.value.threads[conversation]?.events ?? []) ?? excerpt) || words.value.noWords;
