/**
 * What a friend outside the chosen audience can find out with every key they hold, and no interface to hold them back.
 */
import * as aead from '../../../src/lib/crypto/aead.ts';
import { deriveBytes } from '../../../src/lib/crypto/hash.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openPrivate, readPrivateBody } from '../../../src/lib/records/private.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { rowsOfKind } from '../../../src/lib/store/held-rows.ts';
import type { ScriptedFriend } from './scripted-friend.ts';

/** One private record as it looks from outside, and what came of trying every key on it. */
export interface OutsideView {
  /** Nothing but what the envelope's own signature says of it. */
  readonly kind: number;
  readonly slot: string;
  readonly expMs: number | null;
  /** Names of all that is in its body. */
  readonly fields: readonly string[];
  readonly seals: number;
  readonly sealBytes: readonly number[];
  readonly boxBytes: number;
  readonly envelopeBytes: number;
  /** The true kind and whose ids are in `to`, where a key of theirs opened it; `null` where none did. */
  readonly inside: { readonly kind: number; readonly recipients: number } | null;
}

/** Every private record this friend holds, newest last, tried with all keys that are on their device. */
export const lookAtPrivate = async (friend: ScriptedFriend): Promise<OutsideView[]> => {
  const { n, keyring } = await friend.circle();
  const rows = await rowsOfKind(friend.database, n, kinds.private);
  const records = await Promise.all(
    rows.map(async (row) => ({ row, ...unwrap(await openRecord(row.bytes, keyring.epochs)) }))
  );
  const opened = await Promise.all(records.map(({ payload }) => openPrivate(payload, keyring.device.agreeKeys)));
  const derived = await Promise.all(
    keyring.heldEpochs.flatMap(({ root, lighthouse }) => [
      ...['enc', 'bundle', 'door', 'lighthouse'].map((label) => deriveBytes(root, label, 32)),
      ...['signal', 'notice'].map((label) => deriveBytes(lighthouse.root, label, 32))
    ])
  );
  const held: Bytes[] = [
    keyring.currentSecret.secret,
    keyring.slot,
    ...derived,
    ...opened.flatMap((each) => (each === undefined ? [] : [each.contentKey]))
  ];
  return Promise.all(
    records
      .map((record, i) => ({ ...record, opened: opened[i] }))
      .toSorted((a, b) => a.payload.seq - b.payload.seq)
      .map(async ({ row, payload, opened }): Promise<OutsideView> => {
        const body = readPrivateBody(payload.body);
        if (body === undefined) throw new Error('a private record has seals and a box');
        const tried = await Promise.all(held.map((key) => openPrivate(payload, keyring.device.agreeKeys, key)));
        const epochKeyOpened = await Promise.all(
          keyring.epochs.map(({ enc }) => aead.open(enc, body.box, new Uint8Array(0)))
        );
        if (epochKeyOpened.some((found) => found !== undefined))
          throw new Error("the circle's key opened a private box");
        const found = opened ?? tried.find((each) => each !== undefined);
        return {
          kind: payload.kind,
          slot: payload.slot,
          expMs: payload.expMs,
          fields: Object.keys(payload.body).toSorted(),
          seals: body.seals.length,
          sealBytes: body.seals.map(({ length }) => length),
          boxBytes: body.box.length,
          envelopeBytes: row.bytes.length,
          inside: found === undefined ? null : { kind: found.inner.kind, recipients: found.inner.to.length }
        };
      })
  );
};
