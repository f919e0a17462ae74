import type { Check } from '@granary/contract';

type Field = Check['field'];

const excerptLength = 60;
/** Half a surrogate pair, as slicing may leave it, can be shown but not stored. */
const excerptOf = (text: string) => (text.length > excerptLength ? `${text.slice(0, excerptLength - 1)}…` : text).toWellFormed();

/** Findings that need no more than the look of one text. */
export function findShape(field: Field, text: string): Check[] {
  const findings: Check[] = [];
  const repeated = findRepetition(field, text);
  if (repeated) findings.push(repeated);
  if (field === 'context') return findings;
  if (isLinkOnly(text)) findings.push({ kind: 'link_only', severity: 'warn', field, excerpt: excerptOf(text) });
  // A word or two may be a perfect answer ("Paris"), so this is no more than a hint.
  else if (!repeated && text.length < 12 && text.split(/\s+/).length < 3) findings.push({ kind: 'too_short', severity: 'info', field });
  if (isShouted(text)) findings.push({ kind: 'all_capitals', severity: 'warn', field, excerpt: excerptOf(text) });
  return findings;
}

/** Long enough to tell a shout from an acronym; digits and scripts without case do not count. */
function isShouted(text: string): boolean {
  const upper = text.match(/\p{Lu}/gu)?.length ?? 0;
  if (upper < 20 || text.split(/\s+/).length < 4) return false;
  const lower = text.match(/\p{Ll}/gu)?.length ?? 0;
  return upper / (upper + lower) >= 0.9;
}

const longRun = 12;
/** Rules, tables, dot leaders, blanks of forms and large numbers repeat characters for a reason. */
const drawn = new Set(' \t\n\r-_=~*#.·•+|/\\─━═0123456789\u00a0');

function findRepetition(field: Field, text: string): Check | undefined {
  const visible = text.replace(/\s/g, '');
  if (visible.length >= 6 && new Set(visible).size === 1 && !/\d/.test(visible)) {
    return { kind: 'repeated_characters', severity: field === 'context' ? 'warn' : 'block', field, excerpt: excerptOf(visible) };
  }
  let run = 0;
  let before = '';
  for (const character of text) {
    run = character === before ? run + 1 : 1;
    before = character;
    if (run === longRun && !drawn.has(character)) {
      return { kind: 'repeated_characters', severity: 'warn', field, excerpt: excerptOf(character.repeat(longRun)) };
    }
  }
  return undefined;
}

function isLinkOnly(text: string): boolean {
  if (!/https?:\/\/|www\./i.test(text)) return false;
  const rest = text.replace(/(?:https?:\/\/|www\.)\S+/gi, ' ').replace(/[^\p{L}\p{N}]/gu, '');
  return rest.length < 3;
}
