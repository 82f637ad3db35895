/**
 * Reading one mailbox: asking for events, and opening what its key opens. What is no mail is counted by name and skipped.
 */
import { ok, type Result } from '../base/result.ts';
import type { MailboxKeys } from '../records/meeting-keys.ts';
import type { Arrival, CarryFailure, Delivery, MailId, MailRefusal } from './envelope-carrier.ts';
import { eventIdOf, mailContentLengthMax, mailKind, openMail, readMailEvent, type StoredMail } from './mail-event.ts';
import { pageEventsMax, readMailPages } from './mail-pages.ts';
import type { NostrKey } from './nostr-key.ts';
import { limitedTriesMax, type RelayPace } from './relay-pace.ts';
import type { RelayFilter, RelayRequests } from './relay-requests.ts';
import type { RelayTime } from './relay-time.ts';

export interface MailReaderOptions {
  readonly keys: MailboxKeys;
  /** The mailbox's own key. */
  readonly key: NostrKey;
  readonly requests: RelayRequests;
  readonly time: RelayTime;
  readonly pace: RelayPace;
  readonly onRefused: (type: MailRefusal) => void;
}

/** Ids in one question whether they are still there. */
const idsPerFilter = 100;

export class MailReader {
  readonly #options: MailReaderOptions;

  constructor(options: MailReaderOptions) {
    this.#options = options;
  }

  /** Everything that is kept, or what came after `fromS`, page by page. */
  pages(fromS: number): AsyncGenerator<Result<Delivery, CarryFailure>> {
    const { time } = this.#options;
    return readMailPages({
      fromS,
      nowS: () => time.nowS(),
      ask: (bounds) => this.#ask({ ...bounds, limit: pageEventsMax }),
      openAll: (mail) => this.openAll(mail)
    });
  }

  /** Which of these are kept. What is missing from an answer is asked for again, since the relay may have capped it. */
  async has(ids: readonly MailId[]): Promise<Result<ReadonlySet<MailId>, CarryFailure>> {
    const found = new Set<string>();
    for (let at = 0; at < ids.length; at += idsPerFilter) {
      let missing = ids.slice(at, at + idsPerFilter).map(eventIdOf);
      for (let before = 0; missing.length > 0 && before !== missing.length;) {
        before = missing.length;
        const stored = await this.#ask({ ids: missing, limit: missing.length });
        if (!stored.ok) return stored;
        for (const { eventId } of stored.value) found.add(eventId);
        missing = missing.filter((id) => !found.has(id));
      }
    }
    return ok(new Set(ids.filter((id) => found.has(eventIdOf(id)))));
  }

  /** Asks for what is newer than the newest: mostly nothing, which is an answer too. */
  async askForLife(): Promise<void> {
    await this.#ask({ since: this.#options.time.newestS + 1, limit: 1 });
  }

  /** A filter for this mailbox and nothing else. */
  filter(bounds: RelayFilter): RelayFilter {
    return { kinds: [mailKind], '#p': [this.#options.key.pubkey], ...bounds };
  }

  /** The mail in what a relay handed out as an event. */
  read(event: unknown): StoredMail | undefined {
    const { key, time, onRefused } = this.#options;
    const mail = readMailEvent(event, key.pubkey);
    if (mail === undefined) {
      onRefused('NotMail');
      return undefined;
    }
    time.seen(mail.createdS);
    if (mail.content.length <= mailContentLengthMax) return mail;
    // Its place in a page counts; its text would only fill the memory.
    onRefused('TooLarge');
    return { ...mail, content: '' };
  }

  /** The envelopes in mail, in its order. */
  async openAll(mail: readonly StoredMail[]): Promise<readonly Arrival[]> {
    const { keys, onRefused } = this.#options;
    const arrivals: Arrival[] = [];
    for (const one of mail) {
      if (one.content === '') continue;
      const opened = await openMail(keys, one);
      if (!opened.ok) onRefused(opened.error);
      else for (const envelope of opened.value.envelopes) arrivals.push({ id: opened.value.id, envelope });
    }
    return arrivals;
  }

  async #ask(bounds: RelayFilter): Promise<Result<readonly StoredMail[], CarryFailure>> {
    const { requests, pace } = this.#options;
    for (let limited = 0; ;) {
      await pace.wait();
      const { pauses } = pace;
      const stored: StoredMail[] = [];
      let count = 0;
      const answer = await requests.ask(this.filter(bounds), (event) => {
        const mail = this.read(event);
        if (mail !== undefined) stored.push(mail);
        return ++count >= pageEventsMax;
      });
      if (answer.ok) return ok(stored);
      if (answer.error.type !== 'RateLimited' || ++limited === limitedTriesMax) return answer;
      pace.limited(pauses);
    }
  }
}
