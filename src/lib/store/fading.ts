/**
 * What fades leaves a marker, so that nothing older takes its place (docs/protocol.md FA).
 */
import type { DeviceId, MapKey } from '../base/ids.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** The kind of a marker that stands where something faded: nothing older may take its slot again. */
export const fadedKind = 0;

/** The marker that takes a row's place. */
export const toFadedRow = ({ circle, key, hash, device, at, ver }: EnvelopeRow): EnvelopeRow => ({
  ...{ circle, key, hash, device, at, ver },
  bytes: new Uint8Array(0),
  kind: fadedKind,
  seq: 0
});

/**
 * Removes what has faded by `nowMs` and leaves a marker, so that no older version of the slot comes back.
 * Returns whose records they were.
 */
export const sweepFaded = async (
  database: ShoulderDatabase,
  nowMs: number
): Promise<{ circle: number; device: DeviceId; key: MapKey }[]> =>
  database.transaction('rw', database.envelopes, async () => {
    const faded = await database.envelopes.where('exp').belowOrEqual(nowMs).toArray();
    await database.envelopes.bulkPut(faded.map(toFadedRow));
    return faded.map(({ circle, device, key }) => ({ circle, device, key }));
  });
