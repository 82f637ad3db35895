/**
 * Network addresses: whose connection this is, and which of ours a person can open.
 */
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Every interface of this machine. */
export const everyInterface = '::';

/** Whether only this machine can reach the address. */
export const isLoopback = (host: string): boolean => {
  const address = withoutMapping(host);
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
};

/**
 * Where a connection comes from. Behind a proxy that is the last hop of X-Forwarded-For, the one that the proxy itself
 * wrote: what stands before it is the client's own claim.
 */
export const clientAddress = (request: IncomingMessage, isProxied: boolean): string => {
  const direct = request.socket.remoteAddress ?? '';
  if (!isProxied) return direct;
  const hops = [request.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
  const last = (hops.at(-1) ?? '').trim();
  return isIP(last) === 0 ? direct : last;
};

/** What connections are counted by: an IPv4 address, or the /64 of an IPv6 address, which is one household's. */
export const limitKey = (address: string): string => {
  const plain = withoutMapping(address);
  if (!isIPv6(plain)) return plain;
  const [before = '', after] = plain.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
};

/** How a host stands in a URL: IPv6 in brackets. */
export const hostInUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/**
 * The name to open a server by that listens on every interface: one that its certificate covers, else the first
 * address of this machine on a network, else `localhost`.
 */
export const reachableHost = (certificate: X509Certificate | undefined): string => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && entry.family === 'IPv4')
    .map((entry) => entry.address);
  const covered = addresses.find((address) => certificate?.checkIP(address) !== undefined);
  const named = /DNS:([^,\s*]+)/.exec(certificate?.subjectAltName ?? '')?.[1];
  return covered ?? named ?? addresses[0] ?? 'localhost';
};

/** ::ffff:192.0.2.1, an IPv4 connection as an IPv6 socket sees it, is 192.0.2.1. */
const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
