/**
 * What is searched for as text of a tsquery: beginnings of words, and "phrases" as they stand, all of them wanted. Null when nothing
 * in it is a word.
 */
export function toWordsQuery(q: string): string | null {
  const terms = q.toWellFormed().match(/"[^"]*"|[^\s"]+/gu) ?? [];
  const words = terms.flatMap((term) => {
    // What PostgreSQL cannot store cannot be found either.
    const word = term.replaceAll('"', ' ').replaceAll('\u0000', ' ').trim();
    if (!/[\p{L}\p{N}]/u.test(word)) return [];
    const quoted = `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
    return [term.startsWith('"') ? quoted : `${quoted}:*`];
  });
  return words.length === 0 ? null : words.join(' & ');
}
