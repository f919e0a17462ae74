import { execFileSync } from 'node:child_process';
import { affectedJourneys } from './lib/affected-journeys.ts';
import { root } from './lib/project.mjs';

/** Prints the journey files, a line each, that what has changed since a revision can affect; for `npm test -- --changed`. */
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const revision = process.argv[2] ?? 'HEAD';
const changed = [...git('diff', '--name-only', revision), ...git('ls-files', '--others', '--exclude-standard')];
console.log(affectedJourneys({ root, changed }).join('\n'));
