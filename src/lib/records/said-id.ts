/**
 * The id of something that can be answered, as it is read from the wire (docs/protocol.md AN1).
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, type SaidId } from '../base/ids.ts';

export const idBytes = v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === idBytesLength);

export const saidId = v.pipe(
  idBytes,
  v.transform((bytes) => bytesToId<SaidId>(bytes))
);
