/**
 * Proof that a signal comes from a device: an Ed25519 signature over everything it means.
 *
 * Signed: CBOR of [label, context, topic, type, from, to, n, echo, signal]. `context` binds circle and epoch; `echo` was
 * made by the receiver and `n` by the sender, both for this attempt, so no proof can be shown twice; `signal` holds the
 * DTLS fingerprint, so the connection that comes up is this device's and nobody's between.
 * Source: RFC 8032; RFC 8827 §5.6.4 (why the fingerprint must be authenticated).
 */
import { encode } from 'cborg';
import type { Bytes } from '../base/bytes.ts';
import { idToBytes, type Topic } from '../base/ids.ts';
import { deviceIdOf, type DeviceIdentity } from '../crypto/device.ts';
import { sign } from '../crypto/signature.ts';
import { importVerifyKey, verify } from '../crypto/verification.ts';
import { deviceOfPeer, type AddressedMessage, type AddressedStatement } from './signal-message.ts';

const proofLabel = 'shoulder/1/peer-proof';

/** Signs and checks what peers say in one room. */
export class PeerProver {
  readonly #device: Pick<DeviceIdentity, 'signKey' | 'publicKeys'>;
  readonly #context: Bytes;
  readonly #topic: Bytes;

  constructor(device: Pick<DeviceIdentity, 'signKey' | 'publicKeys'>, context: Bytes, topic: Topic) {
    this.#device = device;
    this.#context = context;
    this.#topic = idToBytes(topic);
  }

  async prove(statement: AddressedStatement): Promise<AddressedMessage> {
    const signature = await sign(this.#device.signKey, this.#toBytes(statement));
    return { ...statement, key: this.#device.publicKeys.sign, signature };
  }

  /** Whether the message was signed, exactly so, by the device that its sender's peer id names. */
  async isProved(message: AddressedMessage): Promise<boolean> {
    if ((await deviceIdOf(message.key)) !== deviceOfPeer(message.from)) return false;
    const key = await importVerifyKey(message.key);
    return key !== undefined && verify(key, this.#toBytes(message), message.signature);
  }

  #toBytes({ type, from, to, n, echo, signal }: AddressedStatement): Bytes {
    return encode([proofLabel, this.#context, this.#topic, type, from, to, n, echo, signal]);
  }
}
