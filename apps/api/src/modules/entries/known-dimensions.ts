import { ApiError } from '../../errors.ts';

/** Throws `validation_failed`, naming the dimension, when a score is for something that the dataset does not rate. */
export function refuseUnknownRatings(dimensions: readonly { slug: string }[], scores: Record<string, number>): void {
  const known = dimensions.map(({ slug }) => slug);
  const unknown = Object.keys(scores).find((slug) => !known.includes(slug));
  if (unknown === undefined) return;
  const message = `This dataset rates ${known.length === 0 ? 'nothing' : known.join(', ')}`;
  throw new ApiError('validation_failed', `ratings.${unknown}: ${message}`, { errors: [{ path: `ratings.${unknown}`, message }] });
}
