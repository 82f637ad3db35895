/**
 * Signals as the route sees them: base64url of an AES-256-GCM box, bound to the topic.
 *
 * Whoever carries them learns a topic, a length and a time. What opens was said by somebody who holds the `signal` key
 * of this circle and epoch; that it is fresh is for the handshake to show, except that one box is opened only once.
 */
import { base64UrlToBytes, bytesToBase64Url, type Bytes } from '../base/bytes.ts';
import { idToBytes, type Topic } from '../base/ids.ts';
import { signalBytesMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { nonceBytes, open, seal } from '../crypto/aead.ts';
import { bytesToMessage, messageToBytes, type SignalMessage } from './signal-message.ts';
import type { SignalRefusal } from './signal-refusal.ts';

/** Boxes remembered as opened. Beyond it the handshake's own nonces stand alone, and they are enough. */
const seenBoxesMax = 4096;

export interface SignalSealerOptions {
  readonly key: CryptoKey;
  readonly topic: Topic;
  readonly random: Random;
  /** Largest text the transport takes, in bytes; `signalBytesMax` holds beside it. */
  readonly textBytesMax: number;
}

/** Seals and opens the signals of one topic. */
export class SignalSealer {
  readonly #key: CryptoKey;
  readonly #aad: Bytes;
  readonly #random: Random;
  readonly #textBytesMax: number;
  readonly #seen = new Set<string>();

  constructor({ key, topic, random, textBytesMax }: SignalSealerOptions) {
    this.#key = key;
    this.#aad = idToBytes(topic);
    this.#random = random;
    this.#textBytesMax = Math.min(textBytesMax, signalBytesMax);
  }

  /** Errors: `TooLarge`. */
  async seal(message: SignalMessage): Promise<Result<string, SignalRefusal>> {
    const text = bytesToBase64Url(await seal(this.#key, messageToBytes(message), this.#aad, this.#random));
    return text.length > this.#textBytesMax ? err({ type: 'TooLarge' }) : ok(text);
  }

  /** Errors: `TooLarge` (before any parsing), `NotOpened`, `Repeated`, `Malformed`. */
  async open(text: string): Promise<Result<SignalMessage, SignalRefusal>> {
    if (text.length > signalBytesMax) return err({ type: 'TooLarge' });
    const box = base64UrlToBytes(text);
    const bytes = box === undefined ? undefined : await open(this.#key, box, this.#aad);
    if (box === undefined || bytes === undefined) return err({ type: 'NotOpened' });
    // Only what opened is remembered: a stranger's garbage must not push out what we know.
    if (!this.#remember(bytesToBase64Url(box.subarray(0, nonceBytes)))) return err({ type: 'Repeated' });
    const message = bytesToMessage(bytes);
    return message === undefined ? err({ type: 'Malformed' }) : ok(message);
  }

  /** False where this box was opened before. */
  #remember(nonce: string): boolean {
    if (this.#seen.has(nonce)) return false;
    this.#seen.add(nonce);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= seenBoxesMax) break;
      this.#seen.delete(oldest);
    }
    return true;
  }
}
