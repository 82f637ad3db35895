/**
 * Where backup files are made and opened: a worker of its own for each task, ended when it is done or not wanted any more.
 */
import { err, ok, type Result } from '../../base/result.ts';
import type { OnBytes, OpenBackupError } from './backup-file.ts';
import type { Backup } from './format.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The person stopped it, or the device could not do it: no memory left, or the worker did not load. */
export type WorkshopError = { readonly type: 'Cancelled' } | { readonly type: 'OutOfStrength' };

export interface Working {
  readonly signal: AbortSignal;
  readonly onBytes: OnBytes;
}

/** Makes a file from the text of a backup. */
export const sealInWorker = (
  task: { readonly json: Blob; readonly passphrase: string; readonly madeAtMs: number },
  working: Working
): Promise<Result<Blob, WorkshopError>> =>
  inWorker({ type: 'seal', ...task }, working, (message) => (message.type === 'sealed' ? message.file : undefined));

/** Opens a file down to what it says. */
export const openInWorker = async (
  task: { readonly file: Blob; readonly passphrase: string },
  working: Working
): Promise<Result<Backup, OpenBackupError | WorkshopError>> => {
  const opened = await inWorker({ type: 'open', ...task }, working, (message) =>
    message.type === 'opened' ? message.result : undefined
  );
  return opened.ok ? opened.value : opened;
};

const inWorker = <T>(
  task: ToWorker,
  { signal, onBytes }: Working,
  outcomeOf: (message: FromWorker) => T | undefined
): Promise<Result<T, WorkshopError>> => {
  if (signal.aborted) return Promise.resolve(err({ type: 'Cancelled' }));
  const { promise, resolve } = Promise.withResolvers<Result<T, WorkshopError>>();
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { type: 'module' });
  const cancel = (): void => resolve(err({ type: 'Cancelled' }));
  signal.addEventListener('abort', cancel);
  worker.addEventListener('error', () => resolve(err({ type: 'OutOfStrength' })));
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'bytes') return onBytes(data.done, data.total);
    const outcome = outcomeOf(data);
    resolve(outcome === undefined ? err({ type: 'OutOfStrength' }) : ok(outcome));
  });
  worker.postMessage(task);
  return promise.finally(() => {
    signal.removeEventListener('abort', cancel);
    worker.terminate();
  });
};
