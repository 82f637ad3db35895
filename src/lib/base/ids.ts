/**
 * Branded identifiers, so that a circle's id can never stand where a device's is meant.
 *
 * In memory an id is the base64url text of its bytes (a `Map` key, an index key); on the wire it is the bytes.
 */
import { base64UrlToBytes, bytesToBase64Url, type Bytes } from './bytes.ts';

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** 16 bytes: names a circle; see docs/protocol.md CI1. */
export type CircleId = Brand<string, 'CircleId'>;
/** 16 bytes: names one epoch of a circle, chosen at random with its key. */
export type EpochId = Brand<string, 'EpochId'>;
/** 16 bytes: hash of a device's public signing key. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** 16 bytes: the `DeviceId` of the first device a person had in the circle. */
export type PersonId = Brand<string, 'PersonId'>;
/** 16 bytes: derived from an invitation's secret. */
export type InviteId = Brand<string, 'InviteId'>;
/** 32 bytes: SHA-256 of a COSE_Sign1. */
export type RecordHash = Brand<string, 'RecordHash'>;
/** 16 bytes: where a slot stands in a replica; see docs/protocol.md EN8. */
export type MapKey = Brand<string, 'MapKey'>;
/** 16 bytes: names one thing a device said, through all its corrections; chosen at random. */
export type SaidId = Brand<string, 'SaidId'>;
/** 16 bytes: a room on the signaling route. */
export type Topic = Brand<string, 'Topic'>;

export const idBytesLength = 16;

/** The id of exactly these bytes. */
export const bytesToId = <Id extends string>(bytes: Uint8Array): Id => bytesToBase64Url(bytes) as Id;

/** The bytes of an id made by `bytesToId`. */
export const idToBytes = (id: string): Bytes => {
  const bytes = base64UrlToBytes(id);
  if (bytes === undefined) throw new Error('invariant broken: an id is base64url');
  return bytes;
};
