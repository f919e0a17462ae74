import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { compileMessageOrThrow, type CompiledMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { findCatalogs, readCatalog, sourceFolder } from '../../build/message-catalogs.ts';

type Node = { type: string; [field: string]: unknown };
const catalogs = [...findCatalogs()].map(([area, folder]) => ({ area, en: readCatalog(folder, 'en'), de: readCatalog(folder, 'de') }));
const areas = new Set(catalogs.map(({ area }) => area));
const known = new Set(catalogs.flatMap(({ en }) => Object.keys(en)));
const files = globSync('**/*.{ts,tsx}', { cwd: sourceFolder }).filter((file) => !/\.test\.tsx?$|(^|\/)dev-|\.d\.ts$/.test(file));
const sources = files.map((file) => ({ file, program: parse(file) }));

function parse(file: string): Node {
  const result = parseSync(file, readFileSync(join(sourceFolder, file), 'utf8'));
  expect(result.errors).toEqual([]);
  return result.program as unknown as Node;
}
function* walk(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const each of node) yield* walk(each);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && typeof node.type === 'string') yield node as Node;
    for (const [field, value] of Object.entries(node)) if (field !== 'parent') yield* walk(value);
  }
}
/** Names of the values in a message, with the kinds they are used as, and of the elements around its parts. */
function placeholders(text: string): string[] {
  const found = new Set<string>([...text.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`));
  const visit = (message: CompiledMessage): void => {
    for (const token of message) {
      if (typeof token === 'string') continue;
      const [name, kind, choices] = token;
      found.add(kind === 'plural' || kind === 'selectordinal' || kind === 'select' ? `${name}:${kind}` : name);
      if (typeof choices === 'object' && choices !== null)
        for (const choice of Object.values(choices)) if (Array.isArray(choice)) visit(choice as CompiledMessage);
    }
  };
  visit(compileMessageOrThrow(text));
  return [...found].filter((name) => name !== '#').sort();
}

/** Every string that looks like a key of an area, and the fixed beginnings of keys that are put together. */
function findUsedKeys(): { whole: Map<string, string>; beginnings: Set<string> } {
  const whole = new Map<string, string>();
  const beginnings = new Set<string>();
  for (const { file, program } of sources) {
    for (const node of walk(program)) {
      if (
        node.type === 'Literal' &&
        typeof node.value === 'string' &&
        areas.has(node.value.split('.')[0] ?? '') &&
        node.value.includes('.')
      )
        whole.set(node.value, file);
      if (node.type !== 'TemplateLiteral') continue;
      const first = (node.quasis as { value: { cooked: string } }[])[0]?.value.cooked ?? '';
      if (areas.has(first.split('.')[0] ?? '') && /^\w+\.[\w.-]*$/.test(first)) beginnings.add(first);
    }
  }
  return { whole, beginnings };
}

const usedKeys = findUsedKeys();

describe.each(catalogs)('the words of $area', ({ area, en, de }) => {
  it('are there in both languages, with the same values in them', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    const differing = Object.keys(en).filter((key) => placeholders(en[key] ?? '').join() !== placeholders(de[key] ?? '').join());
    expect(differing).toEqual([]);
  });

  it('have keys that begin with the area, are not empty, and are known to the compiler', () => {
    expect(Object.keys(en).filter((key) => !key.startsWith(`${area}.`))).toEqual([]);
    expect([...Object.values(en), ...Object.values(de)].filter((text) => text.trim() === '')).toEqual([]);
    expect(readFileSync(join(sourceFolder, 'app/message-keys.ts'), 'utf8')).toMatch(new RegExp(`\\b${area}: typeof ${area};`));
  });

  it('are all used', () => {
    const { whole, beginnings } = usedKeys;
    expect(Object.keys(en).filter((key) => !whole.has(key) && ![...beginnings].some((beginning) => key.startsWith(beginning)))).toEqual([]);
  });
});

it('every key that the page uses exists', () => {
  // A file's name or an address may begin with the same word; keys hold no slash and no file extension.
  const missing = [...usedKeys.whole].filter(([key]) => !known.has(key) && !/[/ ]|\.(?:tsx?|json|css|gz)$/.test(key));
  expect(missing).toEqual([]);
});

/** Whose number is never one. */
const alwaysMany = new Set(['accounts.passwordHint', 'pairs.total.more']);
it('what is counted has a form for one', () => {
  const counted = /\{(?:n|count)\} (?:\p{Ll}+ )?\p{Ll}{2,}s\b/u;
  const outsidePlurals = (text: string) => (text.includes(', plural,') ? '' : text);
  const wrong = catalogs.flatMap(({ en }) =>
    Object.entries(en)
      .filter(([key, text]) => !alwaysMany.has(key) && counted.test(outsidePlurals(text)))
      .map(([key]) => key),
  );
  expect(wrong).toEqual([]);
});

it('no text stands in JSX itself', () => {
  const spoken = new Set(['aria-label', 'alt', 'title', 'placeholder', 'label', 'legend', 'hint', 'caption']);
  const isWords = (value: unknown) => typeof value === 'string' && /\p{L}{2,}/u.test(value.replace(/https?:\/\/\S*/g, ''));
  const found: string[] = [];
  for (const { file, program } of sources) {
    for (const node of walk(program)) {
      if (node.type === 'JSXText' && isWords(node.value) && String(node.value).trim() !== 'Granary')
        found.push(`${file}: ${String(node.value).trim()}`);
      const attribute = node as unknown as { name?: { name?: string }; value?: { type?: string; value?: unknown } };
      if (
        node.type === 'JSXAttribute' &&
        spoken.has(attribute.name?.name ?? '') &&
        attribute.value?.type === 'Literal' &&
        isWords(attribute.value.value)
      )
        found.push(`${file}: ${String(attribute.value.value)}`);
    }
  }
  expect(found).toEqual([]);
});
