import { expect, test } from 'vitest';
import { answerFileRequest } from './file-answer.ts';

const file = { bytes: 100, etag: '"abc"' };
const whole = { status: 200, range: { start: 0, end: 99 }, length: 100 };
const part = (start: number, end: number) => ({
  status: 206,
  range: { start, end },
  length: end - start + 1,
  contentRange: `bytes ${start}-${end}/100`,
});
const outside = { status: 416, contentRange: 'bytes */100' };

test.each([
  ['nothing asked', {}, whole],
  ['a range', { range: 'bytes=10-19' }, part(10, 19)],
  ['the first byte', { range: 'bytes=0-0' }, part(0, 0)],
  ['the last byte', { range: 'bytes=99-99' }, part(99, 99)],
  ['from a byte on', { range: 'bytes=90-' }, part(90, 99)],
  ['the last ten', { range: 'bytes=-10' }, part(90, 99)],
  ['more than there are, from the end', { range: 'bytes=-1000' }, part(0, 99)],
  ['beyond the end', { range: 'bytes=50-1000' }, part(50, 99)],
  ['units in capitals', { range: 'Bytes=1-2' }, part(1, 2)],
  ['outside', { range: 'bytes=100-' }, outside],
  ['the last none', { range: 'bytes=-0' }, outside],
  ['backwards', { range: 'bytes=20-10' }, whole],
  ['several', { range: 'bytes=0-1,5-6' }, whole],
  ['other units', { range: 'lines=0-1' }, whole],
  ['no numbers', { range: 'bytes=-' }, whole],
  ['nonsense', { range: 'bytes=a-b' }, whole],
  ['the copy is current', { 'if-none-match': '"abc"' }, { status: 304 }],
  ['one of several copies', { 'if-none-match': '"x", W/"abc"' }, { status: 304 }],
  ['any copy', { 'if-none-match': '*' }, { status: 304 }],
  ['another copy', { 'if-none-match': '"x"' }, whole],
  ['a copy wins over a range', { 'if-none-match': '"abc"', range: 'bytes=0-1' }, { status: 304 }],
  ['a part of the same file', { 'if-range': '"abc"', range: 'bytes=0-1' }, part(0, 1)],
  ['a part of another file', { 'if-range': '"x"', range: 'bytes=0-1' }, whole],
  ['a weak tag does not do for parts', { 'if-range': 'W/"abc"', range: 'bytes=0-1' }, whole],
  ['a date does not do for parts', { 'if-range': 'Sun, 01 Mar 2026 10:00:00 GMT', range: 'bytes=0-1' }, whole],
])('%s', (_name, headers, expected) => {
  expect(answerFileRequest({ method: 'GET', headers }, file)).toEqual(expected);
});

test('HEAD tells of the whole file', () => {
  expect(answerFileRequest({ method: 'HEAD', headers: { range: 'bytes=0-1' } }, file)).toEqual(whole);
});

test('of an empty file any range is the whole', () => {
  expect(answerFileRequest({ method: 'GET', headers: { range: 'bytes=0-0' } }, { ...file, bytes: 0 })).toMatchObject({
    status: 200,
    length: 0,
  });
});
