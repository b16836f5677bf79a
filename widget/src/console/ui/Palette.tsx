// Ctrl K: go to a conversation, a section or an action by writing a part of its name.

import { useSignal } from "@preact/signals";
import { done, person, show, state, topicName, words } from "../app";
import { folded } from "../model/canned";
import { keyName } from "../model/keys";
import { inOrder, lists } from "../model/unread";
import { go, pagesOf } from "../route";
import { COMMANDS, can } from "./commands";
import { Dialog } from "./Dialog";
import { excerpt } from "./excerpt";
import { MAC } from "./mac";

/** `found`: what else it is found by. */
interface Entry { group: string; name: string; hint?: string | undefined; found?: string | undefined; go: () => void }

function entries(): Entry[] {
  const w = words.value;
  return [
    ...inOrder(lists(state.value)).map((item): Entry => ({
      group: w.paletteGroups.talk,
      name: excerpt(item),
      hint: [item.topic ? topicName(item.topic) : w.reasons[item.reason], item.agent_name].filter(Boolean).join(" · "),
      found: item.promise && `${item.promise.case} ${item.promise.case.replaceAll("-", "")}`,
      go: () => show(item.conversation),
    })),
    ...COMMANDS.filter((command) => !command.keyOnly && can(command)).map(({ name, keys, run }): Entry => ({
      group: w.paletteGroups.act, name: w.commands[name], hint: keys[0] ? keyName(keys[0], MAC) : undefined, go: run,
    })),
    ...(person.value ? pagesOf(person.value.role) : []).map((page): Entry => ({
      group: w.paletteGroups.page, name: w.pages[page], go: () => go({ page }),
    })),
  ];
}

export function Palette() {
  const w = words.value;
  const query = useSignal("");
  const at = useSignal(0);
  const wanted = folded(query.value).split(/\s+/);
  const found = entries()
    .filter((entry) => wanted.every((part) => folded(`${entry.name} ${entry.hint ?? ""} ${entry.group} ${entry.found ?? ""}`).includes(part)))
    .slice(0, 12);
  const chosen = Math.min(at.value, found.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    done();
    // After the dialog has given the focus back, the action may take it.
    setTimeout(entry.go, 0);
  };
  return (
    <Dialog label={w.palette} class="palette">
      <input
        type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label={w.palettePlaceholder}
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined} autocomplete="off" autoFocus
        placeholder={w.palettePlaceholder} value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "ArrowDown") at.value = Math.min(found.length - 1, chosen + 1);
          else if (event.key === "ArrowUp") at.value = Math.max(0, chosen - 1);
          else if (event.key === "Enter") choose(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <ul role="listbox" id="palette-list" aria-label={w.palette}>
        {found.map((entry, index) => (
          <li
            key={`${entry.group}${entry.name}${index}`} role="option" id={`palette-${index}`} aria-selected={index === chosen}
            onClick={() => choose(entry)} onPointerMove={() => (at.value = index)}
          >
            <span class="palette-group">{entry.group}</span><span class="palette-name">{entry.name}</span>
            {entry.hint && <span class="palette-hint">{entry.hint}</span>}
          </li>
        ))}
      </ul>
      <p class="empty" role="status">{found.length === 0 ? w.paletteNothing : ""}</p>
    </Dialog>
  );
}
