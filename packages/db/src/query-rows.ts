import type { ExecutePrepared } from './driver.ts';
import type { Prisma } from './generated/client.ts';

/** Any zod schema of a row. */
export interface RowSchema<T> {
  parse(row: unknown): T;
}

/**
 * Runs raw SQL (`Prisma.sql`…``) and checks every row against its schema, so that a renamed column fails here and not
 * somewhere else. Works on the client and inside a transaction. bigint columns arrive as `bigint`, times as `Date`.
 */
export async function queryRows<T>(client: Pick<Prisma.TransactionClient, '$queryRaw'>, row: RowSchema<T>, sql: Prisma.Sql): Promise<T[]> {
  const rows = await client.$queryRaw<unknown[]>(sql);
  return rows.map((item) => row.parse(item));
}

/**
 * `queryRows` for the statements most requests begin with: prepared once per connection, past Prisma (see `ExecutePrepared`).
 * Not inside transactions. bigint columns: cast them to what you want, the two databases differ.
 */
export async function queryPrepared<T>(database: { executePrepared: ExecutePrepared }, row: RowSchema<T>, sql: Prisma.Sql): Promise<T[]> {
  const { rows } = await database.executePrepared(sql.text, sql.values);
  return rows.map((item) => row.parse(item));
}
