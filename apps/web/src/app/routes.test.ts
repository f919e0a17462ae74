import { expect, test } from 'vitest';
import { pagePatterns } from '../../build/page-list.ts';
import { routes } from './routes.ts';

test('the list of pages that the server is given holds every route, and nothing else', () => {
  const opened = routes.map(({ path }) => path).filter((path) => !path.startsWith('/dev/'));
  expect(opened.toSorted()).toEqual(pagePatterns.toSorted());
});
