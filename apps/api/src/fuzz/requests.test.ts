import { endpoints, type Endpoint } from '@granary/contract';
import { describe, expect, test } from 'vitest';
import { judge, type Answer } from './judge.ts';
import { toRequest, type Parts } from './requests.ts';

const id = '5f0c2a54-3f6e-4b8e-9d1c-0c5a1f6b7d21';
const partsOf = (endpoint: Endpoint, given: Partial<Parts> = {}): Parts => ({
  method: endpoint.method,
  params: { id },
  query: {},
  body: undefined,
  headers: {},
  ...given,
});
const isValid = (endpoint: Endpoint, rawBody: string) => toRequest(endpoint, partsOf(endpoint, { rawBody }), 'malformed body').valid;

describe('whether a request fits the contract', () => {
  test.each(['', '[]', '{', '\u0000'])('%j makes no difference to an operation without a body', (rawBody) => {
    expect(isValid(endpoints.reviews.heartbeat, rawBody)).toBe(true);
  });

  test('raw bodies are judged by what they hold', () => {
    const answer = '{"verdict":"approve"}';
    expect([answer, `\ufeff${answer}`, '', '{', 'null', '{}'].map((rawBody) => isValid(endpoints.reviews.submit, rawBody))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('what is wrong with an answer', () => {
  const endpoint = endpoints.moderation.user;
  const request = toRequest(endpoint, partsOf(endpoint), '');
  const statuses = new Set([200, 401, 403, 404]);
  const problem = (status: number, code: string): Answer => ({
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: `/api/docs/errors#${code}`, title: 'No', status, code }),
    ms: 5,
  });

  test('a documented refusal is right, an undocumented status or code is not', () => {
    expect(judge(endpoint, request, problem(404, 'not_found'), { statuses, allowed: true })).toEqual([]);
    expect(judge(endpoint, request, problem(409, 'version_conflict'), { statuses, allowed: true })).toEqual([
      '409 is not documented',
      'the code version_conflict is not documented',
    ]);
    expect(judge(endpoint, request, problem(500, 'internal'), { statuses, allowed: true })).toContain('answered with 500');
  });

  test('whoever may not call it is refused before anybody looks', () => {
    expect(judge(endpoint, request, problem(403, 'forbidden'), { statuses, allowed: false })).toEqual([]);
    expect(judge(endpoint, request, problem(404, 'not_found'), { statuses, allowed: false })).toEqual([
      '404 for somebody who may not call it',
    ]);
  });

  test('a body that breaks its schema and an answer that takes too long are wrong', () => {
    const answer = { status: 200, type: 'application/json', body: '{}', ms: 2_001 };
    const wrong = judge(endpoint, request, answer, { statuses, allowed: true, slowMs: 2_000 });
    expect(wrong).toEqual(['took 2001 ms', expect.stringContaining('the answer breaks its schema')]);
  });
});
