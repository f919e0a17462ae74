import { useEffect, useRef } from 'react';
import { createStore, useStore } from './create-store.ts';

export type Command = {
  id: string;
  /** Translated. */
  label: string;
  /** Heading it is listed under, translated. */
  group: string;
  /** Further words to find it by. */
  keywords?: string;
  /** Shown beside it; registered apart with `useShortcuts`. */
  keys?: string;
  run: () => void;
};

const registered = createStore<{ owner: object; commands: readonly Command[] }[]>([]);

/** Offers commands in the palette while the component is on the page. */
export function useCommands(commands: readonly Command[]): void {
  const owner = useRef({}).current;
  useEffect(() => {
    registered.set((all) => {
      const others = all.filter((each) => each.owner !== owner);
      return [...others, { owner, commands }];
    });
  }, [commands, owner]);
  useEffect(() => () => registered.set((all) => all.filter((each) => each.owner !== owner)), [owner]);
}

export function useAllCommands(): Command[] {
  return useStore(registered).flatMap(({ commands }) => commands);
}

/** Commands whose label, group or keywords hold every word of the query; those whose label begins with it come first. */
export function searchCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label, group, keywords }) => {
    const text = `${label} ${group} ${keywords ?? ''}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = (command: Command) => (words[0] !== undefined && command.label.toLocaleLowerCase().startsWith(words[0]) ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}
