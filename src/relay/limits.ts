/**
 * What one connection, one address and the whole relay may use. A circle of twelve needs a small part of it.
 */
import { secondMs } from '../lib/base/clock.ts';

/** One WebSocket message, in or out. Room for `signalBytesMax` in base/limits.ts and an event around it. */
export const frameBytesMax = 64 * 1024;
export const subscriptionsMax = 20;
export const subscriptionIdLengthMax = 64;
/** Filters in one REQ. */
export const filtersMax = 10;
/** Values in one list of a filter. */
export const filterValuesMax = 500;
/** Tag conditions in one filter. */
export const filterTagsMax = 8;
export const eventTagsMax = 64;
/** Strings in one tag. */
export const tagValuesMax = 16;
/** Letters of one string in a tag or a tag condition. */
export const tagValueLengthMax = 1024;

/** A frame costs one token, and one more for each of these many bytes. */
export const bytesPerToken = 8 * 1024;
/** What a connection may say at once, and then per second, before it is told to slow down. */
export const tokensMax = 120;
export const tokensPerSecond = 30;
/** How many refusals a connection may collect at once, and then per second, before it is closed. */
export const patienceMax = 60;
export const patiencePerSecond = 1;

/** Connections from one address; an IPv6 address counts as its /64. A household of twelve in several circles fits. */
export const connectionsPerAddressMax = 64;
export const connectionsMax = 2000;
/** What may wait for a slow reader before it is dropped. */
export const bufferedBytesMax = 1024 * 1024;
/** How often a connection must show life; one that did not since the last time is dropped. */
export const heartbeatMs = 30 * secondMs;
/** How long a closing connection may take over its goodbye. */
export const goodbyeMs = secondMs;
