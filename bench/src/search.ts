// `npm run bench -- search`: words, phrases and beginnings in the scripts of the world, looked for among all entries by browsing and among the
// rows of a snapshot, one request after the other; the same pages without a search are the floor.
import { startApiServer } from './harness/api-server.ts';
import { HttpConnection } from './harness/http-connection.ts';
import { summarise } from './harness/latency.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { datasetSlug, firstAuthor, sessionCookie } from './harness/population.ts';
import { publishSubmitted } from './harness/publish-submitted.ts';
import { printResult, round, say } from './harness/report.ts';
import { dropIfAsked, openStage } from './harness/stage.ts';

const options = readOptions(1_000_000);
const timesEach = 100;
/** Texts that are submitted so often, among all others. */
const copies = 30;
const texts = [
  '小麦应当在仓库中干燥保存。',
  '小麦を倉庫で干燥させます。',
  '학교에서 밀을 배웁니다.',
  'ข้าวสาลีแห้งในยุ้งฉาง',
  'مُحَمَّد يخزن القمح في الصومعة',
  'गेहूँ को सूखा रखना चाहिए।',
  'Зерно хранят в сухом зернохранилище.',
  'Ein Café am Getreidespeicher',
  'Un cafe\u0301 pre\u0300s du grenier',
  'Το σιτάρι μένει στεγνό.',
];
/** Each with whether it has to find something. */
const searches: readonly (readonly [q: string, finds: boolean])[] = [
  ['小麦', true],
  ['倉庫', true],
  ['麦', true],
  ['밀을', true],
  ['학교', true],
  ['ข้าวสาลี', true],
  ['محمد', true],
  ['القمح', true],
  ['गेहूँ', true],
  ['зернохранилище', true],
  ['cafe', true],
  ['café', true],
  ['σιτάρι', true],
  ['the', true],
  ['how', true],
  ['number', true],
  ['"how many"', true],
  ['water plant', true],
  ['granar', true],
  ['the -water', true],
  ['"as many as there are"', false],
  ['xylophone zeppelin', false],
  ['不存在的词语', false],
];

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const databaseUrl = await openStage(lifetime, options);
  const began = new Date();
  const server = await startApiServer(lifetime, { databaseUrl, profile: options.profile });
  const connection = await HttpConnection.open(server.url);
  for (const [index, text] of texts.entries())
    for (let copy = 0; copy < copies; copy += 1) {
      const contribution = {
        kind: 'pair',
        category: 'open_qa',
        language: 'en',
        instruction: { text: `What does sentence ${index}, copy ${copy} say of the granary?` },
        response: { text: `${text} (${index}.${copy})` },
      };
      const headers = { cookie: sessionCookie(firstAuthor) };
      const { status, body } = await connection.send(
        'POST',
        `/api/v1/datasets/${datasetSlug}/entries`,
        headers,
        JSON.stringify(contribution),
      );
      if (status !== 201) throw new Error(`A text was answered with ${status}: ${body.toString().slice(0, 300)}`);
    }
  await publishSubmitted(databaseUrl, began);

  const paths = { pairs: '/api/v1/pairs', rows: `/api/v1/datasets/${datasetSlug}/snapshots/1/rows` };
  const measured: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(paths)) {
    const time = async (q: string | null) => {
      const from = performance.now();
      const { status, body } = await connection.send('GET', q === null ? path : `${path}?${new URLSearchParams({ q })}`, {});
      const ms = performance.now() - from;
      if (status !== 200) throw new Error(`${path} for ${q} was answered with ${status}`);
      return { ms, found: (JSON.parse(body.toString()) as { items: unknown[] }).items.length };
    };
    const floor: number[] = [];
    const all: number[] = [];
    const each: { q: string; p50Ms: number; p99Ms: number }[] = [];
    for (const [q, finds] of searches) {
      const times: number[] = [];
      for (let count = 0; count < timesEach; count += 1) {
        const { ms, found } = await time(q);
        if (finds !== found > 0) throw new Error(`${q} found ${found} ${name}`);
        times.push(ms);
        floor.push((await time(null)).ms);
      }
      all.push(...times);
      each.push({ q, p50Ms: round(summarise(times).p50Ms), p99Ms: round(summarise(times).p99Ms) });
    }
    const slowest = each.toSorted((one, other) => other.p99Ms - one.p99Ms);
    say(
      `  ${name}: ${slowest
        .slice(0, 6)
        .map(({ q, p50Ms, p99Ms }) => `${q} ${p50Ms}/${p99Ms} ms`)
        .join(', ')}`,
    );
    const [ours, without] = [summarise(all), summarise(floor)];
    measured[name] = {
      p50Ms: round(ours.p50Ms),
      p99Ms: round(ours.p99Ms),
      worst: slowest[0],
      floorP50Ms: round(without.p50Ms),
      floorP99Ms: round(without.p99Ms),
      ratio: round(ours.p50Ms / without.p50Ms),
    };
  }
  connection.close();
  await server.stop();
  printResult({ name: 'search', size: options.size, ...measured });
});
