/**
 * The `age` command as a person uses it: it asks for the passphrase at a terminal, which `script` (util-linux) gives it.
 * Source: age(1), script(1).
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a task in a folder of its own, which is gone afterwards. */
export const inFolder = async <T>(task: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'shoulder-age-'));
  try {
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** `age -d`, then `tar`: the JSON that is in a backup. */
export const openWithAge = (file: string, passphrase: string): Promise<unknown> =>
  inFolder(async (folder) => {
    await atTerminal(`age -d -o '${join(folder, 'plain.tar')}' '${file}'`, [passphrase]);
    await run('tar', ['-C', folder, '-xf', join(folder, 'plain.tar')]);
    return JSON.parse(await readFile(join(folder, 'shoulder.json'), 'utf8'));
  });

/** `tar`, then `age -p`: a backup that somebody made by hand, at `path`. */
export const closeWithAge = (backup: unknown, passphrase: string, path: string): Promise<void> =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'shoulder.json'), JSON.stringify(backup, null, 2));
    await run('tar', ['-C', folder, '-cf', join(folder, 'plain.tar'), './shoulder.json']);
    await atTerminal(`age -p -o '${path}' '${join(folder, 'plain.tar')}'`, [passphrase, passphrase]);
  });

/** Runs a command at a terminal of its own, types lines into it, and fails with what it said where it fails. */
const atTerminal = async (command: string, lines: readonly string[]): Promise<void> => {
  const running = run('script', ['--quiet', '--return', '--command', command, '/dev/null']);
  running.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  await running.catch((problem: { stdout?: string }) => {
    throw new Error(`${command}: ${problem.stdout ?? ''}`);
  });
};
