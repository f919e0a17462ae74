import type { Dataset, RejectReason, Verdict } from '@granary/contract';
import type { Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import { appendEvents, type NewEvent } from '../events/log.ts';

/** A pair with the verdict that is expected on it, and why. */
export type ShippedItem = {
  category: string;
  instruction: string;
  context?: string;
  response: string;
  expected: Verdict;
  reason?: RejectReason;
  explanation: string;
};

/**
 * Gives a dataset calibration items of its own before anybody has written anything in it. Their texts are kept for that alone: as retracted
 * entries they are in no corpus, no count and no queue, and only moderators read them elsewhere. Nobody is named as their author.
 */
export async function shipItems(
  tx: Transaction,
  dataset: Pick<Dataset, 'slug' | 'licence'>,
  items: readonly ShippedItem[],
  now: Date,
): Promise<void> {
  const { id: datasetId } = await tx.dataset.findUniqueOrThrow({ where: { slug: dataset.slug }, select: { id: true } });
  const categories = new Map((await tx.category.findMany({ where: { datasetId } })).map(({ slug, id }) => [slug, id]));
  const events: NewEvent[] = [];
  for (const item of items) {
    const categoryId = categories.get(item.category);
    if (categoryId === undefined) continue;
    const [instruction, response] = [kept(), kept()];
    const common = {
      datasetId,
      categoryId,
      rootId: instruction.id,
      language: 'en',
      status: 'retracted',
      licence: dataset.licence,
    } as const;
    await tx.entry.createMany({
      data: [
        {
          ...common,
          id: instruction.id,
          role: 'instruction',
          depth: 0,
          reviewedWithId: response.id,
          currentRevisionId: instruction.revisionId,
          createdAt: now,
          statusAt: now,
        },
        {
          ...common,
          id: response.id,
          role: 'response',
          parentId: instruction.id,
          depth: 1,
          currentRevisionId: response.revisionId,
          createdAt: now,
          statusAt: now,
        },
      ],
    });
    await tx.revision.createMany({
      data: [
        {
          id: instruction.revisionId,
          entryId: instruction.id,
          number: 1,
          text: item.instruction,
          context: item.context ?? null,
          createdAt: now,
        },
        { id: response.revisionId, entryId: response.id, number: 1, text: item.response, createdAt: now },
      ],
    });
    const itemId = uuid();
    const { expected, explanation } = item;
    const reason = item.reason ?? null;
    await tx.calibrationItem.create({
      data: {
        id: itemId,
        datasetId,
        categoryId,
        language: 'en',
        entryId: response.id,
        revisionId: response.revisionId,
        authorIds: [],
        expected,
        reason,
        explanation,
        createdAt: now,
      },
    });
    for (const { id: entryId, revisionId } of [instruction, response])
      events.push({
        kind: 'entry_imported',
        actorId: null,
        datasetId,
        entryId,
        revisionId,
        payload: { from: 'draft', to: 'retracted', calibration: true },
      });
    events.push({
      kind: 'calibration_marked',
      actorId: null,
      datasetId,
      entryId: response.id,
      revisionId: response.revisionId,
      payload: { itemId, expected, reason, explanation },
    });
  }
  await appendEvents(tx, events, now);
}

const kept = () => ({ id: uuid(), revisionId: uuid() });
