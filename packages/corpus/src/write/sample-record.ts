import type { FullRecord } from '@granary/contract';

/** A record for tests, with the fields given instead of its own. */
export function sampleRecord(fields: Partial<FullRecord> = {}): FullRecord {
  return {
    id: '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11',
    instruction_id: '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10',
    conversation_id: '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10',
    turn: 1,
    parent_response_id: null,
    instruction: 'What is a granary?',
    context: '',
    response: 'A storehouse for threshed grain.',
    category: 'open_qa',
    language: 'en',
    instruction_licence: 'CC-BY-SA-4.0',
    response_licence: 'CC-BY-SA-4.0',
    context_url: null,
    context_licence: null,
    instruction_author: 'Wheatear',
    response_author: 'Chaff',
    origin: null,
    origin_url: null,
    external_id: null,
    ai_assistance: 'none',
    terms_version: 1,
    instruction_revision: 1,
    response_revision: 2,
    reviews: 3,
    approvals: 2,
    agreement: 0.6667,
    posterior: 0.9731,
    rating: 4.25,
    ratings: { accuracy: 4.5, clarity: 4 },
    checks: ['too_short'],
    created_at: '2026-11-01T08:00:00.000Z',
    approved_at: '2026-11-02T09:30:00.000Z',
    ...fields,
  };
}

/** Texts that have broken exports elsewhere. */
export const oddTexts = [
  'plain',
  '',
  'two\nlines and a\ttab',
  'Windows\r\nline end',
  '"double", \'single\', `back`, “curly”, \\ backslash \\n',
  'emoji 🌾 family 👩‍👩‍👧‍👦 flag 🇩🇪',
  'שלום עולם — مرحبا بالعالم \u202bmixed\u202c',
  'e\u0301 is not é until normalised',
  '日本語、中文、한국어',
  'separators \u2028 and \u2029 and \u0085',
  'control \u0001 \u001f \u007f',
  'non-characters \ufffe \uffff and a byte order mark \ufeff',
  '{"looks": "like JSON"}',
  '</script><!-- and --- YAML: | > & * ! % @',
  '𝒳'.repeat(300),
] as const;
