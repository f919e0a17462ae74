import { createHash } from 'node:crypto';
import { importedTextSchema, limits, languageSchema, type AiAssistance, type EntryRole } from '@granary/contract';
import type { RowIssue } from './row.ts';

/** One node of an imported conversation; `parent` is the index of its parent in the same list, null for the first. */
export type ImportedNode = {
  role: EntryRole;
  text: string;
  context: string | null;
  /** As the file says it; whether the dataset knows it is not decided here. */
  category: string | null;
  /** BCP 47 primary subtag; null where the file says none. */
  language: string | null;
  externalId: string;
  parent: number | null;
  /** `drafted` where the file itself says that a model wrote the text. */
  aiAssistance: AiAssistance;
};

/** A row in the one shape all formats come down to: the nodes of a conversation, parents first, or what is wrong with it. */
export type Conversation = { nodes: ImportedNode[]; issues: [] } | { nodes: []; issues: RowIssue[] };

type Field = { field: string; value: unknown };
type NodeInput = {
  role: EntryRole;
  text: Field;
  context?: Field;
  category?: Field;
  language?: Field;
  externalId: string;
  parent: number | null;
  aiAssistance?: AiAssistance;
};

/** Collects the nodes of one row and everything that is wrong with it. */
export function createConversation() {
  const nodes: ImportedNode[] = [];
  const issues: RowIssue[] = [];
  let full = false;

  function text({ field, value }: Field): string {
    const parsed = importedTextSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const message = value === undefined ? 'Is missing' : (parsed.error.issues[0]?.message ?? 'Is not right');
    issues.push({ field, message });
    return '';
  }
  const optional = (given: Field | undefined): string | null => (given === undefined || isBlank(given.value) ? null : text(given));

  return {
    /** Adds a node and returns its index. */
    add(input: NodeInput): number {
      const language = optional(input.language);
      nodes.push({
        role: input.role,
        text: text(input.text),
        context: optional(input.context),
        category: optional(input.category),
        language: language === null ? null : toLanguage(language, input.language?.field ?? 'language', issues),
        externalId: input.externalId,
        parent: input.parent,
        aiAssistance: input.aiAssistance ?? 'none',
      });
      return nodes.length - 1;
    },
    /** Whether a value may be a text; complains where it may not. */
    isText(field: Field): boolean {
      const before = issues.length;
      text(field);
      return issues.length === before;
    },
    /** Whether the row has more texts than a row may, which it then complains about: adding more is a waste of time. */
    isFull(): boolean {
      if (nodes.length <= limits.importRowTextsMax) return false;
      const message = `The row has more than ${limits.importRowTextsMax} instructions and responses, the limit: split it`;
      if (!full) issues.unshift({ field: null, message });
      return (full = true);
    },
    complain(field: string | null, message: string): void {
      issues.push({ field, message });
    },
    result(): Conversation {
      if (issues.length === 0 && nodes.length === 0) issues.push({ field: null, message: 'The row holds no instruction' });
      return issues.length > 0 ? { nodes: [], issues } : { nodes, issues: [] };
    },
  };
}

export const isBlank = (value: unknown) => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `en-US`, `EN` and `en` are all `en`. */
function toLanguage(given: string, field: string, issues: RowIssue[]): string {
  const primary = (given.split(/[-_]/)[0] as string).toLowerCase();
  const parsed = languageSchema.safeParse(primary);
  if (!parsed.success) issues.push({ field, message: `Is not a language code such as "en": "${given.slice(0, 20)}"` });
  return primary;
}

const contentIdPrefix = 'sha256:';

/** Whether an external id stands for a text's content, so that there is no other text under it. */
export const identifiedByContent = (externalId: string) => externalId.startsWith(contentIdPrefix);

/** An external id as the file has it: an instruction goes by the id of its pair. */
export const idInFile = (externalId: string) => externalId.replace(/#instruction$/, '');

/**
 * Identity of a row that brings none: a hash of what it says, blind to line ends and blanks around texts, so that the same
 * row is known again in another file.
 */
export function contentId(parts: readonly unknown[]): string {
  const normalised = parts.map((part) => (typeof part === 'string' ? part.replace(/\r\n?/g, '\n').trim().normalize('NFC') : ''));
  return `${contentIdPrefix}${createHash('sha256').update(JSON.stringify(normalised)).digest('hex')}`;
}

/** External id of a pair's instruction; the response carries the pair's own. */
export const instructionId = (pairId: string) => `${pairId}#instruction`;

/** A file's own id, when it has a usable one. */
export function ownId(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') return null;
  const id = value.trim();
  return id !== '' && id.length <= 200 && id.isWellFormed() && !id.includes('\u0000') ? id : null;
}
