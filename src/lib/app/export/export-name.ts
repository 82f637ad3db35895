/**
 * What a readable copy and the files in it are called. The archive's own name is neutral, since it lies where others look.
 */
import { backupFileName } from '../backup/backup-name.ts';

/** `shoulder-2026-11-22.zip`, by the day on this device's wall. */
export const exportFileName = (nowMs: number): string => backupFileName(nowMs).replace(/\.age$/, '.zip');

/**
 * Names for files inside the archive, in order: `1 The kitchen table`. Whatever some file system does not take is a blank; the
 * number keeps two circles of one name apart.
 */
export const fileNames = (titles: readonly string[]): string[] =>
  titles.map((title, i) => {
    const plain = title
      .replaceAll(notInNames, ' ')
      .replaceAll(/\s+/gu, ' ')
      .replace(/[. ]+$/, '')
      .trim();
    return plain === '' ? `${i + 1}` : `${i + 1} ${plain}`;
  });

/** What Windows, macOS and Linux do not take, and what turns a line around. */
const notInNames = /[\p{Cc}\p{Cf}/\\:*?"<>|]/gu;
