/**
 * The worker that makes and opens backup files, so that a second of scrypt never stops the page. One task, then it is ended;
 * whoever cancels ends it sooner, and the memory goes with it.
 */
import { openBackupFile, sealBackupFile, type OnBytes } from './backup-file.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const tell = (message: FromWorker): void => self.postMessage(message);
const onBytes: OnBytes = (done, total) => tell({ type: 'bytes', done, total });

const work = async (task: ToWorker): Promise<void> => {
  if (task.type === 'seal') {
    const { json, passphrase, madeAtMs } = task;
    tell({ type: 'sealed', file: await sealBackupFile(json, passphrase, { madeAtMs, onBytes }) });
  } else {
    tell({ type: 'opened', result: await openBackupFile(task.file, task.passphrase, onBytes) });
  }
};

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  // Most likely out of memory; the page has a sentence for it.
  work(data).catch((problem: unknown) => tell({ type: 'broke', problem: String(problem) }));
});
