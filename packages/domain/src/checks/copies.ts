import type { Check } from '@granary/contract';

/** Words alone: what somebody changes to hide a copy (case, blanks, punctuation) does not count. */
const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

/** Shorter texts are contained in others by chance, or because a task asks for it ("repeat the word"). */
const copyLength = 60;

/** A response that hands the question or the passage back. Working on a text may leave most of it in place, so only whole copies count. */
export function findCopies({ instruction, context, response }: { instruction: string; context: string; response: string }): Check[] {
  const answer = wordsOf(response);
  if (answer === '') return [];
  const findings: Check[] = [];
  const question = wordsOf(instruction);
  if (answer === question) findings.push({ kind: 'repeats_instruction', severity: 'block', field: 'response' });
  else if (question.length >= copyLength && answer.includes(question) && answer.length < question.length * 1.25)
    findings.push({ kind: 'repeats_instruction', severity: 'warn', field: 'response' });
  const passage = wordsOf(context);
  if (passage.length >= copyLength && answer.includes(passage))
    findings.push({ kind: 'repeats_context', severity: 'warn', field: 'response' });
  return findings;
}
