import type { Qualification, ReviewTask } from '@granary/contract';
import { expect, it } from 'vitest';
import { failedQualifications, placeInQualification } from './qualifying.ts';

const of = (datasetSlug: string, changes: Partial<Qualification> = {}): Qualification => ({
  datasetSlug,
  datasetTitle: datasetSlug,
  state: 'under_way',
  items: 5,
  answered: 1,
  met: 1,
  needed: 3,
  againAt: null,
  ...changes,
});
const task = (datasetSlug: string, purpose: ReviewTask['purpose'] = 'qualification') => ({ datasetSlug, purpose }) as ReviewTask;
const nothing = { qualifications: {}, sending: [] };

it('counts what is answered, and what is on its way', () => {
  expect(placeInQualification(nothing, [of('a')], task('a'))).toEqual({ place: 2, items: 5, needed: 3 });
  const sending = [task('a'), task('b'), task('a', 'review')];
  expect(placeInQualification({ ...nothing, sending }, [of('a')], task('a'))?.place).toBe(3);
});

it('believes the last verdict rather than the queue, which was read before', () => {
  expect(placeInQualification({ ...nothing, qualifications: { a: of('a', { answered: 3 }) } }, [of('a')], task('a'))?.place).toBe(4);
});

it('is none for an ordinary review, nor where nothing is known', () => {
  expect(placeInQualification(nothing, [of('a')], task('a', 'review'))).toBe(null);
  expect(placeInQualification(nothing, [], task('a'))).toBe(null);
});

it('finds those not passed: of what is wished for, newest word first', () => {
  const failed = of('a', { state: 'failed' });
  expect(failedQualifications(nothing, [failed, of('b')], undefined)).toEqual([failed]);
  expect(failedQualifications(nothing, [failed], 'b')).toEqual([]);
  expect(failedQualifications({ qualifications: { a: failed } }, [of('a')], 'a')).toEqual([failed]);
  expect(failedQualifications({ qualifications: { a: of('a', { state: 'passed' }) } }, [failed], 'a')).toEqual([]);
});
