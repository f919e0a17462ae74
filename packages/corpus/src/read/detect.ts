import { limits, type ColumnMapping, type ImportFormat } from '@granary/contract';
import { alpacaMapping, dollyMapping } from './columns.ts';
import { openContent, type FileOpener } from './open-content.ts';
import { readRows, type Container } from './read-rows.ts';
import { UnreadableFileError } from './row.ts';
import type { Row } from './row.ts';
import { readLines } from './split-lines.ts';

export type DetectedFile = {
  container: Container;
  format: ImportFormat;
  /** Columns (CSV) or keys (JSONL) of the first rows, in order. */
  columns: string[];
  /** What feeds which field, as far as names tell; null for formats of a fixed shape and where names tell nothing. */
  mapping: ColumnMapping | null;
  /** The first rows. */
  rows: Row[];
};

/** Looks at the first rows of a file, no further than `limits.previewBytesMax`, and says what it is. Throws `UnreadableFileError` with what would be right. */
export async function detectFile(open: FileOpener, rowCount: number = limits.previewRows): Promise<DetectedFile> {
  const container = await detectContainer(open);
  const rows = await readFirstRows(open, container, rowCount);
  const records = rows.flatMap((row) => (row.record ? [row.record] : []));
  if (records.length === 0) {
    const reason = rows[0]?.issue ? `Line ${rows[0].line}: ${rows[0].issue.message}.` : 'It holds no rows.';
    throw new UnreadableFileError(`None of the first rows can be read. ${reason}`);
  }
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))].filter((name) => name !== '').slice(0, 200);
  return { container, ...detectFormat(columns), columns, rows };
}

async function readFirstRows(open: FileOpener, container: Container, rowCount: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(open, { container, bytesMax: limits.previewBytesMax })) {
    rows.push(row);
    if (rows.length === rowCount) break;
  }
  return rows;
}

async function detectContainer(open: FileOpener): Promise<Container> {
  const { content, position } = await openContent(open, limits.previewBytesMax);
  for await (const { bytes } of readLines(content, limits.importLineMax, position)) {
    if (bytes === null) return 'jsonl';
    const start = bytes.toString('utf8').trimStart()[0];
    if (start === '{') return 'jsonl';
    if (start === '[')
      throw new UnreadableFileError("The file is one JSON array. Put each object on a line of its own: jq -c '.[]' FILE > FILE.jsonl");
    if (bytes.includes(0))
      throw new UnreadableFileError('The file is not text. Save it as JSONL (one JSON object per line) or CSV, in UTF-8.');
    if (start !== undefined) return 'csv';
  }
  throw new UnreadableFileError('The file is empty.');
}

function detectFormat(columns: string[]): Pick<DetectedFile, 'format' | 'mapping'> {
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (has('message_tree_id', 'prompt') || has('prompt', 'tree_state')) return { format: 'oasst', mapping: null };
  if (has('instruction', 'instances')) return { format: 'self_instruct', mapping: null };
  const mapping = suggestMapping(columns);
  if (has('instruction', 'output') && !has('response')) return { format: 'alpaca', mapping };
  return { format: 'dolly', mapping };
}

/** Names that people give to the columns, the likeliest first. */
const usualNames: Record<keyof ColumnMapping, readonly string[]> = {
  instruction: ['instruction', 'prompt', 'question', 'query', 'task', 'input_text', 'user'],
  response: ['response', 'output', 'answer', 'completion', 'target', 'output_text', 'assistant', 'reply'],
  context: ['context', 'input', 'passage', 'document', 'source_text', 'article'],
  category: ['category', 'task_type', 'type', 'topic', 'label'],
  language: ['language', 'lang', 'locale'],
  externalId: ['id', 'external_id', 'externalid', 'row_id', 'uid', 'uuid', 'guid', '_id'],
};

/** Which column feeds which field, by name; null when instruction or response cannot be told. */
function suggestMapping(columns: readonly string[]): ColumnMapping | null {
  const normalised = new Map(
    columns.map((column) => [
      column
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
      column,
    ]),
  );
  const find = (field: keyof ColumnMapping) =>
    usualNames[field].map((name) => normalised.get(name)).find((name) => name !== undefined) ?? null;
  const instruction = find('instruction');
  const response = find('response');
  if (instruction === null || response === null) return null;
  return {
    instruction,
    response,
    context: find('context'),
    category: find('category'),
    language: find('language'),
    externalId: find('externalId'),
  };
}

/** The mapping that a format is read with: the given one, else what the names suggest; null for formats of a fixed shape. */
export function mappingFor(format: ImportFormat, columns: readonly string[], given: ColumnMapping | null): ColumnMapping | null {
  if (format === 'oasst' || format === 'self_instruct') return null;
  return given ?? suggestMapping(columns) ?? (format === 'alpaca' ? alpacaMapping : dollyMapping);
}
