/**
 * A file in the age format that a passphrase opens: ours, or one that the `age` command made.
 *
 * age derives its key with scrypt (r = 8, p = 1, N = 2 to the power of the work factor), and encrypts in pieces of 64 KB,
 * each authenticated, the last one marked. Source: https://age-encryption.org/v1 (C2SP "age"), RFC 7914.
 * Runs in the worker: scrypt takes a second of one processor, and 128 MB.
 */
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { bytesToUtf8 } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';

/**
 * N = 2^17 with r = 8: 128 MB, the first of the choices that OWASP's Password Storage Cheat Sheet gives for scrypt. age's own
 * default is one step more, 256 MB, which the page of an older phone may not get; the six words that are offered
 * (66 bits) do not depend on it.
 */
export const scryptWorkFactor = 17;
/** What a phone may be asked for when a file of others is opened: 512 MB. age-encryption itself stops at 20. */
export const scryptWorkFactorMax = 19;
/** Room for years of voice notes; beyond it a browser would run out of memory before it could say so. */
export const ageFileBytesMax = 512 * 1024 * 1024;

export type OpenFileError =
  | { readonly type: 'TooLarge' }
  | { readonly type: 'NotAge' }
  | { readonly type: 'NewerAge' }
  /** Made for somebody's key, not for a passphrase. */
  | { readonly type: 'NotByPassphrase' }
  /** Its passphrase was made harder to try than this device can bear. */
  | { readonly type: 'TooHeavy' }
  | { readonly type: 'WrongPassphrase' }
  /** Something of it is missing or was changed. */
  | { readonly type: 'Damaged' };

/** One text for what was typed: without space around it, and composed as keyboards do. */
export const tidyPassphrase = (typed: string): string => typed.trim().normalize('NFC');

/** Encrypts a stream under a passphrase, which `tidyPassphrase` has seen. */
export const sealStream = async (
  plain: ReadableStream<Uint8Array>,
  passphrase: string,
  workFactor: number = scryptWorkFactor
): Promise<ReadableStream<Uint8Array>> => {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(plain);
};

/**
 * Opens a file down to its plain stream. What is wrong further on (cut off, changed) is thrown by that stream when it is
 * read, and only its end tells that all of it was there.
 */
export const openStream = async (
  file: Blob,
  typed: string
): Promise<Result<ReadableStream<Uint8Array>, OpenFileError>> => {
  if (file.size > ageFileBytesMax) return err({ type: 'TooLarge' });
  const binary = await withoutArmour(file);
  if (binary === undefined) return err({ type: 'Damaged' });
  const problem = judgeHeader(new Uint8Array(await binary.slice(0, headBytesMax).arrayBuffer()));
  if (problem !== undefined) return err(problem);
  const decrypter = new Decrypter();
  // As typed first: `age` takes a passphrase with every space it was given.
  for (const passphrase of new Set([typed, tidyPassphrase(typed)])) decrypter.addPassphrase(passphrase);
  try {
    return ok(await decrypter.decrypt(binary.stream()));
  } catch (error) {
    if (error instanceof DOMException) throw error; // the file itself could not be read
    const isWrong = error instanceof Error && error.message.startsWith('no identity matched');
    return err({ type: isWrong ? 'WrongPassphrase' : 'Damaged' });
  }
};

/** A header of one passphrase has under 200 bytes. One made for many keys is longer, and its first line says so. */
const headBytesMax = 4096;
const versionLine = 'age-encryption.org/v1';
const armourBegins = '-----BEGIN AGE ENCRYPTED FILE-----';

/** What the header of a file tells before its passphrase is tried; the library's own refusals have no names. */
const judgeHeader = (head: Uint8Array): OpenFileError | undefined => {
  const letters = bytesToUtf8(head.map((byte) => (byte < 128 ? byte : 0x3f))) ?? '';
  // What follows the last line's end may be half a line.
  const [version = letters, recipient = ''] = letters.split('\n').slice(0, -1);
  if (version !== versionLine) return { type: version.startsWith('age-encryption.org/v') ? 'NewerAge' : 'NotAge' };
  if (!recipient.startsWith('-> ')) return { type: 'Damaged' };
  const [, type, , workFactor = ''] = recipient.split(' ');
  if (type !== 'scrypt') return { type: 'NotByPassphrase' };
  if (!/^[1-9][0-9]?$/.test(workFactor)) return { type: 'Damaged' };
  return Number(workFactor) > scryptWorkFactorMax ? { type: 'TooHeavy' } : undefined;
};

/** `age -a` writes text instead of bytes. `undefined` where that text is not whole. */
const withoutArmour = async (file: Blob): Promise<Blob | undefined> => {
  const begin = bytesToUtf8(new Uint8Array(await file.slice(0, armourBegins.length).arrayBuffer()));
  if (begin !== armourBegins) return file;
  try {
    return new Blob([armor.decode(await file.text()) as Uint8Array<ArrayBuffer>]);
  } catch {
    return undefined; // its only failure is text that is not armour
  }
};
