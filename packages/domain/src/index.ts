export * from './checks/check-contribution.ts';
export * from './consensus.ts';
export * from './lifecycle.ts';
export * from './permissions.ts';
