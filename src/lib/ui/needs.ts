/** What a browser lacks, in words; apart from other sentences, because hardly anybody ever reads it. */
import { m } from '../i18n/messages.js';
import { listNames } from './names.ts';

/** What a browser may lack. */
export type Need = 'secure-context' | 'ed25519' | 'x25519' | 'aes-gcm' | 'indexeddb' | 'service-worker';

/** "Ed25519 signatures and X25519 keys": what is missing, as a list to be put into a sentence. */
export const needsWords = (needs: readonly Need[]): string => listNames(needs.map((need) => needWords[need]()));

const needWords: Record<Need, () => string> = {
  'secure-context': m.need_secure_context,
  ed25519: m.need_ed25519,
  x25519: m.need_x25519,
  'aes-gcm': m.need_aes_gcm,
  indexeddb: m.need_indexeddb,
  'service-worker': m.need_service_worker
};
