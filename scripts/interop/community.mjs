// A small dataset with everything that a format can hold, made as people make it, over the interface: real rows imported from
// `fixtures`, conversations of several turns, alternatives that were compared, ratings; then two snapshots of it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolEnvironment } from '../lib/prepare.mjs';
import { root, runtime } from '../lib/project.mjs';

const slug = 'interop';
const path = `/api/v1/datasets/${slug}`;
const voters = 6;
const waitTimeoutMs = 60_000;

const imports = [
  { file: 'dolly.jsonl', origin: 'databricks-dolly-15k', licence: 'CC-BY-SA-3.0' },
  { file: 'self-instruct.jsonl', origin: 'Self-Instruct', licence: 'Apache-2.0' },
  { file: 'gsm8k.jsonl', origin: 'GSM8K', licence: 'MIT' },
  { file: 'oasst.jsonl', origin: 'Open-Assistant', licence: 'Apache-2.0' },
];

/** Questions about geometry, each with two answers of which one says why; the first goes on to a second turn. */
const written = ['triangle', 'square', 'pentagon', 'hexagon', 'heptagon', 'octagon'].map((name, index) => ({
  instruction: `How large is the sum of the inner angles of a ${name}, in degrees?`,
  short: `It is ${(index + 1) * 180} degrees.`,
  long: `It is ${(index + 1) * 180} degrees: lines from one corner cut a ${name} into ${index + 1} triangle${index === 0 ? '' : 's'}, of 180 degrees each.`,
  followUp: {
    instruction: `And one of its angles, if the ${name} is regular?`,
    response: `${((index + 1) * 180) / (index + 3)} degrees, as its ${index + 3} angles are equal.`,
  },
}));

/** Fills and publishes; tells the dataset's short name and how many snapshots there are. */
export async function publishFixtures({ url, setupToken }) {
  const admin = createCaller(url);
  await admin('POST', '/api/v1/setup', {
    token: setupToken,
    email: 'admin@example.org',
    password: 'a long sentence for a test',
    displayName: 'Admin',
  });
  await createDataset(admin);
  const { token } = await admin('POST', '/api/v1/me/tokens', { name: 'interop', scopes: ['admin'] });
  const granary = (...args) => runCommand(url, token, args);
  for (const { file, origin, licence } of imports)
    granary(
      'import',
      join(root, 'fixtures/imports', file),
      '--dataset',
      slug,
      '--status',
      'approved',
      '--origin',
      origin,
      '--licence',
      licence,
    );
  const people = await signUpAll(url);
  for (const pair of written.slice(0, -1)) await writePair(people, pair);
  await compareAll(url, people.slice(3));
  await rateSome(admin, people.slice(3));
  granary('publish', slug, '--notes', 'The first of two.');
  await writePair(people, written.at(-1));
  granary('publish', slug);
  return { slug, snapshots: 2 };
}

async function createDataset(admin) {
  const policy = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
  await admin('POST', '/api/v1/datasets', {
    slug,
    title: 'Interoperability “pairs” & more',
    description: 'Pairs for trying what other programs make of a snapshot.',
    licence: 'CC-BY-SA-4.0',
    languages: ['en', 'de'],
    policy,
    dimensions: [
      { slug: 'helpfulness', title: 'Helpful', description: 'Does it help?' },
      { slug: 'accuracy', title: 'Right', description: 'Is it right?' },
    ],
  });
}

/** Two authors, a reviewer, and voters. */
async function signUpAll(url) {
  const people = [];
  for (const name of ['Author', 'Rival', 'Reviewer', ...Array.from({ length: voters }, (_, index) => `Voter ${index + 1}`)]) {
    const caller = createCaller(url);
    const email = `${name.toLowerCase().replaceAll(' ', '')}@example.org`;
    await caller('POST', '/api/v1/auth/sign-up', {
      email,
      password: 'a long sentence for a test',
      displayName: name,
      languages: ['en', 'de'],
    });
    const { termsVersion } = await caller('GET', path);
    await caller('POST', `${path}/terms-acceptance`, { termsVersion });
    people.push(caller);
  }
  return people;
}

/** A pair, a second answer by somebody else, and a follow-up turn, all approved. */
async function writePair([author, rival, reviewer], { instruction, short, long, followUp }) {
  const common = { language: 'en', category: 'open_qa' };
  const pair = await author('POST', `${path}/entries`, {
    kind: 'pair',
    ...common,
    instruction: { text: instruction },
    response: { text: short },
  });
  await approve(reviewer);
  const other = await rival('POST', `${path}/entries`, {
    kind: 'response',
    language: 'en',
    parentId: pair.instruction.id,
    response: { text: long },
  });
  await approve(reviewer);
  await author('POST', `${path}/entries`, {
    kind: 'pair',
    ...common,
    parentId: other.entry.id,
    instruction: { text: followUp.instruction },
    response: { text: followUp.response },
    aiAssistance: 'wording',
  });
  await approve(reviewer);
}

async function approve(reviewer) {
  const { task } = await reviewer('POST', '/api/v1/review-tasks/next', { dataset: slug });
  if (task === null) throw new Error('Nothing waits for review, though something was handed in.');
  await reviewer('POST', `/api/v1/review-tasks/${task.id}/review`, { verdict: 'approve', ratings: { helpfulness: 4, accuracy: 5 } });
}

/** Everybody compares what waits; most find the longer answer better, the last two cannot say. */
async function compareAll(url, people) {
  const compared = new Set();
  for (const [index, voter] of people.entries()) {
    for (;;) {
      const { task } = await voter('POST', '/api/v1/comparisons/next', { dataset: slug, languages: [] });
      if (task === null) break;
      const { left, right } = task;
      const longer = left.revision.text.length > right.revision.text.length ? 'left' : 'right';
      const answer = index < people.length - 2 ? longer : index === people.length - 1 ? 'both_bad' : 'tie';
      await voter('POST', `/api/v1/comparisons/${task.id}/answer`, { answer, left: left.id });
      compared.add(left.id);
    }
  }
  if (compared.size === 0) throw new Error('There was nothing to compare.');
  // How strong answers have proved is reckoned by a job.
  const deadline = Date.now() + waitTimeoutMs;
  for (const id of compared) {
    while ((await people[0]('GET', `/api/v1/entries/${id}/strengths`)).items.length === 0) {
      if (Date.now() > deadline) throw new Error('What was compared was not reckoned in a minute.');
      await sleep(200);
    }
  }
}

async function rateSome(admin, people) {
  const { items } = await admin('GET', `/api/v1/pairs?dataset=${slug}&limit=40`);
  for (const [place, pair] of items.entries()) {
    for (const [index, person] of people.slice(0, 3).entries()) {
      const stars = 1 + ((place + index) % 5);
      await person('PUT', `/api/v1/entries/${pair.id}/rating`, { ratings: { helpfulness: stars, accuracy: Math.min(5, stars + 1) } });
    }
  }
}

/** Calls the interface as one person, keeping their cookies. Throws with the server's words. */
function createCaller(url) {
  const cookies = new Map();
  return async (method, address, body) => {
    const reply = await fetch(url + address, {
      method,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) cookies.set(name, value);
    }
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${address} answered ${reply.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

function runCommand(url, token, args) {
  const env = toolEnvironment({ GRANARY_SERVER: url, GRANARY_TOKEN: token });
  const { status, stdout, stderr } = spawnSync(runtime(), [join(root, 'apps/api/src/cli.ts'), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  // 3: imported, but some rows were not taken. The fixtures have a few that a dataset refuses.
  if (status !== 0 && status !== 3) throw new Error(`granary ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}
