import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataFolderLockedError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';

let dataDir: string;
let folder: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'granary-lock-'));
  folder = join(dataDir, 'postgres');
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Another process that takes the lock, says so, and waits to be killed; or says why it was refused. */
function startHolder() {
  const script = `
    import { lockFolder } from ${JSON.stringify(import.meta.resolve('./folder-lock.ts'))};
    try { lockFolder(process.argv[1]); console.log('locked'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.name); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = new Promise<string>((resolve) => child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, said, ended };
}

test('a second process is refused and told the folder and the holder', async () => {
  const holder = startHolder();
  expect(await holder.said).toBe('locked');
  try {
    expect(() => lockFolder(folder)).toThrow(DataFolderLockedError);
    expect(() => lockFolder(folder)).toThrow(new RegExp(`${folder} is in use by process ${holder.child.pid}\\b`));
  } finally {
    holder.child.kill('SIGKILL');
    await holder.ended;
  }
});

test('the lock of a process that was killed is free at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const holder = startHolder();
    expect(await holder.said).toBe('locked');
    holder.child.kill('SIGKILL');
    await holder.ended;
  }
  const lock = lockFolder(folder);
  expect(await startHolder().said).toBe('DataFolderLockedError');
  lock.release();
});

test('of many that try at the same time after a kill exactly one gets it', async () => {
  const first = startHolder();
  await first.said;
  const racers = Array.from({ length: 6 }, startHolder);
  first.child.kill('SIGKILL');
  await first.ended;
  racers.push(...Array.from({ length: 6 }, startHolder));
  try {
    const answers = await Promise.all(racers.map(({ said }) => said));
    expect(answers.filter((answer) => answer === 'locked').length).toBe(1);
  } finally {
    for (const { child } of racers) child.kill('SIGKILL');
    await Promise.all(racers.map(({ ended }) => ended));
  }
});

test('the same process cannot open a folder twice, and can again after release', () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(DataFolderLockedError);
  lock.release();
  lock.release();
  const again = lockFolder(folder);
  again.release();
});
