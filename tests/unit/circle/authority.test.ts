/** Who may say what: refused is only what can never become right. */
import { describe, expect, test } from 'vitest';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { hasAuthority } from '../../../src/lib/circle/authority.ts';
import { generationSlot } from '../../../src/lib/circle/generation.ts';
import { ackSlot, ledgerSlot } from '../../../src/lib/circle/slots.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { FoundedCircle } from './friends.ts';

const { epoch: founding } = (await FoundedCircle.by()).keys;
const another = bytesToId<EpochId>(new Uint8Array(16).fill(9));

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
    ['[AU4] a kind of a later version', 999, 'anything', {}],
    ['[AU4] presence, for the whole circle', kinds.gesture, 'gesture', {}],
    ['[AU6] a generation in the place of its epoch', kinds.generation, generationSlot(founding), { ver: 9 }],
    ['[AU5] what is private, which says no more than that', kinds.private, 'private/it', { expMs: 5 }],
    ['[AU5] the number just before those that are only private', 63, 'anything', {}],
    ['[AU5] the number just after those that are only private', 96, 'anything', {}]
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
    ['[AU3] an ack that fades', kinds.ack, ackSlot, { expMs: 5 }],
    ['[AU6] a generation elsewhere', kinds.generation, 'now', {}],
    ['[AU6] a generation in the place of another epoch', kinds.generation, generationSlot(another), {}],
    ['[AU6] a generation that fades', kinds.generation, generationSlot(founding), { expMs: 5 }],
    ['[AU6] taking back a generation', kinds.gone, generationSlot(founding), { ver: 2 }],
    ['[AU6] a check-in where generations stand', kinds.checkIn, generationSlot(founding), {}],
    ['[AU5] a question about advice standing openly', kinds.askAdvice, 'private/it', {}],
    ['[AU5] the words of a me too standing openly', kinds.beenThere, 'private/it', {}],
    ['[AU5] that helped, standing openly', kinds.helped, 'private/it', {}],
    ['[AU5] a letter standing openly', kinds.letter, 'private/it', {}],
    ['[AU5] a thought of somebody standing openly', kinds.thought, 'private/it', {}],
    ['[AU5] a reach-out standing openly', kinds.reachOut, 'private/it', {}],
    ['[AU5] an answer to one standing openly', kinds.reachAnswer, 'private/it', {}],
    ['[AU5] the first kind that is only private', 64, 'now', {}],
    ['[AU5] a later version’s kind that is only private', 95, 'now', {}]
  ])('%s', async (_, kind, slot, more) => {
    expect(await judged(kind, slot, more)).toBe(false);
  });
});
