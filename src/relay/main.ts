/**
 * What `npm start` runs: reads the command line, starts the server, says where it is, and ends when told to.
 *
 * Every failure that a person can do something about is one sentence and exit code 1.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '../lib/base/result.ts';
import { parseArguments, usage, type Arguments } from './arguments.ts';
import { dataFolder } from './data-folder.ts';
import { MailNotOpened, startServer, type MailPlace, type RunningServer, type ServerOptions } from './server.ts';
import { shellFile } from './static-site.ts';

const main = async (): Promise<void> => {
  const asked = parseArguments(process.argv.slice(2));
  if (!asked.ok) return fail(asked.error);
  if (asked.value.isHelp) return write(usage);
  const { dir } = asked.value;
  if (!existsSync(join(dir, shellFile))) return fail(`There is no built app in "${dir}": run npm run build first.`);
  const tls = readTls(asked.value);
  if (!tls.ok) return fail(tls.error);
  const ice = readIce(asked.value);
  if (!ice.ok) return fail(ice.error);
  const mail = mailPlace(asked.value);
  const server = await start(asked.value, { tls: tls.value, ice: ice.value }, mail);
  if (!server.ok) return fail(server.error);
  write(`Shoulder is at ${server.value.url}/ (Ctrl+C ends it).\n${mailSentence(mail, server.value)}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.value.close());
};

const start = async (
  asked: Arguments,
  { tls, ice }: { readonly tls: ServerOptions['tls']; readonly ice: ServerOptions['ice'] },
  mail: MailPlace
): Promise<Result<RunningServer, string>> => {
  const { host, port, dir, isProxied, relayHost, limits, isVerbose } = asked;
  const log = (sentence: string): void => write(`${sentence}\n`);
  try {
    return ok(
      await startServer({
        ...{ host, port, dir, isProxied, mail, limits, log },
        ...(isVerbose ? { logVisitor: log } : {}),
        ...(relayHost === undefined ? {} : { relayHost }),
        ...(tls === undefined ? {} : { tls }),
        ...(ice === undefined ? {} : { ice })
      })
    );
  } catch (failure) {
    if (failure instanceof MailNotOpened) return err(mailFailure(failure.failure, mail));
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

/** A free port is another one after every start, so nobody would come back for what was kept. */
const mailPlace = ({ mail, port }: Arguments): MailPlace => {
  if (mail !== 'default') return mail;
  const machine = { platform: process.platform, home: homedir(), environment: process.env };
  return port === 0 ? 'memory' : { folder: dataFolder(machine, port) };
};

const mailSentence = (place: MailPlace, server: RunningServer): string => {
  if (place === 'nowhere') return 'It keeps no mail for phones that sleep.';
  if (place === 'memory') return 'Mail for phones that sleep is kept in memory, until this ends.';
  const { events = 0, bytes = 0 } = server.mailUsage() ?? {};
  const held = events === 0 ? 'none so far' : `${events} pieces, ${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `Sealed mail for phones that sleep is kept in ${resolve(place.folder)} (${held}).`;
};

const mailFailure = (failure: MailNotOpened['failure'], place: MailPlace): string => {
  const folder = typeof place === 'string' ? place : place.folder;
  switch (failure) {
    case 'no SQLite':
      return `Keeping mail needs Node 22.13 or newer, and this is ${process.version}: take a newer one, or --no-mail.`;
    case 'in use':
      return `The mail in "${folder}" is in use by another Shoulder: end that one, or name another folder with --data.`;
    case 'damaged':
      return `The mail in "${folder}" can not be read: move that folder away, and phones will fill a new one again.`;
    case 'newer':
      return `The mail in "${folder}" was kept by a newer Shoulder: start that one, or name another folder with --data.`;
    case 'not open to us':
      return `Mail can not be kept in "${folder}": it is not open to you. Name another folder with --data.`;
    case 'disk full':
      return `Mail can not be kept in "${folder}": the disk is full. Free some space, or start with --no-mail.`;
  }
};

const readTls = ({ tls }: Arguments): Result<ServerOptions['tls'], string> => {
  if (tls === undefined) return ok(undefined);
  const cert = readText(tls.certPath);
  if (!cert.ok) return cert;
  const key = readText(tls.keyPath);
  return key.ok ? ok({ cert: cert.value, key: key.value }) : key;
};

const readIce = ({ ice }: Arguments): Result<ServerOptions['ice'], string> => {
  if (ice?.turnSecretPath === undefined) return ok(ice);
  const secret = readText(ice.turnSecretPath);
  if (!secret.ok) return secret;
  if (secret.value.trim() === '')
    return err(`"${ice.turnSecretPath}" is empty: it should hold the TURN server's secret.`);
  return ok({ ...ice, turnSecret: secret.value.trim() });
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
