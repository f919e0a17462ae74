// Python with the tools that are to be tried, in an environment of its own that is made once.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PrepareError } from '../lib/prepare.mjs';
import { hashFiles, readStamp, root, writeStamp } from '../lib/project.mjs';

/** There is no Python that could be used; nothing is wrong with the project. */
export class PythonMissingError extends Error {}

const leastMinor = 10;
const folder = join(root, 'node_modules/.cache/granary/interop-venv');
const executable = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const requirements = ['scripts/interop/requirements.txt', 'scripts/interop/requirements-alone.txt'];

/** Makes the environment unless it is there. Throws PythonMissingError, or PrepareError when packages cannot be had. */
export function createPython(say) {
  const version = findPython();
  const wanted = hashFiles(requirements, [version]);
  if (readStamp('interop') !== wanted || !existsSync(executable)) {
    say(`Installing Python packages into ${folder} (once; takes some minutes) …`);
    rmSync(folder, { recursive: true, force: true });
    must('python3', ['-m', 'venv', folder]);
    const pip = (...args) => must(executable, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
    pip('-r', join(root, requirements[0]));
    // These ask for PyTorch, and the parts that read data sets do not need it.
    pip('--no-deps', '-r', join(root, requirements[1]));
    writeStamp('interop', wanted);
  }
  return {
    /** Runs a script with its arguments; resolves to its exit code. */
    run: (script, env) =>
      new Promise((resolve, reject) => {
        const child = spawn(executable, ['-u', ...script], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
        child.once('error', reject);
        child.once('close', (code) => resolve(code ?? 1));
      }),
  };
}

function findPython() {
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys, venv; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  if (status !== 0) throw new PythonMissingError('There is no python3 with the module venv here.');
  const [major, minor] = stdout.trim().split(' ').map(Number);
  if (major !== 3 || minor < leastMinor) throw new PythonMissingError(`python3 is ${major}.${minor}; this needs 3.${leastMinor} or newer.`);
  return `${major}.${minor}`;
}

function must(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new PrepareError(`${[command, ...args].join(' ')} failed:\n${stdout}${stderr}`);
}
