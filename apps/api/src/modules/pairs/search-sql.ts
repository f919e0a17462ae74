import { Prisma } from '@granary/db';
import { searchConfigs } from '../entries/projections.ts';

const known: Partial<Record<string, string>> = searchConfigs;

/**
 * "These words, in the row's own language": one arm per dictionary, because a word is stemmed differently in each, and a
 * "-word" must not be let in by another language's stemmer. `vectorOf` gives the row's vector under a dictionary.
 */
export function matchesWords(
  q: string,
  languages: readonly string[],
  language: Prisma.Sql,
  vectorOf: (config: Prisma.Sql) => Prisma.Sql,
): Prisma.Sql {
  // What PostgreSQL cannot store cannot be found either.
  const words = q.toWellFormed().replaceAll('\u0000', ' ');
  const stemmed = languages.filter((code) => known[code] !== undefined);
  const arm = (config: string, condition: Prisma.Sql) => {
    const name = Prisma.raw(`'${config}'::regconfig`);
    return Prisma.sql`(${condition} AND ${vectorOf(name)} @@ websearch_to_tsquery(${name}, ${words}))`;
  };
  const arms = stemmed.map((code) => arm(known[code] ?? 'simple', Prisma.sql`${language} = ${code}`));
  if (stemmed.length < languages.length) arms.push(arm('simple', Prisma.sql`${language} <> ALL(${Object.keys(searchConfigs)}::text[])`));
  return arms.length === 0 ? Prisma.sql`false` : Prisma.sql`(${Prisma.join(arms, ' OR ')})`;
}
