/**
 * Reading a mailbox page by page, newest first, from a relay that caps every answer and may say anything.
 *
 * `until` is inclusive, so each page begins with the second the last one ended in, and ids tell what is new. A page with
 * nothing new steps back a second. Whatever the relay does, this ends. Source: NIP-01; docs/protocol.md MB7.
 */
import { hourMs, minuteMs, secondMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Arrival, CarryFailure, Delivery } from './envelope-carrier.ts';
import type { StoredMail } from './mail-event.ts';

/** Events in one page, as far as we ask for; relays may give fewer. */
export const pageEventsMax = 500;

/** Bounds of a filter in seconds since 1970, both inclusive. */
export interface PageBounds {
  readonly since?: number;
  readonly until?: number;
}

export interface MailPagesOptions {
  /** Where the last reading ended; 0 reads everything. */
  readonly fromS: number;
  /** The relay's time, as far as it is known. */
  readonly nowS: () => number;
  /** One page of at most `pageEventsMax`. */
  readonly ask: (bounds: PageBounds) => Promise<Result<readonly StoredMail[], CarryFailure>>;
  /** The envelopes in these events; what is no mail is left out. */
  readonly openAll: (mail: readonly StoredMail[]) => Promise<readonly Arrival[]>;
}

/** How far before the last reading the next one begins: events of one moment may reach a relay in any order. */
const overlapS = hourMs / secondMs;
/** No date further ahead than relays take is believed; a reading from there on would find nothing for ever. */
const aheadMaxS = (15 * minuteMs) / secondMs;
/** More than a circle of twelve leaves in half a year; beyond it a relay is making things up. */
const eventsMax = 50_000;
const pagesMax = 2000;

export async function* readMailPages(options: MailPagesOptions): AsyncGenerator<Result<Delivery, CarryFailure>> {
  const { fromS, nowS, ask, openAll } = options;
  const since = Math.max(0, fromS - overlapS);
  const seen = new Set<string>();
  let newestS = fromS;
  let bounds: PageBounds = since === 0 ? {} : { since };
  for (let pages = 0; pages < pagesMax && seen.size < eventsMax; pages++) {
    const page = await ask(bounds);
    if (!page.ok) return yield page;
    const stored = page.value.filter((mail) => isWithin(mail, bounds));
    const fresh = [...new Map(stored.map((mail) => [mail.eventId, mail])).values()].filter(
      ({ eventId }) => !seen.has(eventId)
    );
    for (const { eventId } of fresh) seen.add(eventId);
    newestS = stored.reduce((newest, { createdS }) => Math.max(newest, createdS), newestS);
    const oldestS = stored.reduce((oldest, { createdS }) => Math.min(oldest, createdS), bounds.until ?? Infinity);
    const until = fresh.length > 0 ? oldestS : oldestS - 1;
    const isLast = stored.length === 0 || until < since;
    const arrivals = await openAll(fresh);
    if (isLast) return yield ok({ arrivals, cursorS: Math.min(newestS, nowS() + aheadMaxS) });
    if (arrivals.length > 0) yield ok({ arrivals });
    bounds = { ...bounds, until };
  }
  yield err({ type: 'Endless' });
}

const isWithin = ({ createdS }: StoredMail, { since = 0, until = Infinity }: PageBounds): boolean =>
  createdS >= since && createdS <= until;
