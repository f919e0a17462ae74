import { Prisma } from '@granary/db';

/** Slots over which one category's counts are spread. */
export const countSlots = 64;

/**
 * The slot a connection adds to: neighbouring connections have neighbouring process ids, so up to `countSlots` of them never
 * wait for each other's row. On the embedded database there is one connection.
 */
export const slotOfConnection = Prisma.raw(`pg_backend_pid() % ${countSlots}`);
