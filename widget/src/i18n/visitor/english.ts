// English, as it is built in or fetched.

import { en } from "./en.ts";
import type { Words } from "./es.ts";

export const SPOKEN: string = "en";

export const texts: Words = en;
