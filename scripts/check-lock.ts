import { readFileSync } from 'node:fs';

/** Checks that package-lock.json says what to install, by checksum, and not from where: mirrors differ from place to place. */
interface LockedPackage {
  resolved?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
}

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
const problems = installed.flatMap(([path, { resolved, integrity, inBundle }]) => [
  ...(resolved === undefined ? [] : [`${path} names the place it came from: ${resolved}`]),
  ...(integrity === undefined && !inBundle ? [`${path} has no checksum`] : []),
]);
for (const problem of problems) console.error(problem);
console.log(`${installed.length} locked packages, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
