import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import type { Lifetime } from './lifetime.ts';

/** One statement as it went over the wire, and the first row that came back (by column, as text). */
export type RecordedStatement = { sql: string; params: (string | null)[]; columns: string[]; rows: (string | null)[][] };

export type Recorder = {
  /** Address to give to the server instead of the database's own. */
  url: string;
  /** What went over the wire while `work` ran, in order. */
  record(work: () => Promise<unknown>): Promise<RecordedStatement[]>;
};

/**
 * Stands between a server and PostgreSQL and writes down what is said: so the floor runs the very statements that the
 * program runs, whatever they are. Used for a few single requests; what is measured talks to the database directly.
 */
export async function startRecorder(lifetime: Lifetime, databaseUrl: string): Promise<Recorder> {
  const target = new URL(databaseUrl);
  let recorded: RecordedStatement[] | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((fromServer) => {
    const toDatabase = connect({ host: target.hostname || '127.0.0.1', port: Number(target.port || 5432) });
    const reader = createStatementReader((statement) => recorded?.push(statement));
    for (const socket of [fromServer, toDatabase]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        fromServer.destroy();
        toDatabase.destroy();
      });
    }
    fromServer.on('data', reader.onFrontend);
    toDatabase.on('data', reader.onBackend);
    fromServer.pipe(toDatabase);
    toDatabase.pipe(fromServer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lifetime.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async record(work) {
      const statements: RecordedStatement[] = [];
      recorded = statements;
      await work();
      recorded = undefined;
      // The job queue looks after itself now and then, on connections of its own.
      return statements.filter(({ sql }) => !sql.includes('pgboss'));
    },
  };
}

/** Understands as much of PostgreSQL's protocol (version 3) as it takes to tell statements, parameters and rows. */
function createStatementReader(onStatement: (statement: RecordedStatement) => void) {
  const prepared = new Map<string, string>();
  // Answers come in the order of the executions.
  const executing: RecordedStatement[] = [];
  const begin = (sql: string, params: (string | null)[]) => {
    const statement: RecordedStatement = { sql, params, columns: [], rows: [] };
    executing.push(statement);
    onStatement(statement);
  };
  const columnsOf = new Map<string, string[]>();
  let bound = '';
  const onFrontend = splitMessages(true, (type, body) => {
    if (type === 'P') {
      const [name, afterName] = cString(body, 0);
      prepared.set(name, cString(body, afterName)[0]);
    } else if (type === 'B') {
      const [, afterPortal] = cString(body, 0);
      const [name, afterName] = cString(body, afterPortal);
      bound = prepared.get(name) ?? '';
      begin(bound, readParameters(body, afterName));
    } else if (type === 'Q') {
      begin(cString(body, 0)[0], []);
    }
  });
  const onBackend = splitMessages(false, (type, body) => {
    const current = executing[0];
    if (type === 'T' && current) {
      current.columns = readColumns(body);
      columnsOf.set(current.sql, current.columns);
    } else if (type === 'D' && current) {
      if (current.columns.length === 0) current.columns = columnsOf.get(current.sql) ?? [];
      current.rows.push(readRow(body));
    } else if (type === 'C' || type === 'I' || type === 'E') executing.shift();
  });
  return { onFrontend, onBackend };
}

/** Cuts a stream into messages: a type byte (but for the very first message of a client), a length, a body. */
function splitMessages(untypedFirst: boolean, onMessage: (type: string, body: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let untyped = untypedFirst;
  return (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const typeBytes = untyped ? 0 : 1;
      if (rest.length < typeBytes + 4) return;
      const end = typeBytes + rest.readInt32BE(typeBytes);
      if (rest.length < end) return;
      if (!untyped) onMessage(String.fromCharCode(rest[0] as number), rest.subarray(5, end));
      untyped = false;
      rest = rest.subarray(end);
    }
  };
}

function cString(body: Buffer, from: number): [string, number] {
  const end = body.indexOf(0, from);
  return [body.toString('utf8', from, end), end + 1];
}

function readParameters(body: Buffer, from: number): (string | null)[] {
  const formats = body.readInt16BE(from);
  const count = body.readInt16BE(from + 2 + formats * 2);
  return readValues(body, from + 4 + formats * 2, count);
}

const readRow = (body: Buffer) => readValues(body, 2, body.readInt16BE(0));

function readValues(body: Buffer, from: number, count: number): (string | null)[] {
  const values: (string | null)[] = [];
  for (let at = from; values.length < count;) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : body.toString('utf8', at, at + length));
    if (length > 0) at += length;
  }
  return values;
}

function readColumns(body: Buffer): string[] {
  const columns: string[] = [];
  for (let at = 2; columns.length < body.readInt16BE(0);) {
    const [name, next] = cString(body, at);
    columns.push(name);
    at = next + 18;
  }
  return columns;
}
