import { Link } from 'react-router';
import type { Person } from '@granary/contract';
import { paths } from '../../../config/paths.ts';

/** Somebody's name, leading to what moderators see of them. */
export function PersonLink({ person }: { person: Person }) {
  return <Link to={paths.user.to(person.id)}>{person.displayName}</Link>;
}
