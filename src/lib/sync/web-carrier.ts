/**
 * The locked carrier as it runs in a browser: y-webrtc rooms found over the circle's relays, as `web-engine.ts` has them. Mail
 * that waits on relays is left there: reading it takes keys that a locked device does not have.
 */
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { LockedCarrier } from './locked-carrier.ts';
import { openPeerRoom } from './peer-room.ts';
import { createReplicaStore } from './replica-store.ts';
import { replicaDatabaseName } from './web-engine.ts';
import { WebNetwork, type NetworkConfiguration } from './web-network.ts';

export interface WebCarrierOptions extends NetworkConfiguration {
  readonly database: ShoulderDatabase;
  /** Used where a circle names no relay of its own. */
  readonly relays: readonly string[];
}

export const createWebCarrier = ({ database, relays, ...configuration }: WebCarrierOptions) => {
  const network = new WebNetwork(configuration);
  const replicas = createReplicaStore(replicaDatabaseName);
  const carrier = new LockedCarrier({
    database,
    replicas,
    openRoom: (row, doc) => {
      const room = openPeerRoom({
        doc,
        topic: row.topic,
        signalKey: row.signal,
        context: row.context,
        device: { id: row.device, signKey: row.signKey, publicKeys: row.publicKeys },
        transport: network.createTransport(row.relays ?? relays),
        ...network.ice,
        clock: systemClock,
        random: systemRandom,
        expectedPeers: () => row.others,
        onPeers: () => undefined,
        onSynced: () => undefined
      });
      return { wake: () => room.announce(), close: () => room.close() };
    }
  });
  return {
    engine: carrier,
    wake: () => {
      network.wake();
      carrier.wake();
    },
    stop: async () => {
      await carrier.stop();
      replicas.close();
    }
  };
};
