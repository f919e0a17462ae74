import * as z from 'zod';
import { roles, scopes, type permissions } from './vocabulary.ts';

export const roleSchema = z.enum(roles);
export const scopeSchema = z.enum(scopes);

export type Permission = keyof typeof permissions;
/** `public`: anyone; some public endpoints answer with more to those signed in. */
export type Access = 'public' | Permission;
