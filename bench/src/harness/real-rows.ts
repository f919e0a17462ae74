import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits } from '@granary/contract';

export type RealRow = { instruction: string; context: string; response: string };

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** So many rows of one file at most: one large file of one kind must not set the distribution of lengths and words alone. */
const perFileMax = 1_000;

/** Folder of the real rows: GRANARY_SHARED_DATA, else `../shared/data`, else the extract that the project ships. */
function dataFolder(): string {
  const candidates = [process.env['GRANARY_SHARED_DATA'], join(root, '../shared/data'), join(root, 'fixtures')];
  const found = candidates.find((folder) => folder !== undefined && existsSync(folder));
  if (found === undefined) throw new Error('No real rows: set GRANARY_SHARED_DATA to a folder with JSONL files of pairs.');
  return found;
}

/** A file of the shared data that the project may not ship; throws when it is not there. */
export function sharedFile(name: string): string {
  const file = join(process.env['GRANARY_SHARED_DATA'] ?? join(root, '../shared/data'), name);
  if (!existsSync(file)) throw new Error(`There is no ${name}: set GRANARY_SHARED_DATA to the folder that holds it, or name another file.`);
  return file;
}

/** Real instructions with their responses, from every JSONL file of the folder, in a fixed order. */
export function readRealRows(folder = dataFolder()): RealRow[] {
  const rows = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .flatMap((line) => readRow(JSON.parse(line) as Record<string, unknown>))
        .filter(fits)
        .slice(0, perFileMax),
    );
  if (rows.length < 20) throw new Error(`${folder} holds ${rows.length} usable rows; at least 20 are wanted.`);
  return rows;
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Dolly's columns, Self-Instruct's tasks, Open-Assistant's trees (their first turn). */
function readRow(row: Record<string, unknown>): RealRow[] {
  if (Array.isArray(row['instances'])) {
    const [first] = row['instances'] as { input?: unknown; output?: unknown }[];
    return [{ instruction: text(row['instruction']), context: text(first?.input), response: text(first?.output) }];
  }
  if (row['prompt'] !== null && typeof row['prompt'] === 'object') {
    const prompt = row['prompt'] as { text?: unknown; replies?: { text?: unknown }[] };
    return [{ instruction: text(prompt.text), context: '', response: text(prompt.replies?.[0]?.text) }];
  }
  return [{ instruction: text(row['instruction']), context: text(row['context']), response: text(row['response']) }];
}

/** Leaves room for the number that makes each copy of a row another text. */
function fits({ instruction, context, response }: RealRow): boolean {
  const room = 40;
  return (
    instruction.length >= limits.instructionMin &&
    instruction.length + room <= limits.instructionMax &&
    context.length <= limits.contextMax &&
    response.length >= 20 &&
    response.length + room <= limits.responseMax
  );
}
