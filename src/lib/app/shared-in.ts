/**
 * What another app handed to this one by its share sheet (Chromium). The service worker holds it until the page asks, in
 * memory only.
 */
import { secondMs, systemClock } from '../base/clock.ts';

const answerMs = 5 * secondMs;

/** Texts and files, once; nothing where nothing was shared. */
export const takeShared = async (): Promise<readonly (string | File)[]> => {
  const worker = navigator.serviceWorker.controller;
  if (worker === null) return [];
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<readonly (string | File)[]>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<readonly (string | File)[]>) => resolve(data);
    // A worker of an older version does not know the question.
    systemClock.after(answerMs, () => resolve([]));
  });
  worker.postMessage('what was shared', [port2]);
  try {
    return await answer;
  } finally {
    port1.close();
  }
};
