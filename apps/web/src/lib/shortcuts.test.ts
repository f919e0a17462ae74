import { describe, expect, it } from 'vitest';
import { findShortcut, nameKey, type Shortcut } from './shortcuts.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const shortcut = (keys: string, more: Partial<Shortcut> = {}): Shortcut => ({ keys, label: keys, run: () => undefined, ...more });

describe('naming a press', () => {
  it.each([
    [press('a'), 'a'],
    [press('A', { shiftKey: true }), 'shift+a'],
    // Caps Lock.
    [press('A'), 'a'],
    [press('?', { shiftKey: true }), '?'],
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('k', { metaKey: true }), 'mod+k'],
    [press('Enter', { ctrlKey: true }), 'mod+Enter'],
    [press('Tab', { shiftKey: true }), 'shift+Tab'],
    [press(' '), 'Space'],
    [press('Shift', { shiftKey: true }), null],
    [press('Dead'), null],
  ])('%o is %s', (given, name) => {
    expect(nameKey(given)).toBe(name);
  });
});

describe('finding a shortcut', () => {
  const all = [
    shortcut('a'),
    shortcut('g b'),
    shortcut('b'),
    shortcut('shift+b'),
    shortcut('mod+k'),
    shortcut('Escape', { whileTyping: true }),
  ];
  it.each([
    { pressed: 'a', before: null, typing: false, found: 'a' },
    { pressed: 'a', before: null, typing: true, found: undefined },
    { pressed: 'mod+k', before: null, typing: true, found: 'mod+k' },
    { pressed: 'Escape', before: null, typing: true, found: 'Escape' },
    { pressed: 'b', before: 'g', typing: false, found: 'g b' },
    { pressed: 'b', before: null, typing: false, found: 'b' },
    { pressed: 'b', before: 'x', typing: false, found: 'b' },
    { pressed: 'shift+b', before: null, typing: false, found: 'shift+b' },
    { pressed: 'shift+a', before: null, typing: false, found: 'a' },
    { pressed: 'shift+a', before: null, typing: true, found: undefined },
    { pressed: 'mod+shift+k', before: null, typing: true, found: 'mod+k' },
    { pressed: 'shift+Escape', before: null, typing: false, found: undefined },
    { pressed: 'z', before: 'g', typing: false, found: undefined },
  ])('$before then $pressed, typing $typing: $found', ({ pressed, before, typing, found }) => {
    expect(findShortcut(all, pressed, before, typing)?.keys).toBe(found);
  });

  it('prefers the newest, and passes over those switched off', () => {
    const older = shortcut('a', { label: 'older' });
    const newer = shortcut('a', { label: 'newer' });
    expect(findShortcut([older, newer], 'a', null, false)?.label).toBe('newer');
    expect(findShortcut([older, { ...newer, enabled: false }], 'a', null, false)?.label).toBe('older');
  });
});
