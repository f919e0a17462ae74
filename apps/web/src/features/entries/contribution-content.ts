import type { ContributionInput, Dataset, DraftContent, Entry } from '@granary/contract';

/** What the form is for; decides which parts it shows. */
export type ContributionTask =
  | { kind: 'new' }
  /** Answers `instruction`, which is open or has answers already. */
  | { kind: 'respond'; instruction: Entry }
  /** A further turn under `response`. */
  | { kind: 'follow-up'; response: Entry }
  /** A new revision of `entry`, and of the instruction it is reviewed with. */
  | { kind: 'edit'; entry: Entry; instruction: Entry | null; /** Somebody else's entry: the edit is only proposed. */ proposed?: boolean };

/** Context as the contract wants it: absent unless there is one. */
function contextOf(content: DraftContent) {
  if (!content.hasContext) return {};
  return { context: { text: content.context, url: content.contextUrl.trim(), licence: content.contextLicence.trim() } };
}

/** The form's content as the contract's contribution; not yet validated. */
export function toContribution(content: DraftContent): ContributionInput {
  const common = { language: content.language, aiAssistance: content.aiAssistance };
  const response = { text: content.response };
  if (content.kind === 'response') return { kind: 'response', parentId: content.parentId ?? '', response, ...common };
  const instruction = { text: content.instruction, ...contextOf(content) };
  const parent = content.parentId === null ? {} : { parentId: content.parentId };
  if (content.kind === 'instruction') return { kind: 'instruction', category: content.category, instruction, ...parent, ...common };
  return { kind: 'pair', category: content.category, instruction, response, ...parent, ...common };
}

/** The form's content as a new revision of an existing entry. */
export function toRevision(content: DraftContent) {
  return {
    ...(content.kind === 'response'
      ? {}
      : { instruction: { text: content.instruction, ...contextOf(content) }, category: content.category }),
    ...(content.kind === 'instruction' ? {} : { response: { text: content.response } }),
    aiAssistance: content.aiAssistance,
    ...(content.note.trim() === '' ? {} : { note: content.note }),
  };
}

/** The same as a proposal: what it changes has to be said, and the category is not for others to change. */
export function toProposal(content: DraftContent) {
  const { category: _, ...texts } = toRevision(content) as ReturnType<typeof toRevision> & { category?: string };
  return { ...texts, note: content.note };
}

/** What the form begins with, before anything is typed. */
export function startContent(
  task: ContributionTask,
  dataset: Dataset,
  preferred: { category?: string; language?: string },
  blank: DraftContent,
): DraftContent {
  const known = (language: string | undefined) => (language !== undefined && dataset.languages.includes(language) ? language : undefined);
  const base = { ...blank, language: known(preferred.language) ?? dataset.languages[0] ?? 'en', category: preferred.category ?? '' };
  switch (task.kind) {
    case 'new':
      return base;
    case 'respond':
      return {
        ...base,
        kind: 'response',
        parentId: task.instruction.id,
        language: task.instruction.language,
        category: task.instruction.category,
      };
    case 'follow-up':
      return { ...base, parentId: task.response.id, language: task.response.language, category: task.response.category };
    case 'edit':
      return editContent(base, task.entry, task.instruction);
  }
}

function editContent(base: DraftContent, entry: Entry, joint: Entry | null): DraftContent {
  const instruction = entry.role === 'instruction' ? entry : joint;
  const context = instruction?.revision.context ?? null;
  return {
    ...base,
    kind: joint !== null ? 'pair' : entry.role,
    entryId: entry.id,
    baseRevision: entry.revision.number,
    parentId: entry.parentId,
    category: entry.category,
    language: entry.language,
    instruction: instruction?.revision.text ?? '',
    hasContext: context !== null,
    context: context?.text ?? '',
    contextUrl: context?.url ?? '',
    contextLicence: context?.licence ?? '',
    response: entry.role === 'response' ? entry.revision.text : '',
    aiAssistance: entry.revision.aiAssistance,
  };
}

/** Whether the category wants a passage with the instruction. A follow-up rests on the one that its conversation began with. */
export function passageOf(task: ContributionTask, dataset: Pick<Dataset, 'categories'>, content: DraftContent): 'required' | 'optional' {
  const required = dataset.categories.find(({ slug }) => slug === content.category)?.requiresContext ?? false;
  if (!required || task.kind === 'respond' || task.kind === 'follow-up') return 'optional';
  if (task.kind === 'new') return 'required';
  const instruction = task.entry.role === 'instruction' ? task.entry : task.instruction;
  // An imported row without a passage may stay without one.
  return instruction !== null && instruction.parentId === null && instruction.revision.context !== null ? 'required' : 'optional';
}

/** Texts that the automatic checks look at. */
export function textsToCheck(content: DraftContent, task: ContributionTask) {
  const above = task.kind === 'respond' ? task.instruction.revision : null;
  return {
    instruction: content.kind === 'response' ? above?.text : content.instruction,
    context: content.kind === 'response' ? above?.context?.text : content.hasContext ? content.context : undefined,
    response: content.kind === 'instruction' ? undefined : content.response,
    language: content.language,
  };
}
