/**
 * What WebCrypto computes, computed at once by Node's own crypto: the very same bytes and verdicts. What is asked of many devices alike
 * is worked out once, by its exact input.
 *
 * Every function has no answer, `undefined`, for what the app never asks and for what fails: then the real method is to be asked.
 */
import * as node from 'node:crypto';
import { Memory } from './memory.ts';

export class QuickCrypto {
  /** What Node knows a key as, and a number for it. */
  readonly #keys = new WeakMap<CryptoKey, { readonly object: node.KeyObject; readonly id: string }>();
  readonly #derived = new Memory<Buffer>();
  readonly #opened = new Memory<Buffer | 'closed'>();
  readonly #verdicts = new Memory<boolean>();
  #keysCount = 0;

  digest(algorithm: unknown, data: Buffer): ArrayBuffer | undefined {
    return nameOf(algorithm) === 'SHA-256' ? toArrayBuffer(node.hash('sha256', data, 'buffer')) : undefined;
  }

  encrypt(algorithm: unknown, key: CryptoKey, data: Buffer): ArrayBuffer | undefined {
    const box = gcmOf(algorithm, key, 'encrypt');
    if (box === undefined) return undefined;
    const cipher = node.createCipheriv('aes-256-gcm', this.#know(key).object, box.iv);
    cipher.setAAD(box.aad);
    return toArrayBuffer(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
  }

  /** Throws what WebCrypto throws where the box does not open. */
  decrypt(algorithm: unknown, key: CryptoKey, data: Buffer): ArrayBuffer | undefined {
    const box = gcmOf(algorithm, key, 'decrypt');
    if (box === undefined || data.length < tagBytes) return undefined;
    const { object, id } = this.#know(key);
    const input = `${id} ${box.aad.length} ${text(box.iv)}${text(box.aad)}${text(data)}`;
    const opened = this.#opened.of(input, () => openBox(object, box, data));
    if (opened === 'closed') throw notOpened();
    return toArrayBuffer(opened);
  }

  sign(algorithm: unknown, key: CryptoKey, data: Buffer): ArrayBuffer | undefined {
    if (nameOf(algorithm) !== key.algorithm.name || !key.usages.includes('sign')) return undefined;
    const { object, id } = this.#know(key);
    if (key.algorithm.name === 'Ed25519') return toArrayBuffer(node.sign(null, data, object));
    if (key.algorithm.name !== 'HMAC' || hashOf(key.algorithm) !== 'SHA-256') return undefined;
    const mac = (): Buffer => node.createHmac('sha256', object).update(data).digest();
    return toArrayBuffer(this.#derived.of(`${id} mac ${text(data)}`, mac));
  }

  verify(algorithm: unknown, key: CryptoKey, signature: Buffer, data: Buffer): boolean | undefined {
    const isOurs = nameOf(algorithm) === 'Ed25519' && key.algorithm.name === 'Ed25519' && key.usages.includes('verify');
    if (!isOurs) return undefined;
    const { object, id } = this.#know(key);
    const input = `${id} ${signature.length} ${text(signature)}${text(data)}`;
    return this.#verdicts.of(input, () => node.verify(null, data, object, signature));
  }

  deriveBits(algorithm: unknown, key: CryptoKey, length: unknown): ArrayBuffer | undefined {
    if (typeof length !== 'number' || length % 8 !== 0 || length === 0 || !key.usages.includes('deriveBits'))
      return undefined;
    const params = algorithm as HkdfParams & { public: CryptoKey };
    if (params.name !== key.algorithm.name) return undefined;
    if (params.name === 'HKDF' && hashOf(params) === 'SHA-256') return this.#expand(params, key, length / 8);
    return params.name === 'X25519' && length === 256 ? this.#agree(params.public, key) : undefined;
  }

  #expand({ salt, info }: HkdfParams, key: CryptoKey, length: number): ArrayBuffer {
    const { object, id } = this.#know(key);
    const [saltBytes, infoBytes] = [view(salt), view(info)];
    const input = `${id} bits ${length} ${saltBytes.length} ${text(saltBytes)}${text(infoBytes)}`;
    return toArrayBuffer(
      this.#derived.of(input, () => Buffer.from(node.hkdfSync('sha256', object, saltBytes, infoBytes, length)))
    );
  }

  #agree(other: CryptoKey, key: CryptoKey): ArrayBuffer | undefined {
    if (other.algorithm.name !== 'X25519' || other.type !== 'public' || key.type !== 'private') return undefined;
    const [own, theirs] = [this.#know(key), this.#know(other)];
    try {
      const agree = (): Buffer => node.diffieHellman({ privateKey: own.object, publicKey: theirs.object });
      return toArrayBuffer(this.#derived.of(`${own.id} with ${theirs.id}`, agree));
    } catch (error) {
      // A point of small order: WebCrypto says so in its own words.
      if (error instanceof Error) return undefined;
      throw error;
    }
  }

  #know(key: CryptoKey): { readonly object: node.KeyObject; readonly id: string } {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const made = { object: toKeyObject(key), id: `key ${++this.#keysCount}` };
    this.#keys.set(key, made);
    return made;
  }
}

/** The name of an algorithm, however it is given. */
export const nameOf = (algorithm: unknown): unknown =>
  typeof algorithm === 'string' ? algorithm : (algorithm as Algorithm).name;

/** The bytes of a buffer or a view, not copied. */
export const view = (data: unknown): Buffer =>
  ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
    : Buffer.from(data as ArrayBuffer);

/** Bytes as text with one character each, so that equal inputs are equal texts, and no others. */
export const text = (bytes: Buffer): string => bytes.toString('latin1');

const tagBytes = 16;

interface Box {
  readonly iv: Buffer;
  readonly aad: Buffer;
}

const gcmOf = (algorithm: unknown, key: CryptoKey, usage: KeyUsage): Box | undefined => {
  const { name, iv, additionalData, tagLength } = algorithm as AesGcmParams;
  const { name: keyName, length } = key.algorithm as AesKeyAlgorithm;
  const isOurs =
    name === 'AES-GCM' && keyName === name && length === 256 && tagLength === undefined && key.usages.includes(usage);
  return isOurs
    ? { iv: view(iv), aad: additionalData === undefined ? Buffer.alloc(0) : view(additionalData) }
    : undefined;
};

const openBox = (key: node.KeyObject, { iv, aad }: Box, data: Buffer): Buffer | 'closed' => {
  const cipher = node.createDecipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(aad);
  cipher.setAuthTag(data.subarray(-tagBytes));
  const opened = cipher.update(data.subarray(0, -tagBytes));
  try {
    cipher.final();
    return opened;
  } catch (error) {
    if (error instanceof Error) return 'closed';
    throw error;
  }
};

const hashOf = (params: object): unknown => ('hash' in params ? nameOf(params.hash) : undefined);

/** Node warns that this will not go on working for keys that can't be exported; the version in the lockfile does it. */
const toKeyObject = (key: CryptoKey): node.KeyObject => {
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  const object = node.KeyObject.from(key);
  process.noDeprecation = noDeprecation;
  return object;
};

/** A copy, since whoever asked may change it. */
const toArrayBuffer = ({ buffer, byteOffset, length }: Buffer): ArrayBuffer =>
  buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;

/** Thrown for every key that is tried in vain: where it was thrown interests nobody, and is dear to find out. */
const notOpened = (): DOMException => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new DOMException('The operation failed for an operation-specific reason', 'OperationError');
  Error.stackTraceLimit = stackTraceLimit;
  return error;
};
