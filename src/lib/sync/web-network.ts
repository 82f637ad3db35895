/**
 * What of the network a tab may use: sockets to relays, and what two devices connect by; by the instance's configuration, and
 * by whether only one's own network is to be used.
 */
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { socketsTo, withinOwnNetwork } from './own-network.ts';
import type { PeerRoomOptions } from './peer-room.ts';
import type { RelayConnectionOptions } from './relay-connection.ts';
import { createRelayTransport, type RelayTransport } from './relay-transport.ts';
import { createSignalFan } from './signal-fan.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';
import { createVeiledTransport } from './veiled-transport.ts';

export interface NetworkConfiguration {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** The host that the app came from, where nothing else but this network may be spoken to; else `null`. */
  readonly onlyHost: string | null;
}

export class WebNetwork {
  /** What a connection to a relay is made with. */
  readonly relayParts: Pick<RelayConnectionOptions, 'clock' | 'random' | 'socket'>;
  /** What connections between devices are made by. */
  readonly ice: Pick<PeerRoomOptions, 'iceServers' | 'iceTransportPolicy' | 'admit'>;
  readonly #open = new Set<RelayTransport>();

  constructor({ iceServers, iceTransportPolicy, onlyHost }: NetworkConfiguration) {
    this.relayParts = { clock: systemClock, random: systemRandom, socket: socketsTo(onlyHost) };
    this.ice = onlyHost === null ? { iceServers, iceTransportPolicy } : { iceServers: [], admit: withinOwnNetwork };
  }

  /** Signals by way of all these relays at once, of which each sees something else. RT4, SG7. */
  createTransport(
    relays: readonly string[],
    onStatus: (connected: boolean) => void = () => undefined
  ): SignalTransport {
    const transports = relays.map((url) => createRelayTransport({ url, ...this.relayParts }));
    transports.forEach((transport) => this.#open.add(transport));
    const fan = createSignalFan(transports.map((one) => createVeiledTransport(one, one.id, systemRandom)));
    const open = ({ onMessage, onStatus: tellTheirs }: SignalHandlers): void =>
      fan.open({
        onMessage,
        onStatus: (connected) => {
          onStatus(connected);
          tellTheirs(connected);
        }
      });
    const close = (): void => {
      transports.forEach((transport) => this.#open.delete(transport));
      fan.close();
    };
    return { ...fan, open, close };
  }

  /** The network or the person may be back. */
  wake(): void {
    this.#open.forEach((transport) => transport.wake());
  }
}
