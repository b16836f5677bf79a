// English, as one file that is loaded when it is wanted.

import { en } from "./en.ts";
import type { Words } from "./es.ts";

export default (): Words => en;
