/**
 * The port between a circle's replica and other devices: who is here, and whose changes come in.
 *
 * Adapters: `peer-room.ts` over y-webrtc, and an in-process one in the simulation.
 */
import type * as Y from 'yjs';
import type { DeviceId, Topic } from '../base/ids.ts';
import type { DeviceIdentity } from '../crypto/device.ts';
import type { LighthouseKeys } from '../records/epoch-keys.ts';

export interface RoomOptions {
  /** The epoch's, by which the others are found. */
  readonly keys: LighthouseKeys;
  /** Which device this is. */
  readonly device: DeviceIdentity;
  /** The replica's document: the room exchanges its updates with every device that is here. */
  readonly doc: Y.Doc;
  readonly topic: Topic;
  /** Where others are looked for: relays' addresses. */
  readonly relays: readonly string[];
  /** How many other people may be here at once; at that many the room falls silent. */
  readonly expectedPeers: () => number;
  /** The devices that are connected and proved who they are, on every change. */
  readonly onPeers: (devices: readonly DeviceId[]) => void;
  /** A first exchange with some device is complete. */
  readonly onSynced: () => void;
  /** Whether the way to find others is open. */
  readonly onStatus: (connected: boolean) => void;
  /** A refusal by name, with the device it is about where that is known. */
  readonly onRefused: (type: string, device: DeviceId | null) => void;
}

export interface Room {
  /** Says again that this device is here. */
  wake(): void;
  /** Leaves; the topic can be opened again at once. */
  close(): void;
}

export type OpenRoom = (options: RoomOptions) => Room;
