/** The search of what relays keep finds what is planted: without that, finding nothing would say nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { groupsOf, linkBetween, tells, trailOf } from '../../e2e/harness/relay-search.ts';
import { searchHeard } from '../../e2e/harness/profile-search.ts';
import { keysOf, signDeletion, signEvent, signIn, signMail } from './signed-event.ts';

const address = 'wss://relay.example/relay';
const sealed = (): string => randomBytes(1500).toString('base64url');
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What one connection of Shoulder says, in every shape that there is. */
const frames = (number: number): unknown[] => {
  const mailbox = keysOf(number);
  const author = keysOf(number + 100);
  const event = signMail(mailbox.publicKey, { content: sealed() }, author);
  const topic = randomBytes(16).toString('base64url');
  return [
    ['REQ', 'm0', { kinds: [1059], '#p': [mailbox.publicKey], limit: 1 }],
    ['AUTH', signIn(mailbox, { challenge: randomBytes(16).toString('hex'), relay: address, nowMs: 1_700_000_000_000 })],
    ['REQ', 'm1', { kinds: [1059], '#p': [mailbox.publicKey], since: 1_700_000_000, until: 1_700_000_100, limit: 500 }],
    ['EVENT', event],
    ['EVENT', signDeletion([event.id], author)],
    ['REQ', 'm2', { kinds: [1059], '#p': [mailbox.publicKey], ids: [event.id] }],
    ['CLOSE', 'm2'],
    ['REQ', 'signal', { kinds: [20_571], '#t': [topic], limit: 0 }],
    ['EVENT', signEvent({ tags: [['t', topic]], content: sealed() }, keysOf(number + 50))]
  ];
};

const secret = randomBytes(32);
const part = secret.subarray(3, 19);

describe('two connections that have nothing in common', () => {
  test('but what every Shoulder says are not linked', () => {
    expect(linkBetween(trailOf(frames(1), address), trailOf(frames(2), address))).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['a mailbox', ['REQ', 'm3', { kinds: [1059], '#p': [keysOf(2).publicKey] }]],
    ['an author', ['EVENT', signEvent({ content: sealed() }, keysOf(102))]],
    ['an id of another’s event', ['REQ', 'm3', { ids: [signMail(keysOf(2).publicKey, {}, keysOf(102)).id] }]],
    ['the name of a subscription', ['REQ', 'ana-and-bo', {}]],
    ['a field', ['EVENT', { 'ana-and-bo': true }]],
    ['a large number', ['REQ', 'm3', { limit: 123_456_789_012_345 }]],
    ['16 bytes in the middle of a content', ['EVENT', { content: inside(part).toString('base64url') }]],
    ['the same with padding and pluses', ['EVENT', { content: inside(part).toString('base64') }]],
    ['the same in hex', ['EVENT', { content: inside(part).toString('hex') }]],
    ['the same in a tag', ['EVENT', { tags: [['x', inside(part).toString('hex')]] }]]
  ])('and are where %s is planted', (_name, planted) => {
    const theirs = [
      ...frames(2),
      ['REQ', 'ana-and-bo', { 'ana-and-bo': [], limit: 123_456_789_012_345 }],
      ['EVENT', signMail(keysOf(2).publicKey, {}, keysOf(102))],
      ['EVENT', { content: inside(part).toString('base64url') }]
    ];
    expect(linkBetween(trailOf(frames(1), address), trailOf(theirs, address))).toBeUndefined();
    expect(linkBetween(trailOf([...frames(1), planted], address), trailOf(theirs, address))).toMatch(/^[0-9a-f]+$/);
  });

  test('but another relay’s address are linked by it', () => {
    const elsewhere = 'wss://another.example/';
    expect(linkBetween(trailOf(frames(1), elsewhere), trailOf(frames(2), elsewhere))).toBeDefined();
  });
});

test('what hangs together by way of a third is one group', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(hash) as [string, string, string, string];
  const trails = [[a], [b], [c, a], [d], [b, c]].map((texts) => trailOf(texts, address));
  expect(groupsOf(trails)).toEqual([[0, 1, 2, 4], [3]]);
});

describe('what must not be there is found', () => {
  const text = 'Quillwort and starling';
  test.each<[string, string]>([
    ['as bytes in base64url', sealedWith(secret).toString('base64url')],
    ['as bytes in base64', sealedWith(secret).toString('base64')],
    ['as hex', secret.toString('hex')],
    ['as half of it', secret.toString('hex').slice(32)],
    ['as base64url of its own', secret.toString('base64url')],
    ['as hex in base64', Buffer.from(`x${secret.toString('hex')}`).toString('base64url')]
  ])('a secret %s', (_name, planted) => {
    expect(tells(trailOf(frames(1), address), secret)).toBe(false);
    expect(tells(trailOf([...frames(1), ['EVENT', { content: planted }]], address), secret)).toBe(true);
    expect(tells(trailOf([...frames(1), ['EVENT', { content: `x.${planted}` }]], address), secret)).toBe(true);
  });

  test.each<[string, string]>([
    ['as it is', `and ${text} too`],
    ['in base64url', Buffer.from(`and ${text} too`).toString('base64url')],
    ['in hex', Buffer.from(text).toString('hex')],
    ['in an address', encodeURIComponent(text)]
  ])('a sentence %s', (_name, planted) => {
    expect(searchHeard([JSON.stringify([...frames(1), ['REQ', planted, {}]])], { text })).toEqual(['text']);
  });
});

/** Bytes with others around them, on a boundary of three so that base64 has them in the same letters. */
function inside(bytes: Uint8Array): Buffer {
  return Buffer.concat([randomBytes(30), bytes, randomBytes(30)]);
}

/** Bytes with others around them, on no boundary at all. */
function sealedWith(bytes: Uint8Array): Buffer {
  return Buffer.concat([randomBytes(31), bytes, randomBytes(17)]);
}
