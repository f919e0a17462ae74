import type { Check, Contribution, Entry } from '@granary/contract';
import { checkContribution, decideTransition, mayKnowOf, seatsWanted } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { AlreadyAnswered, type IdempotencyRow } from '../../http/idempotency.ts';
import type { Actor } from '../../plugins/auth.ts';
import { vectorOf } from '../../search/text-vector.ts';
import { withNormalTexts } from './normal-texts.ts';
import { refuseBlocked } from './blocked.ts';
import { contextMissing } from './context-missing.ts';
import type { Ground, SubmissionRepository } from './submission-repository.ts';
import type { Submission } from './submission-sql.ts';

export type Submitted = { entry: Entry; instruction: Entry | null };
type Parts = { submissions: SubmissionRepository; clock: () => Date };
type Request = {
  slug: string;
  contribution: Contribution;
  draftId: string | undefined;
  /** The row that makes a repetition of this request harmless, once its answer is known. */
  idempotencyRow: (answer: Submitted) => IdempotencyRow | null;
};
/** A part of a contribution on its way to becoming an entry. */
type Part = { entry: Entry; categoryId: string; event: string };

export function createSubmissionService({ submissions, clock }: Parts) {
  /**
   * Hands in a pair, an instruction or a response: one read to decide on, one statement that writes everything. Throws
   * `not_found`, `terms_not_accepted`, `status_conflict`, `validation_failed`, `entry_blocked`.
   */
  return async function submit(actor: Actor, { slug, contribution: given, draftId, idempotencyRow }: Request): Promise<Submitted> {
    const category = given.kind === 'response' ? null : given.category;
    const ground = await submissions.ground(slug, actor.id, category, given.parentId ?? null);
    if (ground === null) throw notFound('such dataset');
    const contribution = withNormalTexts(given, ground.normalisations);
    const { categoryId, categorySlug } = refuseUnfit(actor, contribution, ground);
    const checks = checkContribution(checkedTexts(contribution, ground));
    refuseBlocked(checks);
    const now = clock();
    const decision = decideTransition(
      { status: 'draft', authorId: actor.id, escalated: false },
      { kind: 'submit' },
      actor,
      ground.policy,
      now,
    );
    if (!decision.ok) throw new ApiError(decision.code, decision.detail);
    const [event] = decision.events;
    const parts = entriesOf({ actor, slug, contribution, ground, category: categorySlug, checks, now }).map((entry): Part => ({
      entry,
      categoryId,
      event: event ?? 'entry_submitted',
    }));
    const answer = answerOf(parts.map((part) => part.entry));
    const seats = seatsWanted(ground.policy, []);
    const written = await submissions.submit(
      submissionOf({ actor, parts, ground, seats, draftId, now, idempotency: idempotencyRow(answer) }),
    );
    if (!written) throw new AlreadyAnswered();
    return answer;
  };
}

/** What the contract cannot know: the dataset's own rules and the state of what is answered. */
function refuseUnfit(actor: Actor, contribution: Contribution, ground: Ground): { categoryId: string; categorySlug: string } {
  if (ground.archived) throw new ApiError('status_conflict', 'This dataset is archived and takes no more contributions.');
  if (!ground.terms_accepted)
    throw new ApiError('terms_not_accepted', 'Read and accept the terms of the dataset first.', {
      data: { termsVersion: ground.terms_version },
    });
  const errors: { path: string; message: string }[] = [];
  if (!ground.languages.includes(contribution.language))
    errors.push({ path: 'language', message: `This dataset takes ${ground.languages.join(', ')}` });
  if (contribution.kind !== 'response' && ground.category_id === null)
    errors.push({ path: 'category', message: 'This dataset has no such category' });
  if (lacksContext(contribution, ground)) errors.push(contextMissing);
  if (contribution.parentId !== undefined) errors.push(...refuseParent(actor, contribution, ground.parent));
  if (errors.length > 0)
    throw new ApiError('validation_failed', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
  const { parent } = ground;
  if (contribution.kind === 'response' && parent) return { categoryId: parent.category_id, categorySlug: parent.category };
  if (contribution.kind === 'response' || ground.category_id === null) throw notFound('such category');
  return { categoryId: ground.category_id, categorySlug: contribution.category };
}

/** A follow-up rests on the passage that its conversation began with. */
const lacksContext = (contribution: Contribution, ground: Ground) =>
  ground.requires_context === true &&
  contribution.kind !== 'response' &&
  contribution.parentId === undefined &&
  contribution.instruction.context === undefined;

function refuseParent(actor: Actor, contribution: Contribution, parent: Ground['parent']) {
  if (parent === null || !mayKnowOf(actor, { status: parent.status, authorId: parent.author_id }))
    throw notFound('such entry in this dataset to answer');
  const wanted = contribution.kind === 'response' ? 'instruction' : 'response';
  if (parent.role !== wanted) {
    const message = wanted === 'instruction' ? 'A response answers an instruction' : 'A follow-up continues a response';
    return [{ path: 'parentId', message }];
  }
  if (parent.status !== 'approved')
    throw new ApiError(
      'status_conflict',
      `Only an approved ${parent.role} can be ${wanted === 'instruction' ? 'answered' : 'followed up'}.`,
    );
  return [];
}

function checkedTexts(contribution: Contribution, { parent }: Ground) {
  const { language } = contribution;
  if (contribution.kind === 'response')
    return { instruction: parent?.text, context: parent?.context ?? undefined, response: contribution.response.text, language };
  const { text, context } = contribution.instruction;
  return {
    instruction: text,
    context: context?.text,
    language,
    ...(contribution.kind === 'pair' ? { response: contribution.response.text } : {}),
  };
}

type Plan = { actor: Actor; slug: string; contribution: Contribution; ground: Ground; category: string; checks: Check[]; now: Date };

/** The entries as they will be read back: of a pair, the instruction and then the response that carries the review. */
function entriesOf({ actor, slug, contribution, ground, category, checks, now }: Plan): Entry[] {
  const at = now.toISOString();
  const author = { id: actor.id, displayName: actor.displayName };
  const { parent } = ground;
  const node = (
    fields: Pick<Entry, 'id' | 'role' | 'parentId' | 'rootId' | 'depth' | 'reviewedWithId'>,
    text: string,
    context: Entry['revision']['context'],
  ): Entry => ({
    ...fields,
    datasetSlug: slug,
    category,
    status: 'in_review',
    language: contribution.language,
    licence: ground.licence,
    author,
    origin: null,
    revision: {
      id: uuid(),
      number: 1,
      text: text.toWellFormed(),
      context,
      aiAssistance: contribution.aiAssistance,
      note: null,
      acceptedBy: null,
      author,
      createdAt: at,
      checks: checks.filter((check) => (check.field === 'response') === (fields.role === 'response')),
    },
    createdAt: at,
    statusAt: at,
  });
  if (contribution.kind === 'response') {
    const place = { parentId: contribution.parentId, rootId: parent?.root_id ?? contribution.parentId, depth: (parent?.depth ?? 0) + 1 };
    return [node({ id: uuid(), role: 'response', ...place, reviewedWithId: null }, contribution.response.text, null)];
  }
  const instructionId = uuid();
  const responseId = contribution.kind === 'pair' ? uuid() : null;
  const rootId = parent?.root_id ?? instructionId;
  const depth = parent === null ? 0 : parent.depth + 1;
  const { text, context } = contribution.instruction;
  const passage = context === undefined ? null : { ...context, text: context.text.toWellFormed() };
  const instruction = node(
    { id: instructionId, role: 'instruction', parentId: parent?.id ?? null, rootId, depth, reviewedWithId: responseId },
    text,
    passage,
  );
  if (contribution.kind !== 'pair' || responseId === null) return [instruction];
  return [
    instruction,
    node(
      { id: responseId, role: 'response', parentId: instructionId, rootId, depth: depth + 1, reviewedWithId: null },
      contribution.response.text,
      null,
    ),
  ];
}

/** `entry` is the one that carries the review. */
function answerOf(entries: Entry[]): Submitted {
  const [first, second] = entries;
  if (first === undefined) throw new Error('A contribution has at least one part');
  return second === undefined ? { entry: first, instruction: null } : { entry: second, instruction: first };
}

type Whole = {
  actor: Actor;
  parts: Part[];
  ground: Ground;
  seats: number;
  draftId: string | undefined;
  now: Date;
  idempotency: IdempotencyRow | null;
};

function submissionOf({ actor, parts, ground, seats, draftId, now, idempotency }: Whole): Submission {
  return {
    entries: parts.map(({ entry, categoryId, event }) => ({
      id: entry.id,
      revision_id: entry.revision.id,
      dataset_id: ground.dataset_id,
      category_id: categoryId,
      role: entry.role,
      parent_id: entry.parentId,
      root_id: entry.rootId,
      depth: entry.depth,
      author_id: actor.id,
      language: entry.language,
      reviewed_with_id: entry.reviewedWithId,
      licence: entry.licence,
      terms_version: ground.terms_version,
      text: entry.revision.text,
      context: entry.revision.context?.text ?? null,
      context_url: entry.revision.context?.url ?? null,
      context_licence: entry.revision.context?.licence ?? null,
      ai_assistance: entry.revision.aiAssistance,
      words: vectorOf({ text: entry.revision.text, context: entry.revision.context?.text ?? null, language: entry.language }),
      event,
    })),
    checks: parts.flatMap(({ entry: { revision } }) =>
      revision.checks.map(({ kind, severity, ...details }) => ({ id: uuid(), revision_id: revision.id, kind, severity, details })),
    ),
    seats: parts
      .filter(({ entry }) => entry.reviewedWithId === null)
      .flatMap(({ entry }) =>
        Array.from({ length: seats }, (_, index) => ({ id: uuid(), entry_id: entry.id, revision_id: entry.revision.id, seat: index + 1 })),
      ),
    answers:
      idempotency === null
        ? []
        : [
            {
              key: idempotency.key,
              endpoint: idempotency.endpoint,
              request_hash: idempotency.requestHash,
              status: idempotency.status,
              body: idempotency.body,
            },
          ],
    draft_id: draftId ?? null,
    actor_id: actor.id,
    now: now.toISOString(),
  };
}
