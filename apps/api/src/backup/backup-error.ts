/** A backup cannot be made or restored as asked; the message says why and what to do. */
export class BackupError extends Error {}
