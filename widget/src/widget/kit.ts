// What the core lends to the parts that are loaded later, so that no code is loaded twice.

import { button, h, list } from "./dom.ts";
import { ways } from "./ways.ts";

export const KIT = { h, button, list, ways };

export type Kit = typeof KIT;
