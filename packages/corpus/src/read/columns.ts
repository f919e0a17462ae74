import type { ColumnMapping } from '@granary/contract';
import { contentId, createConversation, instructionId, isBlank, ownId } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const plain: ColumnMapping = {
  instruction: 'instruction',
  response: 'response',
  context: null,
  category: null,
  language: null,
  externalId: null,
};

/** Columns of databricks-dolly-15k. */
export const dollyMapping: ColumnMapping = { ...plain, context: 'context', category: 'category' };
/** Columns of the Alpaca data: the input is the passage that the instruction is about. */
export const alpacaMapping: ColumnMapping = { ...plain, response: 'output', context: 'input' };

/** One pair per row, its fields taken from the columns that the mapping names. An empty response leaves the instruction open. */
export function readColumns(record: Record<string, unknown>, mapping: ColumnMapping): Conversation {
  const conversation = createConversation();
  const cell = (column: string | null) => (column === null ? undefined : { field: column, value: record[column] });
  for (const column of [mapping.instruction, mapping.response])
    if (!Object.hasOwn(record, column)) conversation.complain(column, `There is no "${column}" in this row`);
  const instruction = record[mapping.instruction];
  const response = record[mapping.response];
  const context = cell(mapping.context);
  const id = (mapping.externalId === null ? null : ownId(record[mapping.externalId])) ?? contentId([instruction, context?.value, response]);
  const shared = { category: cell(mapping.category), language: cell(mapping.language) };
  if (Object.hasOwn(record, mapping.instruction) && Object.hasOwn(record, mapping.response)) {
    const parent = conversation.add({
      role: 'instruction',
      text: { field: mapping.instruction, value: instruction },
      context,
      ...shared,
      externalId: instructionId(id),
      parent: null,
    });
    if (!isBlank(response))
      conversation.add({ role: 'response', text: { field: mapping.response, value: response }, ...shared, externalId: id, parent });
  }
  return conversation.result();
}
