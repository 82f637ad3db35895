/**
 * Sealing to one device: HPKE base mode (RFC 9180), DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * Shape of a sealed box: enc(32) ‖ ciphertext ‖ tag(16). The library is `@hpke/core`, which runs on WebCrypto.
 * It loads only when somebody joins, or says or first reads something private: nothing else is sealed to a device.
 */
import { concatBytes, type Bytes } from '../base/bytes.ts';

const encBytes = 32;

const suite = async () => {
  const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await import('@hpke/core');
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
};

/**
 * Seals to a public X25519 key (32 bytes), bound to `info` and `aad`. `undefined` where the key is no usable point:
 * anybody may state a low-order one.
 */
export const sealTo = async (
  publicKey: Bytes,
  plaintext: Bytes,
  info: Bytes,
  aad: Bytes
): Promise<Bytes | undefined> => {
  const hpke = await suite();
  const { HpkeError } = await import('@hpke/core');
  try {
    const recipientPublicKey = await hpke.kem.importKey('raw', publicKey.slice().buffer, true);
    const sealed = await hpke.seal(
      { recipientPublicKey, info: info.slice().buffer },
      plaintext.slice().buffer,
      aad.slice().buffer
    );
    return concatBytes(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
  } catch (error) {
    if (error instanceof HpkeError) return undefined;
    throw error;
  }
};

/** Opens what was sealed to this device, or `undefined` where it was not, or `info` or `aad` differ. */
export const openSealed = async (
  keys: CryptoKeyPair,
  box: Bytes,
  info: Bytes,
  aad: Bytes
): Promise<Bytes | undefined> => {
  if (box.length <= encBytes) return undefined;
  const hpke = await suite();
  const { HpkeError } = await import('@hpke/core');
  try {
    const opened = await hpke.open(
      { recipientKey: keys, enc: box.slice(0, encBytes).buffer, info: info.slice().buffer },
      box.slice(encBytes).buffer,
      aad.slice().buffer
    );
    return new Uint8Array(opened);
  } catch (error) {
    if (error instanceof HpkeError) return undefined;
    throw error;
  }
};
