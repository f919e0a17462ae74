import { expect, test } from 'vitest';
import { testOptions } from './test-options.mjs';

const nothing = { full: false, changed: undefined, shuffle: undefined, names: [] };

test.each<[string, string[], Record<string, string>, object]>([
  ['npm test', [], {}, nothing],
  ['npm test -- --full', ['--full'], {}, { ...nothing, full: true }],
  ['npm test --full', [], { npm_config_full: 'true' }, { ...nothing, full: true }],
  ['npm test -- --changed', ['--changed'], {}, { ...nothing, changed: 'HEAD' }],
  ['npm test --changed', [], { npm_config_changed: 'true' }, { ...nothing, changed: 'HEAD' }],
  ['npm test -- --changed main~2', ['--changed', 'main~2'], {}, { ...nothing, changed: 'main~2' }],
  ['npm test -- --changed=main --full', ['--changed=main', '--full'], {}, { ...nothing, changed: 'main', full: true }],
  ['npm test -- pairs rows', ['pairs', 'rows'], {}, { ...nothing, names: ['pairs', 'rows'] }],
  ['npm test -- --shuffle 7 pairs', ['--shuffle', '7', 'pairs'], {}, { ...nothing, shuffle: '7', names: ['pairs'] }],
])('%s', (_, argv, env, expected) => {
  expect(testOptions(argv, env)).toEqual(expected);
});

test.each([[['--fast']], [['--shuffle', 'much']]])('%j is refused, with what there is', (argv) => {
  expect(() => testOptions(argv, {})).toThrow(/npm test -- --full/);
});
