// `npm run bench -- consensus`: how well the batch estimate finds the truth in real votes, and what the adaptive policy costs and
// errs beside a majority of seven in a simulated crowd. Other votes: `--answers A.csv --truth T.csv`.
import { createReadStream, existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readRows } from '@granary/corpus';
import { chooseErrorModel, defaultAdaptivePolicy, estimateTruth } from '@granary/domain';
import { crowds, majorityError, playCrowd } from '@granary/domain/testing';
import { sharedFile } from './harness/real-rows.ts';
import { printResult, round, say } from './harness/report.ts';

const { values } = parseArgs({
  options: { answers: { type: 'string' }, truth: { type: 'string' }, entries: { type: 'string' }, seed: { type: 'string' } },
});
const answersFile = values.answers ?? sharedFile('crowd-votes-product.answers.csv');
const truthFile = values.truth ?? (values.answers === undefined ? sharedFile('crowd-votes-product.truth.csv') : undefined);
const entries = Number(values.entries ?? 20_000);
const seed = Number(values.seed ?? 1);

/** A file's rows by column; ends with the line and what would be right when one is missing. */
async function readColumns(file: string, columns: readonly string[]): Promise<string[][]> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}`);
  const rows: string[][] = [];
  for await (const row of readRows(async () => createReadStream(file), { container: 'csv', lineMax: 100_000 })) {
    if (row.record === undefined) throw new Error(`${file}, line ${row.line}: ${row.issue.message}`);
    const record = row.record as Record<string, string>;
    const missing = columns.find((column) => record[column] === undefined || record[column] === '');
    if (missing !== undefined) throw new Error(`${file}, line ${row.line}: ${missing} is missing; the columns are ${columns.join(', ')}`);
    rows.push(columns.map((column) => record[column] ?? ''));
  }
  return rows;
}

function numbered(labels: readonly string[]): { numbers: Int32Array; names: string[] } {
  const names = new Map<string, number>();
  const numbers = Int32Array.from(labels, (label) => {
    const known = names.get(label) ?? names.size;
    names.set(label, known);
    return known;
  });
  return { numbers, names: [...names.keys()] };
}

/** Share of right answers, and F1: of the class "1" between two, else the mean over the classes. */
function score(found: ReadonlyMap<string, string>, truth: ReadonlyMap<string, string>, classes: readonly string[]) {
  const known = [...truth].filter(([question]) => found.has(question));
  const right = known.filter(([question, answer]) => found.get(question) === answer).length;
  const f1 = (label: string) => {
    const both = known.filter(([question, answer]) => answer === label && found.get(question) === label).length;
    const said = known.filter(([question]) => found.get(question) === label).length;
    const are = known.filter(([, answer]) => answer === label).length;
    return both === 0 ? 0 : (2 * both) / (said + are);
  };
  const counted = classes.length === 2 && classes.includes('1') ? ['1'] : classes;
  return { accuracy: right / known.length, f1: counted.reduce((sum, label) => sum + f1(label), 0) / counted.length };
}

async function estimateVotes() {
  const rows = await readColumns(answersFile, ['question', 'worker', 'answer']);
  const began = performance.now();
  const questions = numbered(rows.map(([question = '']) => question));
  const workers = numbered(rows.map(([, worker = '']) => worker));
  const classes = [...new Set(rows.map(([, , answer = '']) => answer))].sort();
  const k = classes.length;
  // The same light prior as for reviewers: right four times out of five, worth two and a half answers.
  const prior = classes.flatMap((_, truth) => classes.map((__, answer) => (truth === answer ? 2 : 0.5 / (k - 1))));
  const answers = Int32Array.from(rows, ([, , answer = '']) => classes.indexOf(answer));
  const given = { items: questions.numbers, workers: workers.numbers, answers };
  const options = { classes: k, prior, classPrior: classes.map(() => 1) };
  const model = chooseErrorModel(given, options);
  const estimate = estimateTruth(given, { ...options, model });
  const found = new Map(
    questions.names.map((question, item) => {
      const own = estimate.posterior.subarray(item * k, (item + 1) * k);
      return [question, classes[own.indexOf(Math.max(...own))] ?? ''];
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  say(
    `${rows.length.toLocaleString('en')} answers to ${found.size.toLocaleString('en')} questions by ${workers.names.length} workers; ${model}, ${estimate.rounds} rounds`,
  );
  if (truthFile === undefined) return { seconds };
  const truth = new Map((await readColumns(truthFile, ['question', 'truth'])).map(([question = '', answer = '']) => [question, answer]));
  const votes = new Map<string, number[]>();
  for (const [row, [question = '']] of rows.entries()) {
    const counts = votes.get(question) ?? classes.map(() => 0);
    const answer = answers[row] ?? 0;
    counts[answer] = (counts[answer] ?? 0) + 1;
    votes.set(question, counts);
  }
  const majority = new Map([...votes].map(([question, counts]) => [question, classes[counts.indexOf(Math.max(...counts))] ?? '']));
  const [ours, theirs] = [score(found, truth, classes), score(majority, truth, classes)];
  say(`  majority: accuracy ${round(theirs.accuracy, 4)}, F1 ${round(theirs.f1, 4)}`);
  say(`  estimate: accuracy ${round(ours.accuracy, 4)}, F1 ${round(ours.f1, 4)}, ${round(seconds, 3)} s`);
  return { ...ours, seconds, majorityAccuracy: theirs.accuracy, majorityF1: theirs.f1 };
}

/** The ordinary crowd of `crowds`, by itself and longer. */
function simulate() {
  const [ordinary] = crowds;
  if (ordinary === undefined) throw new Error('There is no crowd');
  const result = playCrowd(ordinary, defaultAdaptivePolicy, { seed, entries });
  const majority7ErrorRate = majorityError({ ...ordinary, entries }, 7, seed);
  say(`${entries.toLocaleString('en')} simulated entries, a crowd of ${ordinary.crowd.length}`);
  say(`  majority of seven: ${round(majority7ErrorRate * 100, 2)} % wrong at 7 reviews`);
  say(
    `  adaptive:          ${round(result.errorRate * 100, 2)} % wrong at ${round(result.reviewsPerEntry, 2)} reviews, ${round(result.escalated * 100, 2)} % to a moderator`,
  );
  return { errorRate: result.errorRate, reviewsPerEntry: result.reviewsPerEntry, majority7ErrorRate, escalated: result.escalated };
}

const votes = await estimateVotes();
printResult({ name: 'consensus', ...rounded(votes), simulated: rounded(simulate()) });

function rounded<T extends object>(numbers: T): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, round(value as number, 4)]));
}
