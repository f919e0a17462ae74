import { contributionSchema, revisionInputSchema, type Dataset, type DraftContent, type Entry } from '@granary/contract';
import { describe, expect, it } from 'vitest';
import { startContent, toContribution, toRevision } from './contribution-content.ts';

const blank: DraftContent = {
  kind: 'pair',
  category: '',
  language: '',
  parentId: null,
  entryId: null,
  baseRevision: null,
  instruction: '',
  hasContext: false,
  context: '',
  contextUrl: '',
  contextLicence: '',
  response: '',
  aiAssistance: 'none',
  note: '',
};
const id = '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11';
const pair: DraftContent = {
  ...blank,
  category: 'open_qa',
  language: 'en',
  instruction: 'Why do granaries stand on stones?',
  response: 'To keep rodents out.',
};
const dataset = { languages: ['en', 'de'] } as Dataset;
const entry = (role: 'instruction' | 'response') =>
  ({
    id,
    role,
    category: 'open_qa',
    language: 'de',
    parentId: role === 'response' ? id : null,
    revision: {
      number: 3,
      text: `the ${role}`,
      context: { text: 'c', url: 'https://example.org', licence: 'CC0-1.0' },
      aiAssistance: 'wording',
    },
  }) as Entry;

describe('toContribution', () => {
  it('gives a pair that the contract accepts, without a context nobody asked for', () => {
    const parsed = contributionSchema.parse(toContribution({ ...pair, context: 'left over' }));
    expect(parsed).toMatchObject({ kind: 'pair', instruction: { text: pair.instruction } });
    expect(parsed.kind === 'pair' && parsed.instruction.context).toBe(undefined);
  });
  it('carries context with its source and licence', () => {
    const parsed = contributionSchema.parse(
      toContribution({
        ...pair,
        hasContext: true,
        context: 'A passage.',
        contextUrl: ' https://example.org/a ',
        contextLicence: 'CC0-1.0',
      }),
    );
    expect(parsed).toMatchObject({ instruction: { context: { text: 'A passage.', url: 'https://example.org/a', licence: 'CC0-1.0' } } });
  });
  it('names the missing source of a context', () => {
    const parsed = contributionSchema.safeParse(toContribution({ ...pair, hasContext: true, context: 'A passage.' }));
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain('instruction.context.url');
  });
  it('sends a response to its instruction and nothing else', () => {
    expect(contributionSchema.parse(toContribution({ ...pair, kind: 'response', parentId: id }))).toEqual({
      kind: 'response',
      parentId: id,
      language: 'en',
      aiAssistance: 'none',
      response: { text: pair.response },
    });
  });
  it('keeps the parent of a follow-up', () => {
    expect(contributionSchema.parse(toContribution({ ...pair, parentId: id }))).toMatchObject({ kind: 'pair', parentId: id });
  });
});

describe('startContent', () => {
  it('prefers a language of one’s own that the dataset takes', () => {
    expect(startContent({ kind: 'new' }, dataset, { language: 'de' }, blank).language).toBe('de');
    expect(startContent({ kind: 'new' }, dataset, { language: 'fr' }, blank).language).toBe('en');
  });
  it('begins an edit with the words and the revision as they are', () => {
    const content = startContent({ kind: 'edit', entry: entry('response'), instruction: entry('instruction') }, dataset, {}, blank);
    expect(content).toMatchObject({
      kind: 'pair',
      instruction: 'the instruction',
      response: 'the response',
      baseRevision: 3,
      hasContext: true,
      aiAssistance: 'wording',
    });
    expect(revisionInputSchema.parse(toRevision({ ...content, note: 'Clearer.' }))).toMatchObject({
      response: { text: 'the response' },
      note: 'Clearer.',
    });
  });
  it('edits a lone response without touching its instruction', () => {
    const content = startContent({ kind: 'edit', entry: entry('response'), instruction: null }, dataset, {}, blank);
    expect(Object.keys(toRevision(content)).sort()).toEqual(['aiAssistance', 'response']);
  });
});
