/**
 * What a person's devices said to each other in their own circle, as it stands on this device (docs/protocol.md OD1–OD4, OD6).
 */
import type { DeviceId } from '../base/ids.ts';
import type { Ask } from '../circle/joining.ts';
import {
  latestLabels,
  readDeviceAsk,
  readDeviceLabel,
  readDeviceWelcome,
  readMembership,
  type DeviceWelcome,
  type Membership
} from '../circle/pairing.ts';
import { isIn, type Roster } from '../circle/roster.ts';
import { kinds } from '../records/kinds.ts';
import { openRecord } from '../records/opened-record.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { rowsOfKind } from './held-rows.ts';

/** Each with the device that said it, where it matters. Devices that are out are not listened to. */
export interface Pairings {
  readonly memberships: readonly (Membership & { readonly by: DeviceId })[];
  readonly asks: readonly (Ask & { readonly by: DeviceId })[];
  readonly welcomes: readonly DeviceWelcome[];
  /** What the person calls their devices. */
  readonly labels: ReadonlyMap<DeviceId, string>;
}

/** Queries only, fit for a live query. */
export const queryPairings = async (database: ShoulderDatabase, own: number): Promise<EnvelopeRow[]> =>
  (await Promise.all(ownKinds.map((kind) => rowsOfKind(database, own, kind)))).flat();

export const openPairings = async (
  own: LocalCircle,
  roster: Roster,
  rows: readonly EnvelopeRow[]
): Promise<Pairings> => {
  const heard = rows.filter(({ device }) => isIn(roster, device));
  const opened = await Promise.all(heard.map(({ bytes }) => openRecord(bytes, own.keyring.epochs)));
  const records = opened.flatMap((record) => (record.ok ? [{ ...record.value.payload, hash: record.value.hash }] : []));
  const asks = await Promise.all(
    records.map(async ({ kind, body, device }) => {
      const ask = kind === kinds.deviceAsk ? await readDeviceAsk(body) : undefined;
      return ask === undefined ? [] : [{ ...ask, by: device }];
    })
  );
  return {
    memberships: records.flatMap(({ kind, body, device }) => {
      const membership = kind === kinds.membership ? readMembership(body) : undefined;
      return membership === undefined ? [] : [{ ...membership, by: device }];
    }),
    asks: asks.flat(),
    welcomes: records.flatMap(({ kind, body }) =>
      kind === kinds.deviceWelcome ? (readDeviceWelcome(body) ?? []) : []
    ),
    labels: latestLabels(
      records.flatMap(({ kind, body, time, hash }) => {
        const label = kind === kinds.deviceLabel ? readDeviceLabel(body) : undefined;
        return label === undefined ? [] : [{ ...label, time, hash }];
      })
    )
  };
};

const ownKinds = [kinds.membership, kinds.deviceAsk, kinds.deviceWelcome, kinds.deviceLabel] as const;
