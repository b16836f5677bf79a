// What the widget fetches with the first need of it: notices, the tone.

export { open } from "./notices.ts";
export { start } from "./tone.ts";
