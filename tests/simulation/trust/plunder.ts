/**
 * What somebody makes of everything that ever travelled, with one device's keys: every envelope is tried with every key, every seal
 * with the device's own, and what opens opens more.
 */
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { readSealsBody, type Seals } from '../../../src/lib/circle/seals.ts';
import { openSealed } from '../../../src/lib/crypto/hpke.ts';
import { concatBytes, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { idToBytes } from '../../../src/lib/base/ids.ts';
import { deriveEpochKeys, noticeKeys, type SealKeys } from '../../../src/lib/records/epoch-keys.ts';
import { openRecord, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import type { OpenKeyring } from '../../../src/lib/store/keyring.ts';

export type Thief = Pick<OpenKeyring, 'circle' | 'device' | 'epochs' | 'slot'>;

/** Everything that opens. `envelopes`: all that travelled, each once. */
export const plunder = async (
  { circle, device, epochs, slot }: Thief,
  envelopes: readonly Bytes[]
): Promise<OpenedRecord[]> => {
  const opened: OpenedRecord[] = [];
  const tried = new Set<EpochId>();
  let closed = envelopes;
  for (let keys: readonly SealKeys[] = epochs; keys.length > 0;) {
    const results = await Promise.all(closed.map((envelope) => openRecord(envelope, keys)));
    const fresh = results.flatMap((result) => (result.ok ? [result.value] : []));
    opened.push(...fresh);
    closed = closed.filter((_, i) => results[i]?.ok !== true);
    const seals = fresh.flatMap(({ payload }) => readSealsBody(payload.body) ?? []);
    keys = [];
    for (const each of seals) {
      const secrets = await openAny(circle, device.agreeKeys, each);
      for (const secret of secrets) {
        const id = `${each.epoch} ${Buffer.from(secret).toString('hex')}` as EpochId;
        if (tried.has(id)) continue;
        tried.add(id);
        const epoch = await deriveEpochKeys(circle, each.epoch, secret, slot);
        keys = [...keys, epoch, noticeKeys(epoch.lighthouse)];
      }
    }
  }
  return opened;
};

/** Whatever any seal holds for this device, whether or not a manifest committed to it. */
export const openAny = async (
  circle: OpenKeyring['circle'],
  keys: CryptoKeyPair,
  { epoch, seals }: Seals
): Promise<Bytes[]> => {
  const aad = concatBytes(idToBytes(circle), idToBytes(epoch));
  const opened = await Promise.all(seals.map((seal) => openSealed(keys, seal, utf8ToBytes('shoulder/1 epoch'), aad)));
  return opened.filter((secret) => secret !== undefined && secret.length === 32) as Bytes[];
};
