/**
 * The server's arguments, also when the `--` was forgotten. `npm start --port 4000` makes npm take `--port` for a setting
 * of its own: it sets `npm_config_port` and hands on a bare `4000`; `npm start --port=4000` puts the value in the setting.
 */
export function serverArguments(argv, env) {
  const bare = argv.filter((item, index) => !item.startsWith('-') && !takesNext(argv[index - 1]));
  const rest = argv.filter((item) => !bare.includes(item));
  const added = [];
  if (isSet(env, 'demo') && !has(rest, 'demo')) added.push('--demo');
  for (const [name, fits] of Object.entries(values)) {
    if (!isSet(env, name) || has(rest, name)) continue;
    const given = env[`npm_config_${name}`];
    const position = bare.findIndex(fits);
    const value = given === 'true' ? bare.splice(position < 0 ? bare.length : position, 1)[0] : given;
    added.push(`--${name}`, ...(value === undefined ? [] : [value]));
  }
  return [...rest, ...added, ...bare];
}

/** Which bare word belongs to which option, in this order. */
const values = {
  port: (word) => /^\d+$/.test(word),
  host: (word) => /^(?:[\w-]+(?:\.[\w-]+)+|localhost|[\da-f:]*:[\da-f:]*)$/i.test(word),
  data: () => true,
};

function isSet(env, name) {
  const value = env[`npm_config_${name}`];
  return value !== undefined && value !== '' && value !== 'false';
}

function has(argv, name) {
  return argv.some((item) => item === `--${name}` || item.startsWith(`--${name}=`));
}

function takesNext(item) {
  return item !== undefined && Object.keys(values).some((name) => item === `--${name}`);
}
