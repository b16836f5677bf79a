// What is loaded when the panel is opened for the first time: the menu, the closing card, the sound.

export { closingCard } from "./closing.ts";
export { menu } from "./menu.ts";
export { chime, unlock } from "./sound.ts";
