import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Theme = 'light' | 'dark';
const source = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...source.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, light, dark]) => [
    name,
    { light: String(light), dark: String(dark) },
  ]),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(theme: Theme, front: string, back: string): number {
  const [one, two] = [front, back].map((name) => luminance(tokens.get(name)?.[theme] ?? `no token ${name}`));
  const [high = 0, low = 0] = [one ?? 0, two ?? 0].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const sheets = ['paper', 'paper-raised', 'paper-sunken', 'paper-hover'];
const statuses = ['positive', 'critical', 'warning', 'info', 'muted'];
const text: [string, string][] = [
  ...['ink', 'ink-soft', 'ink-faint', 'wheat-text', ...statuses].flatMap((front) => sheets.map((back): [string, string] => [front, back])),
  ...statuses.map((tone): [string, string] => [tone, `${tone}-wash`]),
  ['ink', 'selection'],
  ['paper', 'ink'],
  ['wheat-ink', 'wheat'],
  ['wheat-ink', 'wheat-hover'],
  ['wheat-text', 'wheat-wash'],
];
const shapes: [string, string][] = ['rule-control', 'ring'].flatMap((front) =>
  ['paper', 'paper-raised'].map((back): [string, string] => [front, back]),
);

it.each(['light', 'dark'] as const)('text reaches 4.5:1 and controls 3:1 in the %s theme', (theme) => {
  const weak = [
    ...text.filter(([front, back]) => !(contrast(theme, front, back) >= 4.5)),
    ...shapes.filter(([front, back]) => !(contrast(theme, front, back) >= 3)),
  ].map(([front, back]) => `${front} on ${back}: ${contrast(theme, front, back).toFixed(2)}`);
  expect(weak).toEqual([]);
});
