import type { Check, ImportOptions, TextNormalisation } from '@granary/contract';
import { excerptOf, readConversation } from '@granary/corpus';
import type { ImportedNode, Row, RowIssue } from '@granary/corpus';
import { checkContribution, normaliseText } from '@granary/domain';
import { vectorOf } from '../../search/text-vector.ts';
import type { ImportGround, Issue } from './repository.ts';

/** A node that fits the dataset, with what the checks found in it. */
export type PreparedNode = ImportedNode & {
  categoryId: string;
  entryLanguage: string;
  depth: number;
  checks: Check[];
  /** `vectorOf` the text. */ words: string;
};
export type PreparedRow = { line: number; bytesSoFar: number } & (
  | { nodes: PreparedNode[]; /** Whether the dataset's normalisations changed a text of it. */ normalised: boolean; issue?: undefined }
  | { nodes?: undefined; normalised?: undefined; issue: Issue }
);
export type RowRules = Pick<ImportOptions, 'format' | 'mapping' | 'defaultCategory' | 'defaultLanguage'>;
/** What a dataset asks of rows. */
export type RowGround = Pick<ImportGround, 'categories' | 'languages' | 'normalisations'>;
type Place = Pick<PreparedNode, 'categoryId' | 'entryLanguage'>;

/** Measures a row as it was read against format, contract and dataset: its entries-to-be, or the one line of the report about it. */
export function prepareRow(row: Row, rules: RowRules, ground: RowGround): PreparedRow {
  const { line, bytesSoFar } = row;
  if (row.issue) return { line, bytesSoFar, issue: { line, ...row.issue, excerpt: row.excerpt } };
  const conversation = readConversation(rules.format, rules.mapping, row.record);
  const issues: RowIssue[] = [...conversation.issues];
  const normal = conversation.nodes.map((node) => withNormalText(node, ground.normalisations));
  const normalised = normal.some((node, index) => node !== conversation.nodes[index]);
  const places = normal.map((node) => findPlace(node, normal, rules, ground, issues));
  const nodes = issues.length > 0 ? [] : withChecks(normal, places, issues);
  const issue = summarize(line, issues, row.record);
  return issue ? { line, bytesSoFar, issue } : { line, bytesSoFar, nodes, normalised };
}

/** The node itself where nothing of it changes. */
function withNormalText(node: ImportedNode, normalisations: readonly TextNormalisation[]): ImportedNode {
  const text = normaliseText(node.text, normalisations);
  const context = node.context === null ? null : normaliseText(node.context, normalisations);
  return text === node.text && context === node.context ? node : { ...node, text, context };
}

/** The first complaint names the field; further ones follow in the text, since the report has a line per row. */
function summarize(line: number, issues: readonly RowIssue[], record: Record<string, unknown>): Issue | null {
  const [first, ...others] = [...new Map(issues.map((issue) => [`${issue.field} ${issue.message}`, issue])).values()];
  if (first === undefined) return null;
  const shown = others.slice(0, 4).map(({ field, message }) => `; ${field === null ? '' : `${field}: `}${message}`);
  const message = first.message + shown.join('') + (others.length > 4 ? `; and ${others.length - 4} more` : '');
  return { line, field: first.field, message, excerpt: excerptOf(JSON.stringify(record)) };
}

/** Category and language of a node: the file's own where the dataset has them, else its parent's, else what was chosen for such rows. */
function findPlace(
  node: ImportedNode,
  nodes: readonly ImportedNode[],
  rules: RowRules,
  { categories, languages }: RowGround,
  issues: RowIssue[],
): Place {
  const parent = node.parent === null ? undefined : nodes[node.parent];
  const named = node.category ?? parent?.category ?? null;
  const categoryId = (named === null ? undefined : categories.get(toSlug(named))) ?? categories.get(rules.defaultCategory ?? '');
  if (categoryId === undefined) {
    const message = named === null ? 'The row names no category' : `The dataset has no category "${excerptOf(named)}"`;
    issues.push({ field: 'category', message: `${message}: choose one for such rows` });
  }
  const entryLanguage = node.language ?? parent?.language ?? rules.defaultLanguage;
  if (!languages.includes(entryLanguage))
    issues.push({ field: 'language', message: `The dataset takes ${languages.join(', ')}; the row is in "${entryLanguage}"` });
  return { categoryId: categoryId ?? '', entryLanguage };
}

/** "Closed QA" and "closed-qa" mean `closed_qa`. */
const toSlug = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

function withChecks(nodes: readonly ImportedNode[], places: readonly Place[], issues: RowIssue[]): PreparedNode[] {
  const prepared: PreparedNode[] = [];
  for (const [index, node] of nodes.entries()) {
    const parent = node.parent === null ? undefined : prepared[node.parent];
    const place = places[index] as Place;
    const checks = findingsOf(node, parent, place.entryLanguage);
    if (checks.some(({ severity }) => severity === 'block'))
      issues.push({ field: node.role, message: `A check stops this text: ${checks.map(({ kind }) => kind).join(', ')}` });
    const { text, context } = node;
    // In the thread that reads: it takes longer than all else that a row needs of ours.
    const words = vectorOf({ text, context, language: place.entryLanguage });
    prepared.push({ ...node, ...place, depth: parent === undefined ? 0 : parent.depth + 1, checks, words });
  }
  return prepared;
}

/** Findings in a node's own fields; a response is looked at beside its instruction. */
function findingsOf(node: ImportedNode, parent: ImportedNode | undefined, language: string): Check[] {
  if (node.role === 'instruction')
    return checkContribution({ instruction: node.text, language, ...(node.context === null ? {} : { context: node.context }) });
  const instruction = parent?.text ?? '';
  return checkContribution({ instruction, context: parent?.context ?? '', response: node.text, language }, ['response']);
}
