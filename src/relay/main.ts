/**
 * What `npm start` runs: reads the command line, starts the server, says where it is, and ends when told to.
 *
 * Every failure that a person can do something about is one sentence and exit code 1.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../lib/base/result.ts';
import { parseArguments, usage, type Arguments } from './arguments.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';
import { shellFile } from './static-site.ts';

const main = async (): Promise<void> => {
  const asked = parseArguments(process.argv.slice(2));
  if (!asked.ok) return fail(asked.error);
  if (asked.value.isHelp) return write(usage);
  const { dir } = asked.value;
  if (!existsSync(join(dir, shellFile))) return fail(`There is no built app in "${dir}": run npm run build first.`);
  const tls = readTls(asked.value);
  if (!tls.ok) return fail(tls.error);
  const server = await start(asked.value, tls.value);
  if (!server.ok) return fail(server.error);
  write(`Shoulder is at ${server.value.url}/ (Ctrl+C ends it).\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.value.close());
};

const start = async (asked: Arguments, tls: ServerOptions['tls']): Promise<Result<RunningServer, string>> => {
  const { host, port, dir, isProxied } = asked;
  try {
    return ok(await startServer({ host, port, dir, isProxied, ...(tls === undefined ? {} : { tls }) }));
  } catch (failure) {
    const code = errorCode(failure);
    if (code === 'EADDRINUSE') return err(`Port ${port} is taken: something else is running there (try --port 0).`);
    if (code === 'EACCES') return err(`Port ${port} is not open to you: take one above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return err(`"${host}" is not an address of this computer.`);
    if (code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL')) {
      return err('The certificate and the key can not be used together: are both PEM files, and do they match?');
    }
    throw failure;
  }
};

const readTls = ({ tls }: Arguments): Result<ServerOptions['tls'], string> => {
  if (tls === undefined) return ok(undefined);
  const cert = readText(tls.certPath);
  if (!cert.ok) return cert;
  const key = readText(tls.keyPath);
  return key.ok ? ok({ cert: cert.value, key: key.value }) : key;
};

const readText = (path: string): Result<string, string> => {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (failure) {
    // Keys often belong to root alone: the person should read which of the two it is.
    return err(
      `"${path}" can not be read: ${errorCode(failure) === 'ENOENT' ? 'it is not there' : 'it is not open to you'}.`
    );
  }
};

const errorCode = (failure: unknown): string =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string' ? failure.code : '';

const write = (text: string): void => void process.stdout.write(text);

const fail = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

await main();
