// What benchmarks run besides the server itself: the program's own parts, so that what is measured is what runs.
export { buildApp } from './build-app.ts';
export { readConfig } from './config.ts';
export { closeDependencies, openDependencies } from './dependencies.ts';
export { createBuildRepository } from './modules/snapshots/build-repository.ts';
export { pinnedPairsQuery } from './modules/snapshots/pinned-pairs.ts';
export { createRenderer } from './modules/snapshots/renderer.ts';
export { createSplitAssigner } from './modules/snapshots/split-assigner.ts';
export { createProcessLog, stopOnSignals } from './process-lifetime.ts';
export { createServices } from './services.ts';
export { vectorOf } from './search/text-vector.ts';
