import { limits } from '@granary/contract';
import type { ImportPreview } from '@granary/contract';
import { detectFile, mappingFor } from '@granary/corpus';
import type { DetectedFile, FileOpener } from '@granary/corpus';
import type { AcceptedRow, KnownNode, KnownRows } from './known-rows.ts';
import { prepareRow } from './prepare-row.ts';
import type { PreparedNode, PreparedRow, RowGround, RowRules } from './prepare-row.ts';

/** Texts are cut here: a preview is looked at, not kept. */
const shownMax = 2_000;
const pairsMax = 50;

/** A preview, and the rows that could be taken, to be compared with the dataset. */
export type FilePreview = { preview: ImportPreview; accepted: AcceptedRow[] };

/** What a file is taken for, and its first rows as they would be imported. Throws `UnreadableFileError`. */
export async function previewFile(open: FileOpener, ground: RowGround, rules?: RowRules): Promise<FilePreview> {
  const file = await detectFile(open, limits.previewRows);
  const chosen = rules ?? firstRules(file, ground);
  const mapping = mappingFor(chosen.format, file.columns, chosen.mapping);
  const slugs = new Map([...ground.categories].map(([slug, id]) => [id, slug]));
  const prepared = file.rows.map((row) => prepareRow(row, { ...chosen, mapping }, ground));
  const rows = prepared.map((row) => toPreviewRow(row, slugs));
  const preview = { container: file.container, format: chosen.format, columns: file.columns, mapping, rows };
  return { preview, accepted: prepared.filter((row) => row.nodes !== undefined) };
}

/** Says of the rows of a preview what they are to the dataset and to the rows before them. */
export function withKnown({ preview, accepted }: FilePreview, known: KnownRows): ImportPreview {
  const states = new Map(accepted.map((row) => [row.line, takeNote(row, known)]));
  return { ...preview, rows: preview.rows.map((row) => ({ ...row, known: states.get(row.line) ?? null })) };
}

/** The rows that follow find this one. */
function takeNote({ line, nodes }: AcceptedRow, known: KnownRows): 'new' | 'known' | 'changed' {
  const steps = known.steps({ line, nodes }, false);
  const places: KnownNode[] = [];
  for (const [index, node] of nodes.entries()) {
    const step = steps[index];
    const parent = node.parent === null ? undefined : places[node.parent];
    places.push(step?.kind === 'known' ? step.there : known.add(node, parent, line));
  }
  if (steps.some(({ kind }) => kind === 'changed')) return 'changed';
  return steps.some(({ kind }) => kind === 'new') ? 'new' : 'known';
}

/** Before anything is chosen: as detected. The first category stands in for the one still to be named, so that rows show what else is wrong. */
function firstRules({ format, mapping }: DetectedFile, { categories, languages }: RowGround): RowRules {
  return { format, mapping, defaultCategory: [...categories.keys()][0] ?? null, defaultLanguage: languages[0] ?? 'en' };
}

function toPreviewRow({ line, nodes, issue }: PreparedRow, slugs: ReadonlyMap<string, string>): ImportPreview['rows'][number] {
  if (issue) return { line, pairs: [], issues: [{ field: issue.field, message: issue.message }], known: null };
  const children = Map.groupBy(nodes, ({ parent }) => parent);
  const instructions = nodes.flatMap((node, index) => (node.role === 'instruction' ? [{ node, index }] : []));
  const pairs = instructions.flatMap(({ node, index }) => {
    const responses = children.get(index) ?? [];
    return (responses.length > 0 ? responses : [null]).map((response) => toPair(node, response, slugs));
  });
  return { line, pairs: pairs.slice(0, pairsMax), issues: [], known: null };
}

function toPair(instruction: PreparedNode, response: PreparedNode | null, slugs: ReadonlyMap<string, string>) {
  return {
    instruction: shorten(instruction.text),
    context: instruction.context === null ? null : shorten(instruction.context),
    response: response === null ? null : shorten(response.text),
    category: slugs.get(instruction.categoryId) ?? null,
    language: instruction.entryLanguage,
    depth: instruction.depth,
  };
}

const shorten = (text: string) => (text.length > shownMax ? `${text.slice(0, shownMax).toWellFormed()}…` : text);
