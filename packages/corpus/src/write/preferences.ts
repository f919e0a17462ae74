import type { SnapshotRecord } from '@granary/contract';

type Preference = SnapshotRecord['preferences'][number];

/** Standard errors above 0 that a margin has by default: of simulated preferences it cuts the wrong ones to a third. */
export const defaultMinZ = 1;

/** Whether a margin is so many standard errors above 0. */
export const preferenceIsClear = ({ margin, margin_error }: Pick<Preference, 'margin' | 'margin_error'>, minZ: number): boolean =>
  margin >= minZ * margin_error;
