/**
 * The locked carrier as it runs in a browser: y-webrtc rooms found over the circle's relays, as `web-engine.ts` has them. Mail
 * that waits on relays is left there: reading it takes keys that a locked device does not have.
 */
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { LockedCarrier } from './locked-carrier.ts';
import { socketsTo, withinOwnNetwork } from './own-network.ts';
import { openPeerRoom } from './peer-room.ts';
import { createRelayTransport, type RelayTransport } from './relay-transport.ts';
import { createReplicaStore } from './replica-store.ts';
import { createSignalFan } from './signal-fan.ts';
import { createVeiledTransport } from './veiled-transport.ts';
import { replicaDatabaseName, type WebEngineOptions } from './web-engine.ts';

export type WebCarrierOptions = { readonly database: ShoulderDatabase } & Pick<
  WebEngineOptions,
  'relays' | 'iceServers' | 'iceTransportPolicy' | 'onlyHost'
>;

export const createWebCarrier = ({ database, relays, iceServers, iceTransportPolicy, onlyHost }: WebCarrierOptions) => {
  const transports = new Set<RelayTransport>();
  const parts = { clock: systemClock, random: systemRandom };
  const replicas = createReplicaStore(replicaDatabaseName);
  const carrier = new LockedCarrier({
    database,
    replicas,
    openRoom: (row, doc) => {
      const urls = row.relays.length > 0 ? row.relays : relays;
      const mine = urls.map((url) => createRelayTransport({ url, ...parts, socket: socketsTo(onlyHost) }));
      mine.forEach((transport) => transports.add(transport));
      const room = openPeerRoom({
        doc,
        topic: row.topic,
        signalKey: row.signal,
        context: row.context,
        device: { id: row.device, signKey: row.signKey, publicKeys: row.publicKeys },
        transport: createSignalFan(mine.map((one) => createVeiledTransport(one, one.id, systemRandom))),
        ...(onlyHost === null ? { iceServers, iceTransportPolicy } : { iceServers: [], admit: withinOwnNetwork }),
        ...parts,
        expectedPeers: () => row.others,
        onPeers: () => undefined,
        onSynced: () => undefined
      });
      return {
        wake: () => room.announce(),
        close: () => {
          mine.forEach((transport) => transports.delete(transport));
          room.close();
        }
      };
    }
  });
  return {
    engine: carrier,
    wake: () => {
      transports.forEach((transport) => transport.wake());
      carrier.wake();
    },
    stop: async () => {
      await carrier.stop();
      replicas.close();
    }
  };
};
