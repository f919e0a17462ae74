import { createHash } from 'node:crypto';
import type { TextNormalisation } from '@granary/contract';
import { identifiedByContent } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import type { PreparedNode } from './prepare-row.ts';

export type AcceptedRow = { line: number; nodes: readonly PreparedNode[] };
/** A text that a row has brought under an id. Several texts may have come under one, each a variant of its own. */
export type KnownNode = {
  id: string;
  external_id: string;
  parent_id: string | null;
  root_id: string;
  depth: number;
  variant: number;
  /** `digestOf` each text that it has or had. */
  texts: Set<string>;
  /** Where this batch has it from; null where it was there before. */
  line: number | null;
};
/**
 * What one node of a row is to the dataset. `changed` has a known id and another text: `there` is what has that id in the same place, or
 * null when the id is known in another conversation only, of which `elsewhere` is part.
 */
export type Step =
  { kind: 'new' } | { kind: 'known'; there: KnownNode } | { kind: 'changed'; there: KnownNode | null; elsewhere: KnownNode };

const separator = 31;
const noContext = 30;
const foundSchema = z.object({
  id: z.string(),
  external_id: z.string(),
  parent_id: z.string().nullable(),
  root_id: z.string(),
  depth: z.int(),
  variant: z.int(),
  texts: z.array(z.string()),
});

/** What tells two texts of one id apart: text and context, byte for byte. */
export const digestOf = ({ text, context }: Pick<PreparedNode, 'text' | 'context'>): string =>
  createHash('md5')
    .update(`${text}${String.fromCodePoint(separator)}${context ?? String.fromCodePoint(noContext)}`)
    .digest('hex');

/** A dataset, where its rows are from, and what it does to texts on their way in. */
type Origin = { datasetId: string; originName: string; normalisations: readonly TextNormalisation[] };

/** `digestOf`, by the database. */
const digest = (text: Prisma.Sql, context: Prisma.Sql) =>
  Prisma.sql`md5(${text} || chr(${separator}::int) || coalesce(${context}, chr(${noContext}::int)))`;

/** `normaliseText`, by the database: texts from before the dataset wanted them so are the same texts. */
function normal(text: Prisma.Sql, normalisations: readonly TextNormalisation[]): Prisma.Sql {
  const composed = normalisations.includes('nfc') ? Prisma.sql`normalize(${text}, NFC)` : text;
  return normalisations.includes('line_ends')
    ? Prisma.sql`replace(replace(${composed}, chr(13) || chr(10), chr(10)), chr(13), chr(10))`
    : composed;
}

/** What the dataset has from an origin under the ids of these rows. */
export async function findKnownRows(tx: Transaction, rows: readonly AcceptedRow[], { datasetId, originName, normalisations }: Origin) {
  const ids = [...new Set(rows.flatMap(({ nodes }) => nodes.map(({ externalId }) => externalId)))];
  const found = await queryRows(
    tx,
    foundSchema,
    Prisma.sql`
      SELECT e.id::text, e.external_id, e.parent_id::text, e.root_id::text, e.depth, e.external_variant AS variant,
        array_agg(${digest(Prisma.sql`v.text`, Prisma.sql`v.context`)}) ${normalisations.length === 0 ? Prisma.empty : Prisma.sql`|| array_agg(${digest(normal(Prisma.sql`v.text`, normalisations), normal(Prisma.sql`v.context`, normalisations))})`} AS texts
      FROM entries e JOIN revisions v ON v.entry_id = e.id
      WHERE e.dataset_id = ${datasetId}::uuid AND e.origin_name = ${originName} AND e.external_id = ANY(${ids}::text[])
      GROUP BY e.id ORDER BY e.external_variant`,
  );
  return createKnownRows(found.map(({ texts, ...node }) => ({ ...node, texts: new Set(texts), line: null })));
}
export type KnownRows = ReturnType<typeof createKnownRows>;

function createKnownRows(found: readonly KnownNode[]) {
  const variants = Map.groupBy(found, (node) => node.external_id);

  function stepOf(node: PreparedNode, parentId: string | null | undefined): Step {
    const all = variants.get(node.externalId) ?? [];
    const [first] = all;
    if (first === undefined) return { kind: 'new' };
    const here = all.filter((variant) => variant.parent_id === parentId);
    const text = identifiedByContent(node.externalId) ? null : digestOf(node);
    const same = here.find(({ texts }) => text === null || texts.has(text));
    if (same !== undefined) return { kind: 'known', there: same };
    return { kind: 'changed', there: here.at(-1) ?? null, elsewhere: first };
  }

  return {
    /** Classifies each node of a row. With `revise`, a changed node counts as the entry that is there; without it, as a new one. */
    steps({ nodes }: AcceptedRow, revise: boolean): Step[] {
      const steps: Step[] = [];
      /** Of a node that is not there yet, undefined: nothing that is there hangs below it. */
      const ids: (string | undefined)[] = [];
      for (const node of nodes) {
        const step = stepOf(node, node.parent === null ? null : ids[node.parent]);
        steps.push(step);
        ids.push(step.kind === 'known' || (step.kind === 'changed' && revise) ? step.there?.id : undefined);
      }
      return steps;
    },
    /** Makes a node known, below its parent, and gives it an id. */
    add(node: PreparedNode, parent: KnownNode | undefined, line: number): KnownNode {
      const id = uuid();
      const all = variants.get(node.externalId) ?? [];
      const added: KnownNode = {
        id,
        external_id: node.externalId,
        parent_id: parent?.id ?? null,
        root_id: parent?.root_id ?? id,
        depth: parent === undefined ? 0 : parent.depth + 1,
        variant: (all.at(-1)?.variant ?? -1) + 1,
        texts: new Set([digestOf(node)]),
        line,
      };
      variants.set(node.externalId, [...all, added]);
      return added;
    },
  };
}
