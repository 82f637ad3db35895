/**
 * What somebody makes of everything that ever travelled where they could get at it, with one device's keys: every envelope is tried with
 * every key, every seal with the device's own, and what opens opens more.
 */
import { concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { idToBytes } from '../../../src/lib/base/ids.ts';
import { readSealsBody, type Seals } from '../../../src/lib/circle/seals.ts';
import { openSealed } from '../../../src/lib/crypto/hpke.ts';
import {
  deriveEpochKeys,
  noticeKeys,
  type LighthouseKeys,
  type SealKeys
} from '../../../src/lib/records/epoch-keys.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { openRecord, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import type { OpenKeyring } from '../../../src/lib/store/keyring.ts';

export type Thief = Pick<OpenKeyring, 'circle' | 'device' | 'epochs' | 'slot' | 'lighthouses' | 'current'>;

/** The day before runs begin. */
const firstDay = 19_999;

/** An envelope, and wherever it was put: topics of rooms, names of mailboxes. */
export interface Travelled {
  readonly bytes: Bytes;
  readonly places: Set<string>;
}

/** Where an envelope stands among those that are tried, and with how many keys it was. */
interface Closed extends Travelled {
  tried: number;
}

/**
 * Everything that opens. `envelopes`: all that travelled, each once. `lastDay`: no generation is of a later day.
 *
 * A room and a mailbox are found only with the keys of their epoch, and those that listen in on the way see no envelope, but a sealed
 * channel, or a sealed event. So an envelope that was only ever where its thief could not be found is none of theirs, whichever key it
 * is sealed with: a circle that goes on to new keys may still say something there that was sealed with the old ones.
 */
export const plunder = async (
  thief: Thief,
  envelopes: readonly Travelled[],
  lastDay: number
): Promise<OpenedRecord[]> => {
  const { circle, device, slot } = thief;
  const opened: OpenedRecord[] = [];
  const found = new Set<string>();
  const keys: SealKeys[] = [...thief.epochs];
  const places = new Set<string>();
  const goTo = async (lighthouse: LighthouseKeys): Promise<void> => {
    places.add(lighthouse.epoch);
    const generations = [0, ...Array.from({ length: lastDay - firstDay + 1 }, (_, i) => firstDay + i)];
    for (const generation of generations) places.add(await roomTopic(lighthouse, generation));
  };
  for (const lighthouse of [thief.current.lighthouse, ...thief.lighthouses.map((each) => each.keys)])
    await goTo(lighthouse);
  let closed = envelopes.map((each): Closed => ({ ...each, tried: 0 }));
  for (let learned = true; learned;) {
    learned = false;
    const within = closed.filter((each) => each.tried < keys.length && !each.places.isDisjointFrom(places));
    const results = await Promise.all(within.map(({ bytes, tried }) => openRecord(bytes, keys.slice(tried))));
    within.forEach((each) => (each.tried = keys.length));
    const fresh = results.flatMap((result) => (result.ok ? [result.value] : []));
    opened.push(...fresh);
    const done = new Set(within.filter((_, i) => results[i]?.ok === true));
    closed = closed.filter((each) => !done.has(each));
    for (const each of fresh.flatMap(({ payload }) => readSealsBody(payload.body) ?? [])) {
      for (const secret of await openAny(circle, device.agreeKeys, each)) {
        const name = `${each.epoch} ${Buffer.from(secret).toString('hex')}`;
        if (found.has(name)) continue;
        found.add(name);
        const epoch = await deriveEpochKeys(circle, each.epoch, secret, slot);
        keys.push(epoch, noticeKeys(epoch.lighthouse));
        await goTo(epoch.lighthouse);
        learned = true;
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
