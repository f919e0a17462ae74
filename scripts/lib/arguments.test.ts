import { expect, test } from 'vitest';
import { serverArguments } from './arguments.mjs';

test.each<[string, string[], Record<string, string>, string[]]>([
  ['nothing', [], {}, []],
  [
    'npm start -- --port 4000 --data ./x --demo',
    ['--port', '4000', '--data', './x', '--demo'],
    {},
    ['--port', '4000', '--data', './x', '--demo'],
  ],
  ['npm start --port 4000', ['4000'], { npm_config_port: 'true' }, ['--port', '4000']],
  ['npm start --port=4000', [], { npm_config_port: '4000' }, ['--port', '4000']],
  [
    'npm start --demo --data ./x --port 4000',
    ['./x', '4000'],
    { npm_config_demo: 'true', npm_config_data: 'true', npm_config_port: 'true' },
    ['--demo', '--port', '4000', '--data', './x'],
  ],
  [
    'npm start --host 0.0.0.0 --data=/srv/granary',
    ['0.0.0.0'],
    { npm_config_host: 'true', npm_config_data: '/srv/granary' },
    ['--host', '0.0.0.0', '--data', '/srv/granary'],
  ],
  ['npm start --port 5000 -- --port 4000', ['5000', '--port', '4000'], { npm_config_port: 'true' }, ['--port', '4000', '5000']],
  ['npm start --port (the value forgotten)', [], { npm_config_port: 'true' }, ['--port']],
])('%s', (_, argv, env, expected) => {
  expect(serverArguments(argv, env)).toEqual(expected);
});
