import { expect, it } from 'vitest';
import { searchCommands, type Command } from './commands.ts';

const command = (label: string, group: string, keywords = ''): Command => ({ id: label, label, group, keywords, run: () => undefined });

it('finds commands by every word, those that begin with it first', () => {
  const all = [command('Open the browser', 'Actions'), command('Browse', 'Go to'), command('Use the dark theme', 'Actions', 'night')];
  expect(searchCommands(all, 'brows').map(({ label }) => label)).toEqual(['Browse', 'Open the browser']);
  expect(searchCommands(all, 'theme night').map(({ label }) => label)).toEqual(['Use the dark theme']);
  expect(searchCommands(all, 'theme brows')).toEqual([]);
  expect(searchCommands(all, ' ')).toHaveLength(3);
});
