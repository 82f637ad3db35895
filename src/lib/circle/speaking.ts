/**
 * Whose word is taken in and heeded, statements aside (docs/protocol.md IB10, GE2).
 */
import type { DeviceId } from '../base/ids.ts';
import type { CircleState } from './epochs.ts';

/** Whether a device speaks for somebody who is in, or who left and let their words stay. */
export const speaks = ({ roster, head }: CircleState, device: DeviceId): boolean => {
  const known = roster.devicesById.get(device);
  return known !== undefined && known.out !== true && head?.members.left.get(known.person) !== 'go';
};
