import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to PostgreSQL that a test can break. */
export interface TestProxy {
  /** The target's address by way of this proxy. */
  url: string;
  /** Cuts every connection and refuses new ones until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /**
   * Lets the next message that contains `text` through, waits for the server's answer to it, and cuts the connection instead of passing the
   * answer on. Resolves when that has happened.
   */
  swallowAnswerTo(text: string): Promise<void>;
  /** From now on, replaces bytes in what the server says by as many others. */
  rewriteAnswers(from: string, to: string): void;
  close(): Promise<void>;
}

/** Opens a proxy to the PostgreSQL at `targetUrl`, on a port that it keeps. */
export async function startTestProxy(targetUrl: string): Promise<TestProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let trap: { text: string; sprung: () => void } | undefined;
  let rewrite: ((answer: Buffer) => Buffer) | undefined;

  const serve = (client: Socket) => {
    const server = connect(Number(target.port || 5432), target.hostname);
    let swallowed: (() => void) | undefined;
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (message) => {
      if (trap && message.includes(trap.text)) {
        swallowed = trap.sprung;
        trap = undefined;
      }
      server.write(message);
    });
    server.on('data', (answer) => {
      if (swallowed === undefined) return void client.write(rewrite ? rewrite(answer) : answer);
      cut();
      swallowed();
    });
  };

  let listening = await listen(serve, 0);
  const { port } = listening.address() as AddressInfo;
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const refuse = async () => {
    if (!listening.listening) return;
    const closed = once(listening, 'close');
    listening.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.href,
    refuse,
    async accept() {
      if (!listening.listening) listening = await listen(serve, port);
    },
    swallowAnswerTo: (text) =>
      new Promise((resolve) => {
        trap = { text, sprung: resolve };
      }),
    rewriteAnswers(from, to) {
      rewrite = (answer) => {
        const at = answer.indexOf(from);
        return at < 0 ? answer : Buffer.concat([answer.subarray(0, at), Buffer.from(to), answer.subarray(at + to.length)]);
      };
    },
    close: refuse,
  };
}

async function listen(serve: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer(serve).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
