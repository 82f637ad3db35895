/**
 * The engine as it runs in a browser: y-webrtc rooms found over the circle's relays. Loaded after the board has painted.
 */
import { systemClock } from '../base/clock.ts';
import { concatBytes } from '../base/bytes.ts';
import { idToBytes } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { webLocks } from '../store/author.ts';
import { inviteMailboxKeys } from '../circle/invitation.ts';
import { mailboxKeys, type MailboxKeys } from '../records/meeting-keys.ts';
import { normalRelayUrl } from '../records/relay-url.ts';
import { Engine, type EngineDependencies } from './engine.ts';
import type { Mailbox } from './envelope-carrier.ts';
import { openPeerRoom } from './peer-room.ts';
import { createRelayMailbox } from './relay-mailbox.ts';
import { createReplicaStore } from './replica-store.ts';
import type { OpenRoom } from './room.ts';
import { deviceOfPeer } from './signal-message.ts';
import { WebNetwork, type NetworkConfiguration } from './web-network.ts';

export interface WebEngineOptions
  extends
    NetworkConfiguration,
    Pick<
      EngineDependencies,
      'database' | 'vault' | 'circles' | 'author' | 'clock' | 'mayFade' | 'onAhead' | 'onRefused' | 'onTwoOwn'
    > {
  /** Used where a circle names no relay of its own. */
  readonly relays: readonly string[];
}

export const replicaDatabaseName = 'shoulder-replicas';

export const createWebEngine = (
  options: WebEngineOptions
): { engine: Engine; wake: () => void; stop: () => Promise<void> } => {
  const network = new WebNetwork(options);
  /** A mailbox on each relay; an address that is none has been somebody's mistake and is passed over. */
  const mailboxesOn = async (
    relays: readonly string[],
    keysOn: (url: string) => Promise<MailboxKeys>
  ): Promise<Mailbox[]> => {
    const urls = [...new Set(relays.flatMap((url) => normalRelayUrl(url) ?? []))];
    const keys = await Promise.all(urls.map(keysOn));
    return keys.map((each) => createRelayMailbox({ keys: each, ...network.relayParts }));
  };
  const replicas = createReplicaStore(replicaDatabaseName);
  const engine = new Engine({
    ...options,
    defaultRelays: options.relays,
    replicas,
    exclusively: webLocks,
    createTransport: (relays) => network.createTransport(relays),
    createMailboxes: (keys, relays) => mailboxesOn(relays, (url) => mailboxKeys(keys, url)),
    createInviteMailboxes: (keys, relays) => mailboxesOn(relays, (url) => inviteMailboxKeys(keys, url)),
    openRoom: roomOpener(network),
    random: systemRandom
  });
  return {
    engine,
    wake: () => {
      network.wake();
      engine.wake();
    },
    stop: async () => {
      await engine.stop();
      replicas.close();
    }
  };
};

const roomOpener =
  (network: WebNetwork): OpenRoom =>
  ({ keys, device, relays, doc, topic, expectedPeers, onPeers, onStatus, onSynced, onRefused }) => {
    const room = openPeerRoom({
      doc,
      topic,
      signalKey: keys.signal,
      context: concatBytes(idToBytes(keys.circle), idToBytes(keys.epoch)),
      device,
      transport: network.createTransport(relays, onStatus),
      ...network.ice,
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
