/**
 * The whole file: age around a tar archive around `shoulder.json`. Making one, and opening one down to what it says.
 *
 * Pure functions over blobs, so that they run in a worker, and in Node for the tests.
 */
import { bytesToUtf8 } from '../../base/bytes.ts';
import { err, type Result } from '../../base/result.ts';
import {
  ageFileBytesMax,
  openStream,
  scryptWorkFactor,
  sealStream,
  tidyPassphrase,
  type OpenFileError
} from './age-file.ts';
import { backupJsonBytesMax, readBackup, type Backup, type ReadBackupError } from './format.ts';
import { fileInTar, tarOf } from './tar.ts';

export type OpenBackupError =
  | OpenFileError
  | ReadBackupError
  /** The device would not give it: it was moved or changed since it was chosen. */
  | { readonly type: 'Unreadable' };

/** How far along: bytes done of all bytes; 0 while the passphrase is being worked on, which has no parts. */
export type OnBytes = (done: number, total: number) => void;

/** The one file in the archive that is read; media lie beside it. */
export const jsonName = 'shoulder.json';

/** Makes the file. `json` is the text of a backup, in UTF-8. */
export const sealBackupFile = async (
  json: Blob,
  passphrase: string,
  {
    madeAtMs,
    onBytes,
    workFactor = scryptWorkFactor
  }: { readonly madeAtMs: number; readonly onBytes: OnBytes; readonly workFactor?: number }
): Promise<Blob> => {
  const archive = tarOf([{ name: jsonName, content: json }], madeAtMs);
  onBytes(0, archive.size);
  const counted = archive.stream().pipeThrough(counting(archive.size, onBytes));
  const sealed = await sealStream(counted, tidyPassphrase(passphrase), workFactor);
  return new Blob([await new Response(sealed as ReadableStream<Uint8Array<ArrayBuffer>>).blob()], {
    type: backupMediaType
  });
};

/** Opens a file and reads all of it, to its authenticated end, before it says what is in it. Writes nothing anywhere. */
export const openBackupFile = async (
  file: Blob,
  passphrase: string,
  onBytes: OnBytes
): Promise<Result<Backup, OpenBackupError>> => {
  onBytes(0, Math.min(file.size, ageFileBytesMax));
  try {
    const opened = await openStream(file, passphrase);
    return opened.ok ? await readArchive(opened.value.pipeThrough(counting(file.size, onBytes))) : opened;
  } catch (error) {
    if (error instanceof DOMException && unreadableNames.includes(error.name)) return err({ type: 'Unreadable' });
    throw error;
  }
};

/** What browsers call a file that is not there any more as it was. Source: W3C File API, "Errors and Exceptions". */
const unreadableNames: readonly string[] = ['NotReadableError', 'NotFoundError', 'SecurityError'];

const readArchive = async (plain: ReadableStream<Uint8Array>): Promise<Result<Backup, OpenBackupError>> => {
  const found = await fileInTar(plain, jsonName, backupJsonBytesMax).catch((error: unknown) => {
    if (error instanceof DOMException) throw error;
    return undefined;
  });
  // Thrown by the decryption: a part that does not authenticate, or an end that is not the end.
  if (found === undefined) return err({ type: 'Damaged' });
  if (!found.ok) return err({ type: found.error.type === 'TooLarge' ? 'TooLarge' : 'NotABackup' });
  const text = bytesToUtf8(found.value);
  return text === undefined ? err({ type: 'NotABackup' }) : readBackup(text);
};

/** No media type is registered for age; this one keeps browsers from adding an ending of their own. */
export const backupMediaType = 'application/octet-stream';

const counting = (total: number, onBytes: OnBytes): TransformStream<Uint8Array, Uint8Array> => {
  let done = 0;
  return new TransformStream({
    transform(piece, controller) {
      done += piece.length;
      onBytes(Math.min(done, total), total);
      controller.enqueue(piece);
    }
  });
};
