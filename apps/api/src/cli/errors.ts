import type { Problem } from '@granary/contract';

export const exitCodes = { done: 0, failed: 1, usage: 2, someRowsBad: 3 } as const;

/** The command was given in a way that cannot work; the message says what would. */
export class CliError extends Error {}

/** No server answers at the address. */
export class NotReachableError extends Error {}

/** The server, or the work itself, said no. */
export class RefusedError extends Error {
  readonly problem: Problem | undefined;

  constructor(message: string, problem?: Problem) {
    super(message);
    this.problem = problem;
  }
}
