/**
 * A transport of which each relay sees something else: topics have another name on every relay, and what is said on them is
 * sealed once more, so that no two relays can tell that they serve the same friends (docs/protocol.md SG7).
 *
 * What cannot be opened was meant for another relay, or is somebody's garbage, and is dropped unheard.
 */
import { base64UrlToBytes, bytesToBase64Url, bytesToUtf8, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { assert } from '../base/assert.ts';
import { bytesToId, idBytesLength, idToBytes, type Topic } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import * as aead from '../crypto/aead.ts';
import { deriveBytes, importRootKey } from '../crypto/hash.ts';
import { normalRelayUrl } from '../records/relay-url.ts';
import { SerialQueue } from './serial-queue.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';

/** Messages that wait to be opened; what comes beyond is lost, and its sender says it again. */
const waitingMax = 256;

/** What a topic is on one relay. */
interface Veil {
  readonly topic: Topic;
  readonly name: Topic;
  readonly key: CryptoKey;
}

/** Veils a transport that goes by way of this relay alone; not yet opened. The transport belongs to the veil from then on. */
export const createVeiledTransport = (transport: SignalTransport, url: string, random: Random): SignalTransport =>
  new VeiledTransport(transport, normalRelayUrl(url) ?? url, random);

class VeiledTransport implements SignalTransport {
  readonly id: string;
  readonly trickle: boolean;
  readonly maxBytes: number;

  readonly #transport: SignalTransport;
  readonly #url: string;
  readonly #random: Random;
  readonly #veils = new Map<Topic, Promise<Veil>>();
  readonly #heardBy = new Map<Topic, Veil>();
  readonly #wanted = new Set<Topic>();
  /** Deriving, sealing and opening take a moment each, and nothing overtakes what was asked or said before it. */
  readonly #out = new SerialQueue();
  readonly #in = new SerialQueue();
  #isClosed = false;

  constructor(transport: SignalTransport, url: string, random: Random) {
    this.id = transport.id;
    this.trickle = transport.trickle;
    this.maxBytes = Math.floor((transport.maxBytes * 3) / 4) - aead.nonceBytes - aead.tagBytes;
    this.#transport = transport;
    this.#url = url;
    this.#random = random;
  }

  open({ onMessage, onStatus }: SignalHandlers): void {
    this.#transport.open({
      onStatus,
      onMessage: (name, data) => {
        const veil = this.#heardBy.get(name);
        if (veil === undefined || this.#in.waiting >= waitingMax) return;
        this.#in.add(async () => {
          const text = await unveil(veil, data);
          if (text !== undefined && this.#wanted.has(veil.topic) && !this.#isClosed) onMessage(veil.topic, text);
        });
      }
    });
  }

  subscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#wanted.add(topic);
    this.#out.add(async () => {
      const veils = await Promise.all(topics.map((topic) => this.#veil(topic)));
      if (this.#isClosed) return;
      for (const veil of veils) this.#heardBy.set(veil.name, veil);
      this.#transport.subscribe(veils.map(({ name }) => name));
    });
  }

  unsubscribe(topics: readonly Topic[]): void {
    for (const topic of topics) this.#wanted.delete(topic);
    this.#out.add(async () => {
      const veils = await Promise.all(topics.map((topic) => this.#veil(topic)));
      if (!this.#isClosed) this.#transport.unsubscribe(veils.map(({ name }) => name));
    });
  }

  async publish(topic: Topic, data: string): Promise<void> {
    const plain = utf8ToBytes(data);
    assert(plain.length <= this.maxBytes, 'a message is no longer than maxBytes');
    return new Promise((resolve) => {
      this.#out.add(async () => {
        const { name, key } = await this.#veil(topic);
        const sealed = await aead.seal(key, plain, idToBytes(name), this.#random);
        if (!this.#isClosed) await this.#transport.publish(name, bytesToBase64Url(sealed));
        resolve();
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#transport.close();
  }

  #veil(topic: Topic): Promise<Veil> {
    const veil = this.#veils.get(topic) ?? deriveVeil(topic, this.#url);
    this.#veils.set(topic, veil);
    return veil;
  }
}

/** A topic is the text of 16 secret bytes: who knows it can name it on any relay, and nobody can tell one name from another. */
const deriveVeil = async (topic: Topic, url: string): Promise<Veil> => {
  const root = await importRootKey(utf8ToBytes(topic));
  const [name, key] = await Promise.all([
    deriveBytes(root, `relay/topic/${url}`, idBytesLength),
    deriveBytes(root, `relay/seal/${url}`, 32).then(aead.importAeadKey)
  ]);
  return { topic, name: bytesToId(name), key };
};

const unveil = async ({ name, key }: Veil, data: string): Promise<string | undefined> => {
  const box = base64UrlToBytes(data);
  const opened: Bytes | undefined = box === undefined ? undefined : await aead.open(key, box, idToBytes(name));
  return opened === undefined ? undefined : bytesToUtf8(opened);
};
