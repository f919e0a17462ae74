import { hash } from 'node:crypto';
import type { FullRecord } from '@granary/contract';

/**
 * SHA-256 (hex) of what a pair says: the JSON array `[instruction, context, response]` in UTF-8, without spaces. Python's
 * `json.dumps([…], ensure_ascii=False, separators=(",", ":"))` gives the same bytes.
 */
export function contentHashOf({ instruction, context, response }: Pick<FullRecord, 'instruction' | 'context' | 'response'>): string {
  return hash('sha256', JSON.stringify([instruction.toWellFormed(), context.toWellFormed(), response.toWellFormed()]));
}
