/**
 * Content keys of private records, as one device of a person hands them to their others in their own circle (docs/protocol.md OD7).
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type MapKey } from '../base/ids.ts';
import { contentKeyBytes } from './private.ts';

/** What opens the version of a private record that stood under this key when it was handed over. */
export interface HandedKey {
  readonly key: MapKey;
  /** 32 bytes. */
  readonly contentKey: Bytes;
}

/** Keys of one circle, as one record holds them. */
export interface HandedKeys {
  readonly circle: CircleId;
  readonly keys: readonly HandedKey[];
}

/** Keys in one record: as many as fit an envelope with room to spare. */
export const handedKeysMax = 256;

export const handedKeysToBody = ({ circle, keys }: HandedKeys): Record<string, unknown> => ({
  circle: idToBytes(circle),
  keys: keys.map(({ key, contentKey }) => [idToBytes(key), contentKey])
});

/** The keys in a body, or `undefined` where it holds none in this shape. Whether they open anything is found by trying. */
export const readHandedKeys = (body: unknown): HandedKeys | undefined => {
  const parsed = v.safeParse(handedKeysBody, body);
  return parsed.success ? parsed.output : undefined;
};

const bytes = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);

const handedKeysBody = v.object({
  circle: v.pipe(
    bytes(idBytesLength),
    v.transform((id) => bytesToId<CircleId>(id))
  ),
  keys: v.pipe(
    v.array(
      v.pipe(
        v.tuple([bytes(idBytesLength), bytes(contentKeyBytes)]),
        v.transform(([key, contentKey]): HandedKey => ({ key: bytesToId(key), contentKey }))
      )
    ),
    v.minLength(1),
    v.maxLength(handedKeysMax)
  )
});
