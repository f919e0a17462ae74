import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerViolation } from './layers.ts';

/** The little of ESLint's interface that the rule below uses. */
interface Node {
  type: string;
  value?: unknown;
  source?: Node | null;
}
interface Context {
  filename: string;
  report(problem: { node: Node; message: string }): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function create(context: Context) {
  const file = relative(root, context.filename).split(sep).join('/');
  const check = ({ source }: Node) => {
    if (!source || typeof source.value !== 'string') return;
    const message = layerViolation(file, source.value);
    if (message !== undefined) context.report({ node: source, message });
  };
  return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
}

// A linter plugin is its module's default export.
export default { meta: { name: 'granary' }, rules: { layers: { create } } };
