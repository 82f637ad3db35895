/**
 * Headers on every answer: what a page cannot say for itself in a meta tag, and what no answer should lack.
 *
 * The Content-Security-Policy of the page is in the page; only `frame-ancestors` has no effect there. The list in
 * docs/hosting.md is this one: change both.
 */
import type { ServerResponse } from 'node:http';

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': [
    'microphone=(self)',
    'camera=(self)',
    ...[
      'accelerometer',
      'display-capture',
      'geolocation',
      'gyroscope',
      'hid',
      'idle-detection',
      'local-fonts',
      'magnetometer',
      'midi',
      'payment',
      'serial',
      'usb',
      'xr-spatial-tracking'
    ].map((feature) => `${feature}=()`)
  ].join(', '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin'
};

/** Half a year, in seconds: browsers that came once over TLS come back over TLS. */
const transportSecurity = 'max-age=15552000';

/** Sets them all. HSTS only where this server itself speaks TLS to a network: browsers ignore it over plain http. */
export const setSecurityHeaders = (response: ServerResponse, isStrictTls: boolean): void => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (isStrictTls) response.setHeader('Strict-Transport-Security', transportSecurity);
};
