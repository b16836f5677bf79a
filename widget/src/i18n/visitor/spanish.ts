// Spanish, as it is built in or fetched.

import { es, type Words } from "./es.ts";

export const SPOKEN: string = "es";

export const texts: Words = es;
