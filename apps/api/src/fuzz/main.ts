import { parseArgs } from 'node:util';
import { fuzz, type Finding } from './run.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run fuzz`: `--seed` and `--requests` say what is sent, `--from` with which request to begin. Ends with 1 when anything was wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, requests: { type: 'string', default: '20000' }, from: { type: 'string', default: '0' } },
  });
  const seed = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(values.seed);
  const requests = Number(values.requests);
  print(`Seed ${seed}, ${requests} requests. The same again: npm run fuzz -- --seed ${seed} --requests ${requests}`);
  const began = Date.now();
  const result = await fuzz({
    seed,
    requests,
    from: Number(values.from),
    slowMs: 2_000,
    onProgress: (done) => done % 1_000 === 0 && print(`${done} sent`),
    onFinding: (finding) => print(describe(finding, seed)),
  });
  for (const operation of result.neverReached) print(`${operation}: never succeeded`);
  const seconds = (Date.now() - began) / 1_000;
  const { user, system } = process.cpuUsage();
  print(
    JSON.stringify({
      seed,
      requests,
      seconds,
      /** Of this process: a PostgreSQL has its own. */
      cpuMsPerRequest: Math.round((user + system) / 100 / requests) / 10,
      findings: result.findings.length,
      reached: result.reached,
      neverReached: result.neverReached,
    }),
  );
  if (result.findings.length > 0 || result.neverReached.length > 0) process.exitCode = 1;
}

/** One finding with everything that is needed to send it again. */
export function describe({ index, operation, role, request, answer, wrong }: Finding, seed: number): string {
  const { method, url, headers, payload = '' } = request;
  return [
    `#${index} ${operation} as ${role}${request.mutation ? `, ${request.mutation}` : ''}: ${wrong.join('; ')}`,
    `    ${method} ${url.slice(0, 300)}`,
    `    ${JSON.stringify(headers).slice(0, 300)} ${JSON.stringify(payload).slice(0, 400)}`,
    `    ${answer.status} ${answer.body.slice(0, 300)}`,
    `    again: npm run fuzz -- --seed ${seed} --from ${index} --requests 1 (or, with what came before it, --requests ${index + 1})`,
  ].join('\n');
}

if (import.meta.main) {
  await main();
  // Whatever still waits for a time to come waits for nothing.
  process.exit();
}
