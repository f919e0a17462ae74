// Only `prisma generate` runs through Prisma's command line; migrations are applied by packages/db/src/migrate.ts.
export default { schema: 'prisma/schema', migrations: { path: 'prisma/migrations' } };
