/**
 * A relay's address in one form only: its mailbox keys are derived from it (docs/protocol.md MB1).
 */

/**
 * The address with scheme and host in lower case, without a default port, a slash at the end or a fragment; undefined
 * for what is no ws: or wss: address, or carries a name and password.
 */
export const normalRelayUrl = (text: string): string | undefined => {
  const url = URL.parse(text);
  if (url === null || !/^wss?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  // `URL` writes scheme and host small, encodes what is not ASCII, and leaves default ports out.
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}${url.search}`;
};
