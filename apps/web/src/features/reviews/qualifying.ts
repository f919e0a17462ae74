import type { Qualification, ReviewTask } from '@granary/contract';
import type { DeskState } from './desk.ts';

type Known = Pick<DeskState, 'qualifications' | 'sending'>;
type Listed = readonly Qualification[];

/** How far the qualification of a dataset is: as the last verdict left it, else as the queue told. */
function qualificationOf({ qualifications }: Pick<Known, 'qualifications'>, listed: Listed, dataset: string): Qualification | undefined {
  return qualifications[dataset] ?? listed.find(({ datasetSlug }) => datasetSlug === dataset);
}

/** Which text of the qualification a task is, verdicts under way counted; null for any other task. */
export function placeInQualification(
  known: Known,
  listed: Listed,
  { purpose, datasetSlug }: Pick<ReviewTask, 'purpose' | 'datasetSlug'>,
): { place: number; items: number; needed: number } | null {
  const found = purpose === 'qualification' ? qualificationOf(known, listed, datasetSlug) : undefined;
  if (found === undefined) return null;
  const under = known.sending.filter((task) => task.purpose === 'qualification' && task.datasetSlug === datasetSlug).length;
  return { place: Math.min(found.items, found.answered + under + 1), items: found.items, needed: found.needed };
}

/** Qualifications that were not passed and keep the reader waiting, of the dataset wished for or of any. */
export function failedQualifications(known: Pick<Known, 'qualifications'>, listed: Listed, dataset: string | undefined): Qualification[] {
  const slugs = new Set([...listed.map(({ datasetSlug }) => datasetSlug), ...Object.keys(known.qualifications)]);
  return [...slugs]
    .filter((slug) => dataset === undefined || slug === dataset)
    .flatMap((slug) => qualificationOf(known, listed, slug) ?? [])
    .filter(({ state }) => state === 'failed');
}
