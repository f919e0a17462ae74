import { alpacaFormat } from './formats/alpaca.ts';
import { dollyFormat } from './formats/dolly.ts';
import { dpoFormat } from './formats/dpo.ts';
import { fullFormat } from './formats/full.ts';
import { kshotFormat } from './formats/kshot.ts';
import { ktoFormat } from './formats/kto.ts';
import { messagesFormat } from './formats/messages.ts';
import { oasstMessagesFormat } from './formats/oasst-messages.ts';
import { oasstTreesFormat } from './formats/oasst-trees.ts';
import { promptCompletionFormat } from './formats/prompt-completion.ts';
import { sharegptFormat } from './formats/sharegpt.ts';
import type { SnapshotFormat } from './snapshot-format.ts';

/** Every format, in the order of card and manifest. The first is what `load_dataset` gives when no other is asked for. */
export const formats: readonly SnapshotFormat[] = [
  dollyFormat,
  fullFormat,
  alpacaFormat,
  sharegptFormat,
  messagesFormat,
  promptCompletionFormat,
  dpoFormat,
  ktoFormat,
  oasstTreesFormat,
  oasstMessagesFormat,
  kshotFormat,
];
