/** Who may say what: refused is only what can never become right. */
import { describe, expect, test } from 'vitest';
import { ackSlot, hasAuthority, ledgerSlot } from '../../../src/lib/circle/authority.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { FoundedCircle } from './friends.ts';

const judged = async (kind: number, slot: string, more: object = {}): Promise<boolean> => {
  const circle = await FoundedCircle.by();
  const { payload } = await circle.say(circle.founder);
  return hasAuthority({ ...payload, kind, slot, ...more });
};

describe('lets through', () => {
  test.each([
    ['[AU1] a statement in its place', kinds.manifest, 'roster/genesis', {}],
    ['[AU1] a statement of a kind that has no code yet', kinds.vote, 'roster/vote/1', {}],
    ['[AU3] a ledger in its place', kinds.ledger, ledgerSlot, { ver: 9 }],
    ['[AU3] an ack in its place', kinds.ack, ackSlot, { ver: 9 }],
    ['[AU4] a check-in anywhere else', kinds.checkIn, 'now', { expMs: 5 }],
    ['[AU4] what is taken back', kinds.gone, 'now', { ver: 2 }],
    ['[AU4] a kind of a later version', 999, 'anything', {}]
  ])('%s', async (_, kind, slot, more) => {
    expect(await judged(kind, slot, more)).toBe(true);
  });
});

describe('refuses', () => {
  test.each([
    ['[AU1] a statement elsewhere', kinds.leave, 'now', {}],
    ['[AU1] a check-in where statements stand', kinds.checkIn, 'roster/now', {}],
    ['[AU1] taking back a statement', kinds.gone, 'roster/leave', { ver: 2 }],
    ['[AU1] a kind of a later version where statements stand', 999, 'roster/later', {}],
    ['[AU2] a second version of a statement', kinds.leave, 'roster/leave', { ver: 2 }],
    ['[AU2] a statement that fades', kinds.leave, 'roster/leave', { expMs: 5 }],
    ['[AU3] a ledger elsewhere', kinds.ledger, 'now', {}],
    ['[AU3] an ack elsewhere', kinds.ack, ledgerSlot, {}],
    ['[AU3] a check-in in the place of the ledger', kinds.checkIn, ledgerSlot, {}],
    ['[AU3] taking back an ack', kinds.gone, ackSlot, { ver: 2 }],
    ['[AU3] a ledger that fades', kinds.ledger, ledgerSlot, { expMs: 5 }],
    ['[AU3] an ack that fades', kinds.ack, ackSlot, { expMs: 5 }]
  ])('%s', async (_, kind, slot, more) => {
    expect(await judged(kind, slot, more)).toBe(false);
  });
});
