/**
 * What becomes of a keyring when its circle goes into another epoch (docs/protocol.md EP11).
 */
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { heldEpochsMax, lighthouseLifetimeMs } from '../base/limits.ts';
import { firstGeneration } from '../circle/generation.ts';
import { holdEpoch, type EpochSecret, type Keyring, type OpenLighthouse } from './keyring.ts';

/** Whether a former epoch's lighthouse is still to be served at this time. EP12. */
export const isServed = ({ sinceMs }: Pick<OpenLighthouse, 'sinceMs'>, nowMs: number): boolean =>
  nowMs - sinceMs < lighthouseLifetimeMs;

/**
 * The keyring of a device that goes into an epoch, or back to one: that is the current one then, and the one it leaves comes next.
 * `forgetOlder`: of all others only the lighthouse is left. At most `heldEpochsMax` are kept, and of those that are down to their
 * lighthouse none that is served no more. In another epoch nothing is known of generations. EP11, GE2.
 */
export const enteredKeyring = async (
  keyring: Keyring,
  to: EpochSecret,
  { forgetOlder, nowMs }: { readonly forgetOlder: boolean; readonly nowMs: number }
): Promise<Keyring> => {
  const [left] = keyring.epochs;
  const known = keyring.epochs.find(({ epoch }) => epoch === to.epoch);
  const current = await holdEpoch(to, left === known && known !== undefined ? known.sinceMs : nowMs);
  assert(known === undefined || equalBytes(known.lighthouse, current.lighthouse), 'an epoch has one secret');
  const others = keyring.epochs
    .filter((held) => held !== known)
    .map((held) => (held === left ? { ...held, sinceMs: nowMs } : held))
    .map((held) => (forgetOlder ? { ...held, secret: null } : held))
    .filter((held) => held.secret !== null || isServed(held, nowMs));
  const generation = left === known ? keyring.generation : firstGeneration;
  return { ...keyring, generation, epochs: [current, ...others].slice(0, heldEpochsMax) };
};
