/**
 * Whether this browser can keep secrets: asked once, before anything is stored.
 */

/** What may be missing, in words the message catalogue owns. */
export type Capability = 'secure-context' | 'ed25519' | 'x25519' | 'aes-gcm' | 'indexeddb' | 'service-worker';

const works = async (attempt: () => Promise<unknown>): Promise<boolean> => {
  try {
    await attempt();
    return true;
  } catch {
    return false; // any refusal means the same here: it is missing
  }
};

/** The capabilities this browser lacks; empty when all is well. Makes keys but stores nothing. */
export const missingCapabilities = async (scope: typeof globalThis): Promise<Capability[]> => {
  if (!scope.isSecureContext || scope.crypto?.subtle === undefined) return ['secure-context'];
  const { subtle } = scope.crypto;
  const [ed25519, x25519, aesGcm] = await Promise.all([
    works(() => subtle.generateKey('Ed25519', false, ['sign', 'verify'])),
    works(() => subtle.generateKey('X25519', false, ['deriveBits'])),
    works(() => subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']))
  ]);
  const missing: Capability[] = [];
  if (!ed25519) missing.push('ed25519');
  if (!x25519) missing.push('x25519');
  if (!aesGcm) missing.push('aes-gcm');
  if (scope.indexedDB === undefined) missing.push('indexeddb');
  if (scope.navigator?.serviceWorker === undefined) missing.push('service-worker');
  return missing;
};
