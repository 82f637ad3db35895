/** Ways in which a relay fails its people, to be put into a `TroubledRelay`. */
import { secondMs, systemClock } from '../../../src/lib/base/clock.ts';
import { pageEventsMax } from '../../../src/lib/sync/mail-pages.ts';
import { kindOf, type Frame, type Trouble } from './troubled-relay.ts';

const mailKind = 1059;

/** Takes no mail, and says so. Deletions and signaling go on. */
export const refusing = (reason: string): Trouble => ({ onSaid: insteadOfMail((id) => [['OK', id, false, reason]]) });

/** Lets mail fall on the floor without a word. */
export const silent: Trouble = { onSaid: insteadOfMail(() => []) };

/** Says that it keeps mail, and does not. */
export const forgetful: Trouble = { onSaid: insteadOfMail((id) => [['OK', id, true, '']]) };

/** Hands out at most so many events for one question. */
export const cappedAt = (limit: number): Trouble => ({
  onSaid: (frame) => {
    const [verb, id, ...filters] = frame;
    if (verb !== 'REQ') return { pass: frame };
    const capped = filters.map((filter) => {
      const asked = (filter as { limit?: number }).limit ?? limit;
      return { ...(filter as object), limit: Math.min(asked, limit) };
    });
    return { pass: [verb, id, ...capped] };
  }
});

/** Grants every subscription and takes it back at once. */
export const closing: Trouble = {
  onAnswered: (frame) =>
    frame[0] === 'EOSE' ? [frame, ['CLOSED', frame[1], 'error: shutting down idle ones']] : [frame]
};

export const slowBy = (delayMs: number): Trouble => ({ delayMs });

/**
 * Tells stories: each piece of mail comes twice, in the wrong order, beside what was tampered with, what is another
 * mailbox's and what is nothing at all; and while anybody is connected it never falls silent.
 */
export const lying: Trouble = {
  onAnswered: (frame) => {
    const [verb, id, event] = frame;
    if (verb !== 'EVENT' || kindOf(event) !== mailKind) return [frame];
    const mail = event as Readonly<Record<string, unknown>>;
    const content = String(mail.content);
    const foreign = 'e'.repeat(64);
    return [
      ['EVENT', id, { ...mail, id: foreign, content: `A${content.slice(1)}` }],
      ['EVENT', id, { ...mail, sig: '0'.repeat(128), pubkey: foreign }],
      frame,
      frame,
      ['EVENT', id, { ...mail, tags: [['p', foreign]] }],
      ['EVENT', id, { ...mail, created_at: 9_999_999_999, id: 'f'.repeat(64), content: '' }],
      ['EVENT', id, null],
      ['OK', mail.id, false, 'invalid: who are you'],
      ['NOTICE', '\u202e'.repeat(500)]
    ];
  },
  onConnected: (say) => {
    let cancel = (): void => undefined;
    const babble = (): void => {
      for (const text of babbling) say(text);
      cancel = systemClock.after(babbleEveryMs, babble);
    };
    babble();
    return () => cancel();
  }
};

/** To every question about the past it has hundreds of answers more, other ones each time, and never an end. */
export const inventing = (): Trouble => {
  const asked = new Map<unknown, { readonly '#p'?: readonly string[]; readonly until?: number }>();
  let inventions = 0;
  return {
    onSaid: (frame) => {
      const [verb, id, filter] = frame;
      if (verb === 'REQ' && (filter as { limit?: number }).limit === pageEventsMax) asked.set(id, filter as object);
      return { pass: frame };
    },
    onAnswered: (frame) => {
      const [verb, id] = frame;
      const filter = asked.get(id);
      if (verb !== 'EOSE' || filter === undefined) return [frame];
      const { until = Math.floor(systemClock.nowMs() / secondMs), '#p': [mailbox] = [] } = filter;
      return Array.from({ length: pageEventsMax }, (_, i) => [
        'EVENT',
        id,
        {
          id: (inventions++).toString(16).padStart(64, '0'),
          kind: mailKind,
          created_at: until - (i % 10),
          tags: [['p', mailbox]],
          content: 'A'.repeat(400)
        }
      ]);
    }
  };
};

const babbleEveryMs = 20;
const babbling = [
  'not even JSON',
  '[]',
  '{"EVENT":1}',
  '["EVENT"]',
  '["EOSE","nobody asked"]',
  '["CLOSED","nobody asked","error: x"]',
  JSON.stringify(['EVENT', 'm0', { kind: mailKind, id: 'a'.repeat(64), tags: [], created_at: 1, content: 'x' }]),
  JSON.stringify(['EVENT', 'm0', { kind: 1, content: 'y'.repeat(4000) }]),
  JSON.stringify(['NOTICE', 'z'.repeat(8000)])
];

function insteadOfMail(answer: (id: unknown) => readonly Frame[]): NonNullable<Trouble['onSaid']> {
  return (frame) => {
    const [verb, event] = frame;
    if (verb !== 'EVENT' || kindOf(event) !== mailKind) return { pass: frame };
    return { answer: answer((event as { id?: unknown }).id) };
  };
}
