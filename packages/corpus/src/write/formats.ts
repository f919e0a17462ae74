import { dollyFormat } from './dolly-format.ts';
import { fullFormat } from './full-format.ts';
import { preferencesFormat } from './preferences-format.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

/** Every format a snapshot is written in, in the order of card and manifest. */
export const formats: readonly SnapshotFormat[] = [dollyFormat, fullFormat, preferencesFormat];
