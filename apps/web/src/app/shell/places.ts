import { paths } from '../../config/paths.ts';

/** Pages whose address begins like another place than the one they belong to. */
const belongs: [address: RegExp, to: string][] = [
  [
    /^\/datasets\/[^/]+\/(?:contribute|open-instructions)$|^\/entries\/[^/]+\/(?:respond|follow-up|edit|propose)$|^\/my\/(?:contributions|drafts)$/,
    paths.contribute.to(),
  ],
  [/^\/compare$|^\/my\/reviews$/, paths.review.to()],
  [/^\/entries\/[^/]+$|^\/contributors\//, paths.browse.to()],
];

/** Whether a page belongs to a place of the navigation. */
export function isWithin(pathname: string, to: string): boolean {
  const place = belongs.find(([address]) => address.test(pathname))?.[1];
  return place === undefined ? pathname === to || pathname.startsWith(`${to}/`) : place === to;
}
