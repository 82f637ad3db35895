/**
 * Passkeys that hold a key: the PRF extension makes 32 secret bytes of a salt, the same ones each time, and only when the
 * person has shown that it is they. Nothing else of WebAuthn is used: no server checks a signature, the secret is the proof.
 * Source: WebAuthn Level 3 §10.1.4.
 */
import type { Bytes } from '../base/bytes.ts';
import { bytesToBase64Url } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Opener } from '../store/lock.ts';

/**
 * `PasskeyStopped`: the person, or time, put an end to it. `PasskeyUnavailable`: this browser or address has none.
 * `PasskeyKeyless`: it was made, and can hold no key.
 */
export interface PasskeyError {
  readonly type: 'PasskeyStopped' | 'PasskeyUnavailable' | 'PasskeyKeyless';
}

type Passkey = Extract<Opener, { type: 'passkey' }>;
type KnownPasskey = Pick<Passkey, 'credential' | 'salt'>;

/** What authenticators and their lists show: no name that tells anything. */
const shownName = 'Shoulder';
const saltBytes = 32;
/** ES256, EdDSA, RS256: every authenticator has one of them. COSE, RFC 9053. */
const algorithms = [-7, -8, -257];

/** Whether this browser has passkeys at all. Whether one can hold a key is known only once it is made. */
export const mayHavePasskeys = (): boolean => 'PublicKeyCredential' in globalThis;

/** Makes a passkey, and asks it for its secret; some say it at once, others the second time. */
export const createPasskey = async (random: Random): Promise<Result<Passkey, PasskeyError>> => {
  const salt = random.bytes(saltBytes);
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: shownName },
        user: { id: random.bytes(16), name: shownName, displayName: shownName },
        challenge: random.bytes(32),
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        extensions: { prf: { eval: { first: salt } } }
      }
    })
  );
  if (!made.ok) return made;
  const { prf } = made.value.getClientExtensionResults();
  const credential = new Uint8Array(made.value.rawId);
  if (prf?.enabled !== true) return err({ type: 'PasskeyKeyless' });
  const first = prf.results?.first;
  return first === undefined
    ? askPasskey([{ credential, salt }], random)
    : ok({ type: 'passkey', credential, salt, secret: toBytes(first) });
};

/** Asks whichever of these is at hand for its secret. */
export const askPasskey = async (
  known: readonly KnownPasskey[],
  random: Random
): Promise<Result<Passkey, PasskeyError>> => {
  const byCredential = new Map(known.map((each) => [bytesToBase64Url(each.credential), each]));
  const salts = [...byCredential].map(([id, { salt }]) => [id, { first: salt }] as const);
  const asked = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random.bytes(32),
        allowCredentials: known.map(({ credential }) => ({ type: 'public-key', id: credential })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential: Object.fromEntries(salts) } }
      }
    })
  );
  if (!asked.ok) return asked;
  const used = byCredential.get(bytesToBase64Url(new Uint8Array(asked.value.rawId)));
  const first = asked.value.getClientExtensionResults().prf?.results?.first;
  if (used === undefined || first === undefined) return err({ type: 'PasskeyKeyless' });
  return ok({ type: 'passkey', ...used, secret: toBytes(first) });
};

const ask = async (question: () => Promise<Credential | null>): Promise<Result<PublicKeyCredential, PasskeyError>> => {
  try {
    const answer = await question();
    return answer instanceof PublicKeyCredential ? ok(answer) : err({ type: 'PasskeyStopped' });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const isStopped = error.name === 'NotAllowedError' || error.name === 'AbortError';
    return err({ type: isStopped ? 'PasskeyStopped' : 'PasskeyUnavailable' });
  }
};

const toBytes = (source: BufferSource): Bytes =>
  source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
