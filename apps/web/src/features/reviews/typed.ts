import type { RejectReason } from '@granary/contract';

/** What a reviewer has typed about a task; it comes back with the task after an undo or a failure. */
export type Typed = {
  ratings: Readonly<Record<string, number>>;
  reason: RejectReason | null;
  note: string;
  keepInstruction: boolean;
  changes: string;
};
export const nothingTyped: Typed = { ratings: {}, reason: null, note: '', keepInstruction: false, changes: '' };

/** Whether anything would be lost with it. */
export function isTouched({ ratings, reason, note, keepInstruction, changes }: Typed): boolean {
  return Object.keys(ratings).length > 0 || reason !== null || note !== '' || keepInstruction || changes !== '';
}

type Ratings = Typed['ratings'];
type Dimensions = readonly { slug: string }[];

/** A number key's rating: of the first dimension that has none, else of the last one again. */
export function rateNext(dimensions: Dimensions, ratings: Ratings, score: number): Ratings {
  const next = dimensions.find(({ slug }) => ratings[slug] === undefined) ?? dimensions.at(-1);
  return next === undefined ? ratings : { ...ratings, [next.slug]: score };
}

/** Takes the rating of the last dimension that has one back. */
export function unrateLast(dimensions: Dimensions, ratings: Ratings): Ratings {
  const last = dimensions.findLast(({ slug }) => ratings[slug] !== undefined);
  return last === undefined ? ratings : Object.fromEntries(Object.entries(ratings).filter(([slug]) => slug !== last.slug));
}
