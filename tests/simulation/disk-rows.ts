/**
 * What stands on a device's disk, one line a slot: which version of it, numbered how, by whom, and when it fades.
 *
 * No hashes: what is sealed to somebody hides a key that was made up, which may be another each time.
 */
import type { Device } from './device.ts';

export const diskRows = async ({ name, life }: Device): Promise<string[]> => {
  const rows = await life.database.envelopes.toArray();
  return rows
    .map(({ key, kind, ver, seq, device, exp }) => `${name} ${key} ${kind} ${ver} ${seq} ${device} ${exp ?? ''}`)
    .sort();
};
