import { expect, it } from 'vitest';
import { ownAddress } from './own-address.ts';

it.each(['/', '/contribute', '/datasets/granary-open?tab=rows#r3', '/a//b', '/%2F%2Fevil.example', '/sign-in?next=//evil.example'])(
  '%j is within this site',
  (given) => {
    expect(ownAddress(given)).toBe(given);
  },
);

it.each([
  '',
  'contribute',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  'https://evil.example',
  'https:evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '@evil.example',
  '.evil.example',
])('%j is not', (given) => {
  expect(ownAddress(given)).toBeNull();
});
