/**
 * What one connection, one address, one mailbox and the whole relay may use. A circle of twelve needs a small part of it.
 *
 * Constants are the protocol's shape, which clients may rely on and NIP-11 shows. `RelayLimits` is what whoever runs
 * the relay may set on the command line.
 */
import { dayMs, hourMs, minuteMs, secondMs } from '../lib/base/clock.ts';

export interface RelayLimits {
  /** All mail together, in bytes as `eventCostBytes` counts them. */
  readonly mailBytesMax: number;
  /** Mail in one mailbox, in the same bytes, what was deleted and is not forgotten yet included. */
  readonly mailboxBytesMax: number;
  /** Events in one mailbox, the deleted ones not counted. */
  readonly mailboxEventsMax: number;
  /** How far ahead mail may expire. */
  readonly mailLifetimeMaxMs: number;
  /** What one address may leave within a day: so that no stranger fills the relay in an hour. */
  readonly addressBytesPerDay: number;
  /** What a connection may say each second, after a burst of `burstSeconds` as much, before it is told to slow down. */
  readonly messagesPerSecond: number;
  /** Connections from one address; an IPv6 address counts as its /64. */
  readonly connectionsPerAddressMax: number;
  readonly connectionsMax: number;
}

const megabyte = 1024 * 1024;

/**
 * A gigabyte is 60 circles at 16 MB each, which is what twelve busy friends leave in half a year. 200 days are the 180
 * that a lighthouse has to stand, and room for clocks that are off. 64 connections are a household of twelve in several
 * circles. 64 MB a day from one address bring a circle's whole history several times over.
 */
export const defaultLimits: RelayLimits = {
  mailBytesMax: 1024 * megabyte,
  mailboxBytesMax: 64 * megabyte,
  mailboxEventsMax: 20_000,
  mailLifetimeMaxMs: 200 * dayMs,
  addressBytesPerDay: 64 * megabyte,
  messagesPerSecond: 60,
  connectionsPerAddressMax: 64,
  connectionsMax: 2000
};

/** One WebSocket message, in or out. Room for an event of `eventBytesMax` and what stands around it. */
export const frameBytesMax = 128 * 1024;
/** One event as JSON in UTF-8, the size other relays take too. */
export const eventBytesMax = 64 * 1024;
export const subscriptionsMax = 20;
export const subscriptionIdLengthMax = 64;
/** Filters in one REQ. */
export const filtersMax = 10;
/** Values in one list of a filter. */
export const filterValuesMax = 500;
/** Tag conditions in one filter. */
export const filterTagsMax = 8;
/** Stored events for one filter; a higher `limit`, and none, means this. */
export const filterLimitMax = 500;
export const eventTagsMax = 64;
/** Strings in one tag. */
export const tagValuesMax = 16;
/** Letters of one string in a tag or a tag condition. */
export const tagValueLengthMax = 1024;
/** Mailboxes one connection may sign in to. The app signs in to one: a connection of its own for each. */
export const signedInMax = 8;

/** How far back mail may be dated: gift wraps lie by up to two days on purpose (NIP-59), and clocks are off. */
export const mailAgeMaxMs = 3 * dayMs;
/** How far ahead mail may be dated. */
export const mailAheadMaxMs = 15 * minuteMs;
/** How far a signing-in may be dated from now (NIP-42). */
export const signInAgeMaxMs = 10 * minuteMs;
/** What an event costs beside its text, in the database: its row and the rows of three indexes. */
export const eventOverheadBytes = 256;
/** How often what has expired is taken out. It is not served in the meantime. */
export const sweepMs = hourMs;
/** Rows taken out at once, between which others are served. */
export const sweepRowsMax = 500;

/** A frame costs one token, and one more for each of these many bytes. */
export const bytesPerToken = 8 * 1024;
/** A burst, in seconds of the steady rate. */
export const burstSeconds = 10;
/** What all connections of one address may say together, in connections' worth. */
export const addressShare = 4;
/** How many refusals a connection may collect at once, and then per second, before it is closed. */
export const patienceMax = 60;
export const patiencePerSecond = 1;

/** What may wait for a slow reader before it is dropped. */
export const bufferedBytesMax = megabyte;
/** Stored mail is handed out while less than this waits for the reader. */
export const streamBytes = 256 * 1024;
/** How often a connection must show life; one that did not since the last time is dropped. */
export const heartbeatMs = 30 * secondMs;
/** How long a closing connection may take over its goodbye. */
export const goodbyeMs = secondMs;
