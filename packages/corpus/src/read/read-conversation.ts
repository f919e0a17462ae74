import type { ColumnMapping, ImportFormat } from '@granary/contract';
import { alpacaMapping, dollyMapping, readColumns } from './columns.ts';
import type { Conversation } from './conversation.ts';
import { readOasst } from './oasst.ts';
import { readSelfInstruct } from './self-instruct.ts';

type FormatReader = (record: Record<string, unknown>, mapping: ColumnMapping | null) => Conversation;

/** How each format is read: a new one is a file beside these and a line here. */
const readers: Record<ImportFormat, FormatReader> = {
  dolly: (record, mapping) => readColumns(record, mapping ?? dollyMapping),
  alpaca: (record, mapping) => readColumns(record, mapping ?? alpacaMapping),
  oasst: readOasst,
  self_instruct: readSelfInstruct,
};

/** Reads a row of a file as a conversation. Never throws: what is wrong is in `issues`. */
export function readConversation(format: ImportFormat, mapping: ColumnMapping | null, record: Record<string, unknown>): Conversation {
  return readers[format](record, mapping);
}
