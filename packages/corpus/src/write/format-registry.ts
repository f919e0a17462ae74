import { dollyFormat } from './formats/dolly.ts';
import { dpoFormat } from './formats/dpo.ts';
import { fullFormat } from './formats/full.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

/** Every format, in the order of card and manifest. The first is what `load_dataset` gives when no other is asked for. */
export const formats: readonly SnapshotFormat[] = [dollyFormat, fullFormat, dpoFormat];
