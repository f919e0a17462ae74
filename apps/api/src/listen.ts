import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config.ts';

type Place = { host: string; port: number; setting: string };

/** Opens the port and resolves to its number. Throws ConfigError, with the name of the setting, when it cannot be had. */
export async function listen(app: FastifyInstance, { host, port, setting }: Place): Promise<number> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    const sentence = sentences[(error as NodeJS.ErrnoException).code ?? ''];
    if (sentence === undefined) throw error;
    throw new ConfigError(sentence(setting), { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

const sentences: Record<string, ((setting: string) => string) | undefined> = {
  EADDRINUSE: (setting) => `${setting}: the port is in use by another program. Choose another one, or stop that program.`,
  EACCES: (setting) => `${setting}: this user may not open the port. Choose one above 1023.`,
  EADDRNOTAVAIL: () => 'HOST (--host): this machine does not have the address. Choose one that it has, or 0.0.0.0 for all.',
  ENOTFOUND: () => 'HOST (--host): there is no host of this name. Give an address of this machine, or 0.0.0.0 for all.',
};
