import type { Check } from '@granary/contract';
import { findBoilerplate } from './boilerplate.ts';
import { findCopies } from './copies.ts';
import { findPersonalData } from './personal-data.ts';
import { findForeignScript } from './script.ts';
import { findShape } from './shape.ts';

/** What a volunteer wrote, as far as it exists yet. `language` is the one it is declared to be in; unknown ones are not checked for script. */
export type CheckedContribution = { instruction?: string; context?: string; response?: string; language: string };

/** No check reads further than this (UTF-16 units): drafts may be longer than the form allows. */
const readAtMost = 20_000;
const allFields = ['instruction', 'context', 'response'] as const;

/**
 * Automatic findings on a contribution, in the order of its fields. Pure, and linear in the length of the text: the form
 * calls it while somebody types, the server when it is handed in. Only `block` keeps a contribution out. With `fields`, only
 * those are checked; the others are there to be compared with.
 */
export function checkContribution(given: CheckedContribution, fields: readonly Check['field'][] = allFields): Check[] {
  const read = (text: string | undefined) => (text ?? '').slice(0, readAtMost).trim();
  const texts = { instruction: read(given.instruction), context: read(given.context), response: read(given.response) };
  const findings: Check[] = [];
  for (const field of allFields.filter((field) => fields.includes(field))) {
    const text = texts[field];
    if (text === '') continue;
    findings.push(...findShape(field, text), ...findPersonalData(field, text));
    if (field !== 'context') findings.push(...findForeignScript(field, text, given.language));
  }
  if (texts.response !== '' && fields.includes('response')) findings.push(...findBoilerplate(texts.response), ...findCopies(texts));
  return findings;
}
