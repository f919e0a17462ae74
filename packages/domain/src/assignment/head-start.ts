import { seatsWanted, type Opinion } from '../consensus/consensus.ts';
import type { ReviewPolicy } from '@granary/contract';

/** Hours that a revision moves up in the queue when a single further review could decide it. */
const nearlyDecidedHours = 48;

/**
 * How many hours a revision that has been reviewed is treated as if it had waited longer: the fewer further reviews could decide
 * it, the more. What is begun is brought to an end before new work is begun, and yet what waits long enough comes before both.
 */
export function headStartHours(policy: ReviewPolicy, opinions: readonly Opinion[]): number {
  const further = opinions.length === 0 ? 0 : seatsWanted(policy, opinions);
  return further === 0 ? 0 : nearlyDecidedHours / further;
}
