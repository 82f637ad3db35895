/** An invitation's mail over real relays: the one of our own, and one as strict as strfry. */
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import { bytesToId, type CircleId } from '../../src/lib/base/ids.ts';
import { inviteLifetimeMs } from '../../src/lib/base/limits.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { deriveInvitationKeys, inviteMailboxKeys, type InvitationKeys } from '../../src/lib/circle/invitation.ts';
import { makeAsk, type InvitationMessage } from '../../src/lib/circle/joining.ts';
import { createNostrKey } from '../../src/lib/sync/nostr-key.ts';
import { InviteMail } from '../../src/lib/sync/invite-mail.ts';
import { createRelayMailbox } from '../../src/lib/sync/relay-mailbox.ts';
import { startServer } from '../../src/relay/server.ts';
import { friend } from '../unit/circle/friends.ts';
import { startStrictRelay } from './strict-relay.ts';

const circle = bytesToId<CircleId>(new Uint8Array(16).fill(1));

/** One side, which believes every letter, and what it heard, and what the relay has of what it wants. */
const openSide = async (url: string, keys: InvitationKeys) => {
  const heard: string[] = [];
  const left: string[] = [];
  const mail = new InviteMail({
    ...{ keys, circle, clock: systemClock, random: systemRandom },
    mailboxes: [
      createRelayMailbox({ keys: await inviteMailboxKeys(keys, url), clock: systemClock, random: systemRandom })
    ],
    untilMs: systemClock.nowMs() + inviteLifetimeMs,
    isGenuine: async () => true,
    onLetters: (letters) => heard.push(...letters.map(({ message }) => textOf(message))),
    onLeft: (message) => left.push(textOf(message))
  });
  mail.start();
  return { mail, heard, left };
};

const textOf = (message: InvitationMessage): string =>
  message.type === 'ask' ? `ask from ${message.ask.terms.name}` : message.type;

const askOf = async (keys: InvitationKeys): Promise<InvitationMessage> => {
  const { device, secrets } = await friend(1);
  const terms = { circle, invite: keys.id, name: 'Bo', keys: secrets.publicKeys, nonce: new Uint8Array(16) };
  return { type: 'ask', ask: await makeAsk(device, terms) };
};

const startRelay = async (kind: 'own' | 'strict') => {
  const letters: { readonly tags: readonly string[][]; readonly pubkey: string; readonly content: string }[] = [];
  const observe = (text: string): void => {
    // Requests' lines and headers are observed too.
    if (!text.startsWith('["EVENT"')) return;
    const [, event] = JSON.parse(text) as [string, (typeof letters)[number] & { readonly kind: number }];
    if (event.kind === 1059) letters.push(event);
  };
  const server = await startServer({ host: '127.0.0.1', port: 0, observe });
  if (kind === 'own') return { url: server.relayUrl, letters, close: () => server.close() };
  const strict = await startStrictRelay({ relayUrl: server.relayUrl, clock: systemClock });
  const close = async (): Promise<void> => {
    await strict.close();
    await server.close();
  };
  return { url: strict.url, letters, close };
};

describe.each(['own', 'strict'] as const)('on the %s relay', (kind) => {
  test('[IN11] an ask waits for a member, and the answer for the one who asked; each is left once', async () => {
    const relay = await startRelay(kind);
    const keys = await deriveInvitationKeys(systemRandom.bytes(16));
    const ask = await askOf(keys);
    const bo = await openSide(relay.url, keys);
    bo.mail.want(ask);
    await vi.waitFor(() => expect(bo.left).toEqual(['ask from Bo']), 5000);
    bo.mail.stop();

    const ana = await openSide(relay.url, keys);
    await vi.waitFor(() => expect(ana.heard).toEqual(['ask from Bo']), 5000);
    if (ask.type !== 'ask') throw new Error('it is an ask');
    ana.mail.want({ type: 'welcome', to: ask.ask.id, box: new Uint8Array(2000) });
    await vi.waitFor(() => expect(ana.left).toEqual(['welcome']), 5000);
    ana.mail.stop();

    const again = await openSide(relay.url, keys);
    again.mail.want(ask);
    await vi.waitFor(() => expect(again.heard.toSorted()).toEqual(['ask from Bo', 'welcome']), 5000);
    await vi.waitFor(() => expect(again.left).toEqual(['ask from Bo']), 5000);
    again.mail.stop();
    expect(relay.letters).toHaveLength(2);
    await relay.close();
  });

  test('[IN10] what the relay sees links no two invitations, and tells an ask from an answer by its length at most', async () => {
    const relay = await startRelay(kind);
    for (let n = 0; n < 2; n++) {
      const keys = await deriveInvitationKeys(systemRandom.bytes(16));
      const side = await openSide(relay.url, keys);
      side.mail.want(await askOf(keys));
      side.mail.want({ type: 'closed', to: bytesToId(new Uint8Array(32)), why: 'used' });
      await vi.waitFor(() => expect(side.left).toHaveLength(2), 5000);
      side.mail.stop();
    }
    const { letters } = relay;
    expect(letters).toHaveLength(4);
    expect(new Set(letters.map(({ pubkey }) => pubkey)).size).toBe(4);
    expect(new Set(letters.map(({ content }) => content)).size).toBe(4);
    expect(new Set(letters.map(({ content }) => content.length)).size).toBe(1);
    expect(new Set(letters.map(({ tags }) => tags.find(([name]) => name === 'p')?.[1])).size).toBe(2);
    for (const { tags } of letters) expect(tags.map(([name]) => name)).toEqual(['p', 'expiration']);
    await relay.close();
  });
});

test('[IN13] letters that no key of the invitation sealed are passed over, and what is true is found among them', async () => {
  const relay = await startRelay('own');
  const keys = await deriveInvitationKeys(systemRandom.bytes(16));
  const { seed } = await inviteMailboxKeys(keys, relay.url);
  const { pubkey } = await createNostrKey(seed, systemRandom);
  const stranger = await createNostrKey(systemRandom.bytes(48), systemRandom);
  const socket = new WebSocket(relay.url);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  let taken = 0;
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    if (data.startsWith('["OK"') && data.includes('true')) taken++;
  });
  const nowS = Math.floor(systemClock.nowMs() / 1000);
  for (let n = 0; n < 30; n++) {
    const tags = [
      ['p', pubkey],
      ['expiration', String(nowS + 3600)]
    ];
    const event = await stranger.sign({ kind: 1059, created_at: nowS, tags, content: `garbage ${n}` });
    socket.send(JSON.stringify(['EVENT', event]));
  }
  await vi.waitFor(() => expect(taken).toBe(30), 5000);
  const bo = await openSide(relay.url, keys);
  bo.mail.want(await askOf(keys));
  await vi.waitFor(() => expect(bo.left).toEqual(['ask from Bo']), 5000);
  bo.mail.stop();
  const ana = await openSide(relay.url, keys);
  await vi.waitFor(() => expect(ana.heard).toEqual(['ask from Bo']), 5000);
  ana.mail.stop();
  socket.close();
  await relay.close();
});
