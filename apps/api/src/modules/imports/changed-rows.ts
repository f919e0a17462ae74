import type { ImportOptions } from '@granary/contract';
import { excerptOf, identifiedByContent, idInFile } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Transaction } from '@granary/db';
import * as z from 'zod';
import { digestOf, type AcceptedRow, type KnownNode, type Step } from './known-rows.ts';
import type { PreparedNode } from './prepare-row.ts';
import type { Issue } from './repository.ts';

/** A node whose id is known with another text, in the same place or in another conversation. */
export type Changed = { line: number; node: PreparedNode; there: KnownNode; isElsewhere: boolean };

/** The first node that keeps a row out: changed where that is reported, or known in another conversation, where nothing can be revised. */
export function changedIn(row: AcceptedRow, steps: readonly Step[], how: ImportOptions['changedRows']): Changed | null {
  if (how === 'add') return null;
  for (const [index, step] of steps.entries())
    if (step.kind === 'changed' && (how === 'report' || step.there === null))
      return {
        line: row.line,
        node: row.nodes[index] as PreparedNode,
        there: step.there ?? step.elsewhere,
        isElsewhere: step.there === null,
      };
  return null;
}

const sourceSchema = z.object({
  id: z.string(),
  import_id: z.string().nullable(),
  file_name: z.string().nullable(),
  line: z.int().nullable(),
});

/** A line of the report for each of them, which says where the other text came from. */
export async function changedIssues(tx: Transaction, importId: string, changed: readonly Changed[]): Promise<Issue[]> {
  const there = changed.filter((item) => item.there.line === null).map((item) => item.there.id);
  const sources = new Map((there.length === 0 ? [] : await sourcesOf(tx, there)).map((source) => [source.id, source]));
  return changed.map(({ line, node, there: known, isElsewhere }) => {
    const source = sources.get(known.id);
    const from = source?.import_id === importId ? null : (source?.file_name ?? null);
    return {
      line,
      field: 'id',
      message: changedText(node.externalId, { line: known.line ?? source?.line ?? null, file: from, isElsewhere }),
      excerpt: excerptOf(node.text),
    };
  });
}

type Source = { line: number | null; file?: string | null; isElsewhere?: boolean };

function changedText(externalId: string, { line, file = null, isElsewhere = false }: Source): string {
  const place = [line === null ? [] : `line ${line}`, file === null ? [] : file].flat().join(' of ');
  return `id ${idInFile(externalId)} exists ${isElsewhere ? 'in another conversation' : 'with another text'}${place === '' ? '' : ` (${place})`}`;
}

const sourcesOf = (tx: Transaction, entryIds: readonly string[]) =>
  queryRows(
    tx,
    sourceSchema,
    Prisma.sql`
      SELECT e.id::text, e.import_id::text, i.file_name,
        (SELECT (v.payload->>'line')::int FROM events v WHERE v.entry_id = e.id AND v.kind = 'entry_imported' ORDER BY v.position LIMIT 1) AS line
      FROM entries e LEFT JOIN imports i ON i.id = e.import_id WHERE e.id = ANY(${[...entryIds]}::uuid[])`,
  );

/**
 * Remembers the ids of rows that are read before any is taken, and gives a line of the report for each that an earlier row of the file has
 * with another text or in another conversation. `forgetReadRows` ends that.
 */
export async function conflictsWithin(tx: Transaction, importId: string, rows: readonly AcceptedRow[]): Promise<Issue[]> {
  const nodes = rows.flatMap((row) =>
    row.nodes.map((node) => {
      const parent = node.parent === null ? '' : (row.nodes[node.parent]?.externalId ?? '');
      const content = identifiedByContent(node.externalId) ? '' : digestOf(node);
      return { line: row.line, node, given: { external_id: node.externalId, digest: `${content} ${parent}`, line: row.line } };
    }),
  );
  const given = JSON.stringify(nodes.map((node) => node.given));
  await tx.$executeRaw`
    INSERT INTO import_read_rows (import_id, external_id, digest, line)
    SELECT DISTINCT ON (g.external_id) ${importId}::uuid, g.external_id, g.digest, g.line
    FROM jsonb_to_recordset(${given}::jsonb) AS g(external_id text, digest text, line int) ORDER BY g.external_id, g.line
    ON CONFLICT DO NOTHING`;
  const ids = [...new Set(nodes.map(({ node }) => node.externalId))];
  const first = await queryRows(
    tx,
    z.object({ external_id: z.string(), digest: z.string(), line: z.int() }),
    Prisma.sql`SELECT external_id, digest, line FROM import_read_rows WHERE import_id = ${importId}::uuid AND external_id = ANY(${ids}::text[])`,
  );
  const firstOf = new Map(first.map((row) => [row.external_id, row]));
  const issues = new Map<number, Issue>();
  for (const { line, node, given: own } of nodes) {
    const earlier = firstOf.get(node.externalId);
    if (earlier === undefined || earlier.digest === own.digest || issues.has(line)) continue;
    issues.set(line, {
      line,
      field: 'id',
      message: changedText(node.externalId, { line: earlier.line }),
      excerpt: excerptOf(node.text),
    });
  }
  return [...issues.values()];
}

export async function forgetReadRows(tx: Transaction, importId: string): Promise<void> {
  await tx.importReadRow.deleteMany({ where: { importId } });
}
