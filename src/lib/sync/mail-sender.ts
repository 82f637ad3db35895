/**
 * Bringing mail to a relay: a few events at a time, at the relay's pace and by its clock, until each has its answer.
 */
import { hourMs, secondMs } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { MailboxKeys } from '../records/meeting-keys.ts';
import type { CarryFailure, Mail, MailId, Packing, Pushed } from './envelope-carrier.ts';
import { authorOfMail, makeDeletion, makeMailEvent } from './mail-event.ts';
import { mailLifetimeMs, sortMail, splitParcel } from './mail-parcels.ts';
import type { NostrKey, SignedEvent } from './nostr-key.ts';
import { limitedTriesMax, type RelayPace } from './relay-pace.ts';
import type { RelayRequests } from './relay-requests.ts';
import type { RelayTime } from './relay-time.ts';

export interface MailSenderOptions {
  readonly keys: MailboxKeys;
  /** The mailbox's own key. */
  readonly key: NostrKey;
  readonly requests: RelayRequests;
  readonly time: RelayTime;
  readonly pace: RelayPace;
  readonly random: Random;
}

/** Events of one push on their way at once: enough to keep a far relay busy, and few refusals where it is too much. */
const inFlightMax = 8;

const probeLifetimeMs = hourMs;

type Carried = Result<MailId, CarryFailure>;

/** Makes an event dated `createdS`, and says what it is kept as. */
type Make = (createdS: number) => Promise<{ readonly event: SignedEvent; readonly id: MailId }>;

export class MailSender {
  readonly #options: MailSenderOptions;

  constructor(options: MailSenderOptions) {
    this.#options = options;
  }

  async send(mail: readonly Mail[], packing: Packing): Promise<Pushed> {
    const { keys, key, time, random } = this.#options;
    const { parcels, refused } = sortMail(mail, packing, time.nowS());
    const each = mail.map((_, place): Carried => err(refused.get(place) ?? { type: 'Closed' }));
    const carry = this.#carrier();
    const queue = [...parcels];
    await workThrough(queue, async (parcel) => {
      const { envelopes, expiresS, places } = parcel;
      const carried = await carry((createdS) =>
        makeMailEvent(keys, key.pubkey, envelopes, { createdS, expiresS }, random)
      );
      if (isTooLarge(carried) && envelopes.length > 1) queue.unshift(...splitParcel(parcel));
      else for (const place of places) each[place] = carried;
    });
    return toPushed(each);
  }

  /** A letter to nobody, which holds nothing: for finding out whether the relay takes and keeps mail. */
  sendProbe(): Promise<Result<MailId, CarryFailure>> {
    const { keys, key, random } = this.#options;
    return this.#carry((createdS) =>
      makeMailEvent(keys, key.pubkey, [], { createdS, expiresS: createdS + probeLifetimeMs / secondMs }, random)
    );
  }

  async remove(ids: readonly MailId[]): Promise<Pushed> {
    const { keys, key, random } = this.#options;
    const each = ids.map((): Carried => err({ type: 'Closed' }));
    const carry = this.#carrier();
    await workThrough([...ids.entries()], async ([place, id]) => {
      const makeBy = (by: NostrKey) => async (createdS: number) => {
        const expiresS = createdS + mailLifetimeMs / secondMs;
        return { event: await makeDeletion(by, id, { createdS, expiresS }), id };
      };
      const carried = await carry(makeBy(await authorOfMail(keys, id, random)));
      // A relay that lets in only keys it knows knows the one that signed in.
      each[place] = !carried.ok && carried.error.type === 'Refused' ? await carry(makeBy(key)) : carried;
    });
    return toPushed(each);
  }

  /** Carries the events of one push. After a failure that they all share the rest fail in the same way, unsent. */
  #carrier(): (make: Make) => Promise<Carried> {
    let halted: Carried | undefined;
    return async (make) => {
      const carried = halted ?? (await this.#carry(make));
      if (isShared(carried)) halted = carried;
      return carried;
    };
  }

  async #carry(make: Make): Promise<Carried> {
    const { requests, time, pace } = this.#options;
    for (let limited = 0, redated = false; ;) {
      await pace.wait();
      const { pauses } = pace;
      const createdS = time.stampS();
      const { event, id } = await make(createdS);
      const answer = await requests.publish(event);
      if (answer.ok) {
        time.seen(createdS);
        return ok(id);
      }
      const why = answer.error;
      if (why.type === 'RateLimited' && ++limited < limitedTriesMax) pace.limited(pauses);
      else if (why.type === 'Refused' && !redated && time.learn(why.reason, createdS)) redated = true;
      else {
        if (redated) time.forget();
        return answer;
      }
    }
  }
}

const workThrough = async <Task>(queue: Task[], run: (task: Task) => Promise<void>): Promise<void> => {
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await run(task);
  };
  await Promise.all(Array.from({ length: inFlightMax }, work));
};

const isTooLarge = (carried: Carried): boolean => !carried.ok && carried.error.type === 'TooLarge';

/** Whether the next event would fail in the same way. */
const isShared = (carried: Carried): boolean =>
  !carried.ok && !['Refused', 'TooLarge', 'Expired'].includes(carried.error.type);

const toPushed = (each: readonly Carried[]): Pushed => ({ confirmed: each.filter(({ ok }) => ok).length, each });
