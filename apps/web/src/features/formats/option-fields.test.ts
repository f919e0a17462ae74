import { expect, test } from 'vitest';
import { optionFields } from './option-fields.ts';

test('a schema of options as the fields of a form', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      k: { description: 'Pairs in a transcript.', default: 5, type: 'integer', minimum: 1, maximum: 100 },
      order: { type: 'string', enum: ['file', 'drawn'], default: 'file' },
      separator: { type: 'string' },
      titles: { type: 'boolean', default: false },
      odd: {},
    },
  };
  const none = { min: undefined, max: undefined, choices: [], description: '' };
  expect(optionFields(schema)).toEqual([
    { name: 'k', description: 'Pairs in a transcript.', type: 'number', fallback: '5', min: 1, max: 100, choices: [] },
    { ...none, name: 'order', type: 'choice', fallback: 'file', choices: ['file', 'drawn'] },
    { ...none, name: 'separator', type: 'text', fallback: '' },
    { ...none, name: 'titles', type: 'switch', fallback: 'false' },
    { ...none, name: 'odd', type: 'text', fallback: '' },
  ]);
  expect(optionFields({ type: 'object', properties: {} })).toEqual([]);
  expect(optionFields({})).toEqual([]);
});
