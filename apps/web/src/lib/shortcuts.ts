import { useEffect, useRef } from 'react';
import { createStore, useStore } from './create-store.ts';
import { isComposing } from './is-composing.ts';

export type Shortcut = {
  /** `a`, `shift+a`, `?`, `Escape`, `mod+k`, `mod+Enter`, or two keys one after another: `g b`. `mod` is Ctrl, on a Mac ⌘. */
  keys: string;
  /** What it does, translated: shown in the list of shortcuts. */
  label: string;
  run: () => void;
  /** Also while typing in a field; for chords such as `mod+Enter` this is the default. */
  whileTyping?: boolean;
  enabled?: boolean;
};
type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const registered = createStore<{ owner: object; shortcuts: readonly Shortcut[] }[]>([]);
const sequenceMs = 900;

/** Shortcuts that work while the component is on the page; a single key never fires while somebody types in a field. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const owner = useRef({}).current;
  useEffect(() => {
    registered.set((all) => {
      const at = all.findIndex((each) => each.owner === owner);
      return at < 0 ? [...all, { owner, shortcuts }] : all.map((each) => (each.owner === owner ? { owner, shortcuts } : each));
    });
  });
  useEffect(() => () => registered.set((all) => all.filter((each) => each.owner !== owner)), [owner]);
}

/** All shortcuts of the page as it is now, for the list of shortcuts. */
export function useAllShortcuts(): Shortcut[] {
  return useStore(registered).flatMap(({ shortcuts }) => shortcuts.filter(({ enabled }) => enabled !== false));
}

/** Name of a press as shortcuts spell it, or null for a bare modifier. */
export function nameKey(press: KeyPress): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'Dead', 'Process', 'Unidentified'].includes(press.key)) return null;
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toLowerCase() : press.key;
  // Shift is part of the character for signs (`?`), and named for letters and all other keys.
  const shift = press.shiftKey && (press.key.length > 1 || press.key !== key) ? 'shift+' : '';
  return `${press.ctrlKey || press.metaKey ? 'mod+' : ''}${press.altKey ? 'alt+' : ''}${shift}${key}`;
}

/**
 * The shortcut a press completes: the newest registered wins, and `before` is the key pressed just before. A capital letter that has no
 * shortcut of its own is the letter.
 */
export function findShortcut(all: readonly Shortcut[], pressed: string, before: string | null, typing: boolean): Shortcut | undefined {
  const fits = (keys: string) =>
    all.findLast((each) => each.enabled !== false && each.keys === keys && (!typing || (each.whileTyping ?? keys.includes('mod+'))));
  const find = (keys: string) => (before === null ? undefined : fits(`${before} ${keys}`)) ?? fits(keys);
  return find(pressed) ?? find(pressed.replace(/shift\+(?=.$)/, ''));
}

/** Listens on the whole page; returns the way to stop. Called once, by the shell. */
export function startShortcuts(target: Pick<Window, 'addEventListener' | 'removeEventListener'> = window): () => void {
  let before: { key: string; at: number } | null = null;
  function onKeyDown(event: KeyboardEvent): void {
    const pressed = event.defaultPrevented || isComposing(event) ? null : nameKey(event);
    if (pressed === null) return;
    const dialog = document.querySelector('dialog:modal');
    if (dialog && !dialog.hasAttribute('data-shortcuts')) return;
    const typing = isTyping(event.target);
    const earlier = before && event.timeStamp - before.at < sequenceMs && !typing ? before.key : null;
    const found = findShortcut(
      registered.get().flatMap(({ shortcuts }) => shortcuts),
      pressed,
      earlier,
      typing,
    );
    before = found || typing ? null : { key: pressed, at: event.timeStamp };
    if (!found) return;
    event.preventDefault();
    found.run();
  }
  target.addEventListener('keydown', onKeyDown as EventListener);
  return () => target.removeEventListener('keydown', onKeyDown as EventListener);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select, [role="menuitem"], [role="menuitemradio"]')) return true;
  return target.matches('input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="range"])');
}
