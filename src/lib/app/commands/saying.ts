/**
 * Saying something in a circle, to all of it or to some: the one place where an audience becomes keys.
 */
import { bytesToId, idBytesLength, type PersonId, type SaidId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Roster } from '../../circle/roster.ts';
import { kinds } from '../../records/kinds.ts';
import type { SealedRecord } from '../../records/record.ts';
import type { SayError, Saying } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { toStorageError } from '../../store/database.ts';
import type { Shoulder } from '../shoulder.ts';

/** Who can read what is said, besides its author; `null` for the whole circle. */
export type To = readonly PersonId[] | null;

/** What keeps something from being said to somebody; the words are kept where they were written. */
export type ReachError =
  /** They have left the circle. */
  | { readonly type: 'HasLeft'; readonly name: string }
  /** One of their devices has no key that anything could be sealed to. */
  | { readonly type: 'NoKeyYet'; readonly name: string };

export type SayToError = SayError | ReachError;

/** Something to be said; its slot is the next free one unless it is given. */
export interface SayingTo {
  readonly kind: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly to: To;
  /** Where it takes the place of something of one's own. */
  readonly slot?: string | undefined;
  readonly expMs: number | null;
}

/** A fresh name for something that can be answered. */
export const newSaidId = (app: Shoulder): SaidId => bytesToId<SaidId>(app.random.bytes(idBytesLength));

/** Says one thing and takes others back with it, all or nothing. */
export const sayTo = async (
  app: Shoulder,
  circle: LocalCircle,
  saying: SayingTo,
  takingBack: readonly { readonly slot: string }[] = []
): Promise<Result<SealedRecord, SayToError>> => {
  const sealed = await toSaying(app, circle, saying).catch((error: unknown) => err(toStorageError(error)));
  if (!sealed.ok) return sealed;
  const said = await app.author.sayAll(circle, [sealed.value, ...takingBack.map(({ slot }) => goneFrom(slot))]);
  return said.ok ? ok(said.value[0] as SealedRecord) : said;
};

/** Takes back what stands in a slot of one's own. Others see that something was taken back, and not what. */
export const takeBack = (app: Shoulder, circle: LocalCircle, slot: string): Promise<Result<SealedRecord, SayError>> =>
  app.author.say(circle, goneFrom(slot));

const goneFrom = (slot: string): Saying => ({ kind: kinds.gone, slot, body: {}, expMs: null });

const toSaying = async (
  app: Shoulder,
  circle: LocalCircle,
  { kind, body, to, slot, expMs }: SayingTo
): Promise<Result<Saying, ReachError>> => {
  if (to === null) return ok({ kind, slot: slot ?? `said/${newSaidId(app)}`, body, expMs });
  const { readRoster } = await import('../../store/rosters.ts');
  const recipients = recipientsOf(await readRoster(app.database, circle), circle, to);
  if (!recipients.ok) return recipients;
  const { newPrivateSlot, sealPrivate } = await import('../../records/private.ts');
  const privateSlot = slot ?? newPrivateSlot(app.random);
  const sealed = await sealPrivate(
    {
      circle: circle.keyring.circle,
      device: circle.keyring.device.id,
      slot: privateSlot,
      inner: { kind, to, body },
      agreeKeys: recipients.value.map(({ agree }) => agree)
    },
    app.random
  );
  if (sealed.ok) return ok({ kind: kinds.private, slot: privateSlot, body: sealed.value, expMs });
  const index = sealed.error.type === 'NoUsableKey' ? sealed.error.index : 0;
  return err({ type: 'NoKeyYet', name: recipients.value[index]?.name ?? '' });
};

/** Every device of everybody it is for, and of its author, with its owner's name. */
const recipientsOf = (roster: Roster, circle: LocalCircle, to: readonly PersonId[]) => {
  const own = roster.devicesById.get(circle.keyring.device.id)?.person;
  const found = [];
  for (const id of new Set([...to, ...(own === undefined ? [] : [own])])) {
    const person = roster.people.find((each) => each.id === id);
    if (person === undefined || (person.left && id !== own))
      return err({ type: 'HasLeft' as const, name: person?.name ?? '' });
    for (const device of person.devices) {
      const keys = roster.devicesById.get(device)?.keys;
      if (keys !== undefined) found.push({ name: person.name, agree: keys.agree });
    }
  }
  return ok(found);
};
