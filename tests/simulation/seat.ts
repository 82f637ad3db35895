/**
 * From the port's `RoomOptions` to a seat in the simulated network.
 */
import type { RoomOptions } from '../../src/lib/sync/room.ts';
import type { RoomNetwork } from './room-network.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Takes a seat for a replica; the returned function leaves it. */
export const openSeat = (
  rooms: RoomNetwork,
  owner: string,
  options: RoomOptions,
  random: SeededRandom
): (() => void) => {
  const { device, doc, topic, onPeers, onSynced, onStatus } = options;
  // Yjs settles what was written at once by this number; drawn here, a seed repeats that too.
  doc.clientID = random.whole(1, 2 ** 31);
  // Later, as a real room: who opens it has not finished setting itself up.
  queueMicrotask(() => onStatus(true));
  return rooms.enter({ owner, device: device.id, topic, doc, onPeers, onSynced });
};
