import { expect, test } from 'vitest';
import { idIn } from './id-in.ts';

const id = '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11';
const other = '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10';

test.each([
  [id, id],
  [`  ${id.toUpperCase()}\n`, id],
  [`{"instruction_id":"${other}","id": "${id}","text":"…"}`, id],
  [`{"id":"${id}:${other}"}`, id],
  [`https://granary.example/entries/${id}`, id],
  ['', null],
  ['{"instruction":"What is a granary?"}', null],
])('%j names %s', (pasted, expected) => {
  expect(idIn(pasted)).toBe(expected);
});
