import type { SnapshotRecord } from '@granary/contract';
import * as z from 'zod';

/** A message as OpenAI's API, TRL and most chat templates have it. */
export const chatMessageSchema = z.object({ role: z.enum(['user', 'assistant']), content: z.string() });
type ChatMessage = z.infer<typeof chatMessageSchema>;

/**
 * What the person says in a format that has no place of its own for a passage: the instruction, and where there is a passage a blank
 * line and the passage.
 */
export function userText({ instruction, context }: SnapshotRecord): string {
  return context === '' ? instruction : `${instruction}\n\n${context}`;
}

export const assistantMessage = ({ response }: SnapshotRecord): ChatMessage => ({ role: 'assistant', content: response });

/** The messages of several turns, from the first question to the last answer. */
export function chatMessages(turns: readonly SnapshotRecord[]): ChatMessage[] {
  return turns.flatMap((turn) => [{ role: 'user', content: userText(turn) }, assistantMessage(turn)]);
}

/** The same without the last answer: what it answers. */
export const chatPrompt = (turns: readonly SnapshotRecord[]): ChatMessage[] => chatMessages(turns).slice(0, -1);
