// What the forms make of a group.

import type { Lang } from "../../../protocol/types";
import type { Group } from "./api";

const MOST = 30;

export const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

/** Its phrases as examples, one a line, each once. */
export const examplesOf = ({ phrases }: Group): string => [...new Set(phrases.map(({ example }) => example))].slice(0, MOST).join("\n");

/** The language that most of it is in. */
export const langOf = ({ langs }: Group): Lang => Object.entries(langs).sort(([, a], [, b]) => b - a)[0]?.[0] ?? "es";
