/**
 * Signing in: proving to hold a key (NIP-42).
 *
 * The challenge is one connection's own, so that an answer is of no use on another. The relay's address in the answer
 * keeps a stranger's relay from passing our challenge on to its own visitors and coming here with their signature.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { secondMs } from '../lib/base/clock.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { isLoopback } from './address.ts';
import { signInKind, tagValues, verifyEvent, type NostrEvent } from './event.ts';
import { signInAgeMaxMs } from './limits.ts';

/** What a relay goes by, as far as it can know. */
export interface OwnNames {
  /** As whoever runs it says: then nothing else counts. */
  readonly configuredHost?: string;
  readonly certificate?: X509Certificate;
  /** The host that this connection asked for, without its port, or undefined where a proxy hides it. */
  readonly requestedHost?: string;
}

/** The key that signed in. The error is the reason for `OK false`, prefix and all. */
export const checkSignIn = (
  event: NostrEvent,
  challenge: string,
  names: OwnNames,
  nowMs: number
): Result<string, string> => {
  if (event.kind !== signInKind) return err('invalid: signing in is kind 22242');
  if (Math.abs(event.created_at * secondMs - nowMs) > signInAgeMaxMs) {
    return err(`invalid: created_at is not close to now; this relay's time is ${Math.floor(nowMs / secondMs)}`);
  }
  if (!isOnly(tagValues(event, 'challenge'), (value) => value === challenge)) {
    return err('invalid: the challenge is not the one of this connection');
  }
  if (!isOnly(tagValues(event, 'relay'), (value) => isOwnUrl(value, names))) {
    return err('invalid: the relay tag is not the address of this relay');
  }
  const verified = verifyEvent(event);
  return verified.ok ? ok(event.pubkey) : err(`invalid: ${verified.error}`);
};

/**
 * Whether an address may be ours. Only its host counts: proxies change scheme, port and path. The surest name that is
 * known decides: the configured one, else the certificate's, else the one that the connection asked for. Where a proxy
 * hides even that, any host passes.
 */
export const isOwnUrl = (text: string, { configuredHost, certificate, requestedHost }: OwnNames): boolean => {
  const host = hostOf(text);
  if (host === undefined) return false;
  if (configuredHost !== undefined) return isSameHost(host, configuredHost);
  if (certificate !== undefined) {
    return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
  }
  return requestedHost === undefined || isSameHost(host, requestedHost);
};

/** The host of a ws: or wss: address, IPv6 without brackets; undefined for anything else. */
export const hostOf = (text: string): string | undefined => {
  const url = URL.parse(text);
  if (url === null || !/^wss?:$/.test(url.protocol)) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return host === '' ? undefined : host;
};

const isSameHost = (a: string, b: string): boolean => a === b || (isLoopback(a) && isLoopback(b));

const isOnly = (values: readonly string[], isRight: (value: string) => boolean): boolean =>
  values.length === 1 && values.every(isRight);
