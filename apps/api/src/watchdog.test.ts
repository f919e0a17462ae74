import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

/** Runs a program with a watchdog of two seconds; `block(ms)` stands still, as a statement of the embedded database does. */
function start(program: string, flags: string[] = []) {
  const watchdog = JSON.stringify(import.meta.resolve('./watchdog.ts'));
  const db = JSON.stringify(import.meta.resolve('@granary/db'));
  const source = `
    import inspector from 'node:inspector';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { startWatchdog } from ${watchdog};
    import { declareLongWork } from ${db};
    const block = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
    const stop = startWatchdog(2);
    const alive = setInterval(() => {}, 1000);
    await sleep(600);
    console.log('ready');
    ${program}
    console.log('done');
    stop();
    clearInterval(alive);`;
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]: (string | number | null)[]) => ({ code, signal, output }));
  return { child, ended, output: () => output };
}

test('a main loop that stands still for good is ended by SIGKILL, after a line in the log', async () => {
  const { code, signal, output } = await start('for (;;);').ended;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  const line = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { level: number; msg: string };
  expect(line).toMatchObject({ level: 60, msg: expect.stringMatching(/has not answered for [1-9]\d* s \(WATCHDOG_SECONDS\)/) as string });
}, 60_000);

test.each([
  ['is busy again and again, but answers in between', 'for (let n = 0; n < 6; n += 1) { block(600); await sleep(1); }', []],
  ['has said that it takes longer', 'const over = declareLongWork(60_000); block(5_000); over();', []],
  ['is held by a debugger', 'inspector.open(0); await sleep(700); block(5_000); inspector.close();', []],
  ['finds its clock set an hour ahead', 'const real = Date.now; Date.now = () => real() + 3_600_000; await sleep(1_500);', []],
])(
  'a process that %s lives',
  async (_, program, flags) => {
    expect(await start(program, flags).ended).toMatchObject({ code: 0, output: expect.stringMatching(/done\n$/) as string });
  },
  60_000,
);

test.skipIf(process.platform === 'win32')(
  'a process that was stopped, as with a suspended machine, lives',
  async () => {
    const { child, ended, output } = start('await sleep(1_500);');
    await expect.poll(output, { timeout: 30_000 }).toContain('ready');
    child.kill('SIGSTOP');
    // Three times what the watchdog allows.
    await sleep(6_000);
    child.kill('SIGCONT');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  },
  60_000,
);
