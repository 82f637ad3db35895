/**
 * The engine as it runs in a browser: y-webrtc rooms found over the circle's relay. Loaded after the board has painted.
 */
import { systemClock } from '../base/clock.ts';
import { concatBytes } from '../base/bytes.ts';
import { idToBytes } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { Engine, type EngineDependencies } from './engine.ts';
import { mailboxKeys } from '../records/epoch-keys.ts';
import { normalRelayUrl } from '../records/relay-url.ts';
import { openPeerRoom } from './peer-room.ts';
import { deviceOfPeer } from './signal-message.ts';
import { createRelayTransport, type RelayTransport } from './relay-transport.ts';
import { createRelayMailbox } from './relay-mailbox.ts';
import { createReplicaStore } from './replica-store.ts';
import type { OpenRoom } from './room.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';

export interface WebEngineOptions extends Pick<
  EngineDependencies,
  'database' | 'vault' | 'circles' | 'author' | 'clock' | 'mayFade' | 'onAhead' | 'onRefused'
> {
  /** Used where a circle names no relay of its own. */
  readonly relays: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
}

export const replicaDatabaseName = 'shoulder-replicas';

export const createWebEngine = (
  options: WebEngineOptions
): { engine: Engine; wake: () => void; stop: () => Promise<void> } => {
  const open = new Set<RelayTransport>();
  const createTransport = (relays: readonly string[]): SignalTransport => {
    const url = relays[0] ?? options.relays[0] ?? '';
    const transport = createRelayTransport({ url, clock: systemClock, random: systemRandom });
    open.add(transport);
    return watched(transport, { onClose: () => open.delete(transport) });
  };
  const openRoom: OpenRoom = ({ circle, doc, topic, expectedPeers, onPeers, onStatus, onSynced, onRefused }) => {
    const { current, device, relays } = circle.keyring;
    const room = openPeerRoom({
      doc,
      topic,
      signalKey: current.signal,
      context: concatBytes(idToBytes(current.circle), idToBytes(current.epoch)),
      device,
      transport: watched(createTransport(relays), { onStatus }),
      iceServers: options.iceServers,
      clock: systemClock,
      random: systemRandom,
      expectedPeers,
      onPeers: (peers) => onPeers([...new Set(peers.map((peer) => peer.device))]),
      onSynced,
      onRefused: (refusal) =>
        onRefused(refusal.type, 'peerId' in refusal ? (deviceOfPeer(refusal.peerId) ?? null) : null)
    });
    return { wake: () => room.announce(), close: () => room.close() };
  };
  /** A mailbox on each relay of the circle; an address that is none has been somebody's mistake and is passed over. */
  const createMailboxes: EngineDependencies['createMailboxes'] = async ({ keyring }) => {
    const relays = keyring.relays.length > 0 ? keyring.relays : options.relays;
    const urls = [...new Set(relays.flatMap((url) => normalRelayUrl(url) ?? []))];
    const keys = await Promise.all(urls.map((url) => mailboxKeys(keyring.current, url)));
    return keys.map((each) => createRelayMailbox({ keys: each, clock: systemClock, random: systemRandom }));
  };
  const replicas = createReplicaStore(replicaDatabaseName);
  const engine = new Engine({ ...options, replicas, createTransport, createMailboxes, openRoom, random: systemRandom });
  return {
    engine,
    wake: () => {
      open.forEach((transport) => transport.wake());
      engine.wake();
    },
    stop: async () => {
      await engine.stop();
      replicas.close();
    }
  };
};

/** A transport whose status and end somebody else hears of too. */
const watched = (
  transport: SignalTransport,
  { onStatus, onClose }: { onStatus?: (connected: boolean) => void; onClose?: () => void }
): SignalTransport => ({
  id: transport.id,
  trickle: transport.trickle,
  maxBytes: transport.maxBytes,
  open: (handlers: SignalHandlers) =>
    transport.open({
      onMessage: handlers.onMessage.bind(handlers),
      onStatus: (connected) => {
        onStatus?.(connected);
        handlers.onStatus(connected);
      }
    }),
  subscribe: (topics) => transport.subscribe(topics),
  unsubscribe: (topics) => transport.unsubscribe(topics),
  publish: (topic, data) => transport.publish(topic, data),
  close: () => {
    onClose?.();
    transport.close();
  }
});
