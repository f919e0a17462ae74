export { hostileTexts } from './hostile-texts.ts';
export type { HostileText } from './hostile-texts.ts';
export * from './crowds.ts';
