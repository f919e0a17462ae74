// The first thing that any script of the project runs, on whatever Node the machine has. Plain syntax: an old Node has to
// understand this file, and every file that imports it, before it can say that it is too old.
const oldestNode = [20, 19];
const oldestNpm = 10;

/** Whether `version` (`20.19.0`) is at least `oldest` (major, minor). */
function isAtLeast(version, oldest) {
  const parts = version.split('.').map(Number);
  return parts[0] > oldest[0] || (parts[0] === oldest[0] && parts[1] >= oldest[1]);
}

/** What is too old here, in one line; an empty text when nothing is. `agent` is how npm names itself to the scripts it runs. */
export function describeRuntime(node, agent) {
  if (!isAtLeast(node, oldestNode))
    return 'Node ' + node + ' is too old: Granary needs ' + oldestNode.join('.') + ' or newer. Install it from https://nodejs.org.';
  const npm = /^npm\/(\d+)\.(\d+)/.exec(agent || '');
  if (npm && Number(npm[1]) < oldestNpm)
    return (
      'npm ' +
      npm[1] +
      '.' +
      npm[2] +
      ' is too old: Granary needs npm ' +
      oldestNpm +
      ' or newer. Run: npm install --global npm@' +
      oldestNpm
    );
  return '';
}

const complaint = describeRuntime(process.versions.node, process.env.npm_config_user_agent);
if (complaint) {
  console.error(complaint);
  process.exit(1);
}
