/**
 * The engine as it runs in a browser: y-webrtc rooms found over the circle's relay. Loaded after the board has painted.
 */
import { systemClock } from '../base/clock.ts';
import { concatBytes } from '../base/bytes.ts';
import { idToBytes } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { inviteMailboxKeys } from '../circle/invitation.ts';
import { Engine, type EngineDependencies } from './engine.ts';
import { mailboxKeys } from '../records/epoch-keys.ts';
import { normalRelayUrl } from '../records/relay-url.ts';
import { socketsTo, withinOwnNetwork } from './own-network.ts';
import { openPeerRoom } from './peer-room.ts';
import { deviceOfPeer } from './signal-message.ts';
import { createRelayTransport, type RelayTransport } from './relay-transport.ts';
import { createRelayMailbox } from './relay-mailbox.ts';
import { createReplicaStore } from './replica-store.ts';
import { createSignalFan } from './signal-fan.ts';
import type { OpenRoom } from './room.ts';
import type { SignalHandlers, SignalTransport } from './signal-transport.ts';
import { createVeiledTransport } from './veiled-transport.ts';

export interface WebEngineOptions extends Pick<
  EngineDependencies,
  'database' | 'vault' | 'circles' | 'author' | 'clock' | 'mayFade' | 'onAhead' | 'onRefused'
> {
  /** Used where a circle names no relay of its own. */
  readonly relays: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** The host that the app came from, where nothing else but this network may be spoken to; else `null`. */
  readonly onlyHost: string | null;
}

export const replicaDatabaseName = 'shoulder-replicas';

export const createWebEngine = (
  options: WebEngineOptions
): { engine: Engine; wake: () => void; stop: () => Promise<void> } => {
  const open = new Set<RelayTransport>();
  const { onlyHost } = options;
  const parts = { clock: systemClock, random: systemRandom, socket: socketsTo(onlyHost) };
  const createTransport = (relays: readonly string[]): SignalTransport => {
    const transports = relays.map((url) => createRelayTransport({ url, ...parts }));
    transports.forEach((transport) => open.add(transport));
    const onClose = (): void => transports.forEach((transport) => open.delete(transport));
    const veiled = transports.map((one) => createVeiledTransport(one, one.id, systemRandom));
    return watched(createSignalFan(veiled), { onClose });
  };
  const openRoom = roomOpener(options, createTransport);
  /** A mailbox on each relay of the circle; an address that is none has been somebody's mistake and is passed over. */
  const createMailboxes: EngineDependencies['createMailboxes'] = async ({ keyring }, relays) => {
    const urls = [...new Set(relays.flatMap((url) => normalRelayUrl(url) ?? []))];
    const keys = await Promise.all(urls.map((url) => mailboxKeys(keyring.current, url)));
    return keys.map((each) => createRelayMailbox({ keys: each, ...parts }));
  };
  const createInviteMailboxes: EngineDependencies['createInviteMailboxes'] = async (keys, named) => {
    const urls = [...new Set(named.flatMap((url) => normalRelayUrl(url) ?? []))];
    const mailboxes = await Promise.all(urls.map((url) => inviteMailboxKeys(keys, url)));
    return mailboxes.map((each) => createRelayMailbox({ keys: each, ...parts }));
  };
  const replicas = createReplicaStore(replicaDatabaseName);
  const engine = new Engine({
    ...options,
    defaultRelays: options.relays,
    replicas,
    createTransport,
    createMailboxes,
    createInviteMailboxes,
    openRoom,
    random: systemRandom
  });
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

/** Rooms on these transports, with the ICE servers that may be used. */
const roomOpener =
  (
    { onlyHost, iceServers, iceTransportPolicy }: WebEngineOptions,
    createTransport: (relays: readonly string[]) => SignalTransport
  ): OpenRoom =>
  ({ circle, relays, doc, topic, expectedPeers, onPeers, onStatus, onSynced, onRefused }) => {
    const { current, device } = circle.keyring;
    const room = openPeerRoom({
      doc,
      topic,
      signalKey: current.signal,
      context: concatBytes(idToBytes(current.circle), idToBytes(current.epoch)),
      device,
      transport: watched(createTransport(relays), { onStatus }),
      ...(onlyHost === null ? { iceServers, iceTransportPolicy } : { iceServers: [], admit: withinOwnNetwork }),
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
