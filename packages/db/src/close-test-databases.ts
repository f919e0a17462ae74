import { afterAll } from 'vitest';
import { closeIdleTestDatabase } from './testing.ts';

/** Set up for every file of tests that use a database (`vitest.config.ts`). */
afterAll(closeIdleTestDatabase);
