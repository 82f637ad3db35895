/**
 * Somebody who was here before asks to be let in again: whom they may be, and how many of the others have to say so.
 *
 * Pure functions of the statements of a circle; the same on every device but for who looks.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import { voicesFor } from '../circle/due.ts';
import type { CircleState } from '../circle/epochs.ts';
import { currentPeople, personOfDevice } from '../circle/roster.ts';
import type { Rebind } from '../circle/statements.ts';
import type { Voices } from './people.ts';

/** Somebody whom the one who asks may be. */
export interface PossiblePerson {
  readonly id: PersonId;
  readonly name: string;
  /** Who has said that this is them; `null` where nobody has. */
  readonly vouchedBy: Voices | null;
  /** How many more have to say so, the one who looks among them. */
  readonly missing: number;
}

export interface ComingBack {
  /** Everybody who is in, in roster order, but for the one who looks. */
  readonly people: readonly PossiblePerson[];
  /** The one who goes by the name that they ask by; `null` where nobody does, or more than one. */
  readonly likely: PersonId | null;
  /** As whom the one who looks has vouched for them already, on any of their devices; `null` where they have not. */
  readonly vouchedAs: PersonId | null;
}

/** A device that asks, and the name it asks by. */
export interface Asker {
  readonly device: DeviceId;
  readonly name: string;
}

export const comingBack = (state: CircleState, ownDevice: DeviceId, asker: Asker): ComingBack => {
  const { roster, sorted } = state;
  const viewer = personOfDevice(roster, ownDevice);
  const others = currentPeople(roster).filter(({ id }) => id !== viewer);
  const people = others.map(({ id, name }): PossiblePerson => {
    const { people: voiced, missing } = voicesFor(state, asker.device, id);
    const names = currentPeople(roster).filter((each) => each.id !== viewer && voiced.has(each.id));
    const you = viewer !== undefined && voiced.has(viewer);
    const vouchedBy = voiced.size === 0 ? null : { you, names: names.map((each) => each.name) };
    return { id, name, vouchedBy, missing };
  });
  const isOwn = ({ author, device }: Rebind): boolean =>
    device.id === asker.device && viewer !== undefined && personOfDevice(roster, author) === viewer;
  const alike = people.filter(({ name }) => sameName(name, asker.name));
  return {
    people,
    likely: alike.length === 1 ? (alike[0]?.id ?? null) : null,
    vouchedAs: sorted?.rebinds.find(isOwn)?.person ?? null
  };
};

const sameName = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (name: string): string => name.normalize('NFKC').trim().toLocaleLowerCase();
