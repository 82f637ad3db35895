/**
 * A crowd at one door: many requests on one invitation, each with keys and a name of its own, faster than anybody asks.
 */
import { systemClock } from '../../../src/lib/base/clock.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveInvitationKeys, readInvitation } from '../../../src/lib/circle/invitation.ts';
import { makeAsk, sealMessage } from '../../../src/lib/circle/joining.ts';
import { askNonceBytes } from '../../../src/lib/circle/transcript.ts';
import { generateDeviceSecrets, importDevice } from '../../../src/lib/crypto/device.ts';
import { createRelayTransport } from '../../../src/lib/sync/relay-transport.ts';
import { createVeiledTransport } from '../../../src/lib/sync/veiled-transport.ts';

/** Asks once under each name. Resolves when all were handed to the relay, at most some thirty a second. */
export const askMany = async (relayUrl: string, link: string, names: readonly string[]): Promise<void> => {
  const invitation = unwrap(await readInvitation(link));
  const keys = await deriveInvitationKeys(invitation.secret);
  const transport = createVeiledTransport(
    createRelayTransport({ url: relayUrl, clock: systemClock, random: systemRandom }),
    relayUrl,
    systemRandom
  );
  await new Promise<void>((resolve) => {
    transport.open({ onMessage: () => undefined, onStatus: (connected) => connected && resolve() });
  });
  for (const name of names) {
    const device = await importDevice(await generateDeviceSecrets());
    const nonce = systemRandom.bytes(askNonceBytes);
    const terms = { circle: invitation.circle, invite: keys.id, name, keys: device.publicKeys, nonce };
    const ask = await makeAsk(device, terms);
    await transport.publish(keys.topic, await sealMessage(keys, { type: 'ask', ask }, systemRandom));
    await new Promise<void>((resolve) => systemClock.after(pauseMs, resolve));
  }
  transport.close();
};

/** A little under what the relay grants one connection, so that every request arrives. */
const pauseMs = 25;
