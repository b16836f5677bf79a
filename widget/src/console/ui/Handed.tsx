// Who handed a conversation over, and what the next one should know of it.

import type { HandedCard } from "../../protocol/types";
import { words } from "../app";

export const Handed = ({ handed: { name, note } }: { handed: HandedCard }) => <>{words.value.handedBy(name)}{note && <>: <q>{note}</q></>}</>;
