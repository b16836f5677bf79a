// What an answer showed beside its words. Most answers are words: the file comes with the first that is more.

import type { Shown } from "../../protocol/types";
import { later } from "./later";

export const Shows = later<{ shows: Shown[]; lang: string }>(() => import("./Exhibits").then(({ Exhibits }) => Exhibits));
