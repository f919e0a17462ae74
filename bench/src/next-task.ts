// `npm run bench -- next-task`: how many review seats per second are leased and given back by 200 reviewers at once
// through two API processes, against the same SQL run by pgbench; no seat may ever be leased to two.
import { compare } from './harness/compare.ts';
import type { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { scriptOf } from './harness/pgbench-script.ts';
import { datasetSlug, firstReviewer, idOf, idWithVariable, reviewerCount, sessionCookie } from './harness/population.ts';
import { query } from './harness/postgres.ts';
import { printResult, say } from './harness/report.ts';
import { databaseConnections, describeStatements, dropIfAsked, expectStatus, openStage, recordRequests } from './harness/stage.ts';

const options = readOptions(1_000_000);
const reviewers = 200;
const cookies = Array.from({ length: reviewers }, (_, index) => sessionCookie(firstReviewer + index));
const body = JSON.stringify({ dataset: datasetSlug });

/** Who holds which seat, as far as the answers tell: from the answer that gave it until the request that gives it back. */
const holders = new Map<string, number>();
let leases = 0;

async function lease(connection: HttpConnection, reviewer: number): Promise<string> {
  const reply = expectStatus(await connection.send('POST', '/api/v1/review-tasks/next', { cookie: cookies[reviewer] ?? '' }, body), 200);
  const { task } = JSON.parse(reply.body.toString()) as { task: { id: string } | null };
  if (task === null) throw new Error('The queue is empty');
  const holder = holders.get(task.id);
  if (holder !== undefined && holder !== reviewer) throw new Error(`Seat ${task.id} was leased to ${reviewer} while ${holder} held it`);
  holders.set(task.id, reviewer);
  leases += 1;
  return task.id;
}

async function release(connection: HttpConnection, reviewer: number, task: string): Promise<void> {
  holders.delete(task);
  expectStatus(await connection.send('POST', `/api/v1/review-tasks/${task}/release`, { cookie: cookies[reviewer] ?? '' }), 204);
}

/** Only the lease is timed; giving the seat back belongs to the work on both sides. */
async function leaseAndRelease(connection: HttpConnection, reviewer: number): Promise<number> {
  const began = performance.now();
  const task = await lease(connection, reviewer);
  const ms = performance.now() - began;
  await release(connection, reviewer, task);
  return ms;
}

/** All at once and without giving back: everyone must end up with a seat of their own, in the database too. */
async function leaseAllAtOnce(connections: readonly HttpConnection[], databaseUrl: string): Promise<void> {
  const tasks = await Promise.all(connections.map((connection, reviewer) => lease(connection, reviewer)));
  const [row] = await query<{ seats: number; people: number }>(
    databaseUrl,
    `SELECT count(*)::int AS seats, count(DISTINCT leased_by_id)::int AS people FROM review_tasks WHERE id = ANY($1::uuid[]) AND lease_expires_at > now()`,
    [tasks],
  );
  if (new Set(tasks).size !== reviewers || row?.seats !== reviewers || row.people !== reviewers)
    throw new Error(`${reviewers} reviewers got ${new Set(tasks).size} seats; the database knows ${JSON.stringify(row)}`);
  for (const [reviewer, task] of tasks.entries()) await release(connections[reviewer] as HttpConnection, reviewer, task);
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const databaseUrl = await openStage(lifetime, options);
  const [open] = await query<{ count: number }>(databaseUrl, 'SELECT count(*)::int AS count FROM review_tasks WHERE closed_at IS NULL');
  say(`${open?.count.toLocaleString('en')} seats are open.`);
  const [statements = []] = await recordRequests(lifetime, databaseUrl, [async (connection) => leaseAndRelease(connection, 0)]);
  say(`One lease and its return are these statements:\n${describeStatements(statements)}`);
  // Each client of pgbench acts for reviewers of its own, as each browser does.
  const perClient = Math.floor(reviewerCount / databaseConnections);
  const script = await scriptOf(statements, {
    name: 's',
    databaseUrl,
    prologue: `\\set u ${firstReviewer} + :client_id * ${perClient} + random(0, ${perClient - 1})`,
    varying: [
      { value: idOf('user', firstReviewer), pieces: idWithVariable('user', 'u') },
      { value: idOf('session', firstReviewer), pieces: idWithVariable('session', 'u') },
    ],
  });
  const result = await compare(lifetime, options, {
    databaseUrl,
    scripts: [script],
    connections: reviewers,
    processes: 2,
    operation: leaseAndRelease,
    afterwards: (connections) => leaseAllAtOnce(connections, databaseUrl),
  });
  say(`${leases.toLocaleString('en')} leases; none was given to two.`);
  printResult({ name: 'next-task', size: options.size, ...result, openTasks: open?.count, reviewers, leases, leasedTwice: 0 });
});
