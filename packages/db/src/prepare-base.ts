import { prepareBaseFolder } from './prepared-base.ts';

// Run by `npm start` and `npm test` before they need it; safe to run at any time, and at once when there is nothing to do.
await prepareBaseFolder();
