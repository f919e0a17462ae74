// `npm run bench -- hostile-text`: texts that parsers find hard, each as long as the contract allows, submitted, searched for, compared,
// rendered and exported among all entries; the worst time of each path, and an ordinary text of the same length as the floor.
import { limits, type SnapshotRow } from '@granary/contract';
import { encodings, formats } from '@granary/corpus';
import { hostileTexts, type HostileText } from '@granary/domain/testing';
import { startApiServer } from './harness/api-server.ts';
import { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { startPageThread } from './harness/page-thread.ts';
import { datasetSlug, firstAuthor, firstReviewer, sessionCookie } from './harness/population.ts';
import { publishSubmitted } from './harness/publish-submitted.ts';
import { readRealRows } from './harness/real-rows.ts';
import { median, printResult, round, say } from './harness/report.ts';
import { dropIfAsked, openStage } from './harness/stage.ts';

const options = readOptions(1_000_000);
/** A text's time is its fastest of so many: what else the machine does must not choose the worst text. */
const attempts = 2;
/** What takes longer is slow beyond doubt, and is not tried again. */
const surelySlowMs = 1_000;
const run = Date.now().toString(36);
/** Words around a text: what is nothing but blanks or one character is refused, and could not be told from other runs. */
const frame = { before: 'Read this: ', after: ` That was it, ${run}.` };

const framed = (text: string, length: number) => {
  const inside = text.slice(0, length - frame.before.length - frame.after.length);
  return frame.before + (inside.isWellFormed() ? inside : inside.slice(0, -1)) + frame.after;
};
/** Real responses one after another. */
const ordinary: HostileText = {
  name: 'ordinary',
  text: readRealRows()
    .map(({ response }) => response)
    .join('\n\n')
    .slice(0, limits.responseMax),
};
type Timed = { name: string; ms: number; status?: number };

/** The fastest of the attempts, with the status of the last. */
async function fastest(name: string, attempt: (number: number) => Promise<Omit<Timed, 'name'>>): Promise<Timed> {
  const times: Omit<Timed, 'name'>[] = [];
  for (let number = 0; number < attempts && (times.at(-1)?.ms ?? 0) < surelySlowMs; number += 1) times.push(await attempt(number));
  return { name, ms: Math.min(...times.map(({ ms }) => ms)), status: times.at(-1)?.status };
}

/** Times every text, and the ordinary one before the first and after the last. */
async function timeTexts(path: string, texts: readonly HostileText[], time: (text: HostileText) => Promise<Timed>) {
  const floors = [await time(ordinary)];
  const timed: Timed[] = [];
  for (const text of texts) timed.push(await time(text));
  floors.push(await time(ordinary));
  const slowest = timed.toSorted((one, other) => other.ms - one.ms);
  const failed = timed.filter(({ status = 200 }) => status >= 500);
  if (failed.length > 0) throw new Error(`${path} failed with ${failed.map(({ name, status }) => `${name}: ${status}`).join(', ')}`);
  say(
    `  ${path}: ${slowest
      .slice(0, 5)
      .map(({ name, ms }) => `${name} ${round(ms)} ms`)
      .join(', ')}; ordinary ${floors.map(({ ms }) => round(ms)).join(', ')} ms`,
  );
  return {
    worstMs: round(slowest[0]?.ms ?? 0),
    worst: slowest[0]?.name,
    p50Ms: round(median(timed.map(({ ms }) => ms))),
    floorMs: round(Math.min(...floors.map(({ ms }) => ms))),
    refused: timed.filter(({ status = 200 }) => status >= 400).length,
  };
}

const requestTimer =
  (connection: HttpConnection) => async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const began = performance.now();
    const reply = await connection.send(method, path, headers, body);
    return { ms: performance.now() - began, status: reply.status, body: reply.body };
  };
type Send = ReturnType<typeof requestTimer>;

/** Ids of the responses submitted, by the text's name. */
const responses = new Map<string, string>();

function submitter(send: Send) {
  const headers = { cookie: sessionCookie(firstAuthor) };
  return ({ name, text }: HostileText) =>
    fastest(name, async (number) => {
      const of = (length: number) => framed(`${number} ${text}`, length);
      const contribution = {
        kind: 'pair',
        category: 'open_qa',
        language: 'en',
        instruction: {
          text: of(limits.instructionMax),
          context: { text: of(limits.contextMax), url: 'https://example.org/source', licence: 'CC-BY-SA-4.0' },
        },
        response: { text: of(limits.responseMax) },
      };
      const reply = await send('POST', `/api/v1/datasets/${datasetSlug}/entries`, headers, JSON.stringify(contribution));
      if (reply.status === 201) responses.set(name, (JSON.parse(reply.body.toString()) as { entry: { id: string } }).entry.id);
      return reply;
    });
}

/** Searches for the beginning of a text, as long as a search may be. */
const searcher =
  (send: Send, path: string, more: Record<string, string> = {}, cookie?: string) =>
  ({ name, text }: HostileText) => {
    const q = text.slice(0, limits.searchMax).toWellFormed();
    return fastest(name, () => send('GET', `${path}?${new URLSearchParams({ q, ...more })}`, cookie === undefined ? {} : { cookie }));
  };

async function encodeRow(row: SnapshotRow): Promise<void> {
  const rowsOf = (name: string) => {
    const format = formats.find((candidate) => candidate.name === name);
    if (format === undefined) throw new Error(`There is no format ${name}`);
    const made = [
      ...format
        .open(format.options.parse({}))
        .rows({ id: row.conversation_id, split: 'train', pairs: [{ ...row, preferences: [] }] }, () => true),
    ];
    return { schema: format.schema, made };
  };
  for (const name of ['dolly', 'full'])
    for (const encoding of encodings) {
      const { schema, made } = rowsOf(name);
      const source = { take: (count: number) => Promise.resolve(made.splice(0, count)) };
      for await (const chunk of encoding.encode(source, { schema, ratingDimensions: [] })) if (chunk.length === 0) break;
    }
}

const exporter =
  (send: Send) =>
  async ({ name }: HostileText) => {
    const id = responses.get(name);
    if (id === undefined) return { name, ms: 0 };
    const { status, body } = await send('GET', `/api/v1/datasets/${datasetSlug}/snapshots/1/rows/${id}`, {});
    if (status !== 200) throw new Error(`The row of ${name} was answered with ${status}: ${body.toString().slice(0, 300)}`);
    const row = JSON.parse(body.toString()) as SnapshotRow;
    return fastest(name, async () => {
      const began = performance.now();
      await encodeRow(row);
      return { ms: performance.now() - began };
    });
  };

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const databaseUrl = await openStage(lifetime, options);
  const texts = hostileTexts(limits.responseMax);
  const began = new Date();
  const server = await startApiServer(lifetime, { databaseUrl, profile: options.profile });
  const connection = await HttpConnection.open(server.url);
  const send = requestTimer(connection);
  const page = startPageThread();
  lifetime.defer(page.stop);
  for (let time = 0; time < 5; time += 1) await submitter(send)({ name: 'warm-up', text: ordinary.text });

  const submit = await timeTexts('submit', texts, submitter(send));
  const waiting = await timeTexts(
    'search what waits',
    texts,
    searcher(send, '/api/v1/pairs', { status: 'in_review' }, sessionCookie(firstReviewer)),
  );
  await publishSubmitted(databaseUrl, began);
  const search = await timeTexts('search pairs', texts, searcher(send, '/api/v1/pairs'));
  const rows = await timeTexts('search rows', texts, searcher(send, `/api/v1/datasets/${datasetSlug}/snapshots/1/rows`));
  const exported = await timeTexts('export', texts, exporter(send));
  connection.close();
  await server.stop();

  const pageTimer = (work: (text: string) => Parameters<typeof page.time>[0]) => (item: HostileText) =>
    fastest(item.name, async () => ({ ms: await page.time(work(framed(item.text, limits.responseMax))) }));
  const render = await timeTexts(
    'render',
    texts,
    pageTimer((text) => ({ kind: 'render', text })),
  );
  const diff = await timeTexts(
    'diff',
    texts,
    pageTimer((text) => ({ kind: 'diff', before: text, after: text.split(' ').toReversed().join(' ') })),
  );
  printResult({
    name: 'hostile-text',
    size: options.size,
    texts: texts.length,
    submit,
    searchWaiting: waiting,
    search,
    searchRows: rows,
    export: exported,
    render,
    diff,
    peakMb: server.peakMb(),
  });
});
