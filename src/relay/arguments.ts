/**
 * The command line of `npm start`.
 */
import { err, ok, type Result } from '../lib/base/result.ts';
import { everyInterface, isLoopback } from './address.ts';

export interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly dir: string;
  /** Paths of PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly isProxied: boolean;
  readonly isHelp: boolean;
}

export const usage = `How to start Shoulder:

  npm start                                        for this computer alone
  npm start -- --host --cert FILE --key FILE       for other phones too, over https

  --host [ADDRESS]   listen on the network: on every address, or on this one
  --port NUMBER      another port than 4173; 0 picks a free one
  --cert FILE        a TLS certificate (PEM) that the phones trust
  --key FILE         its key (PEM)
  --proxied          a proxy on this computer stands in front: count connections by the address it names
  --dir FOLDER       the built app, if it is not in ./build

docs/hosting.md has it step by step.
`;

/** What was asked for, with the defaults filled in. The error is one sentence for the person at the keyboard. */
export const parseArguments = (words: readonly string[]): Result<Arguments, string> => {
  const left = [...words];
  const asked = { host: '127.0.0.1', port: 4173, dir: 'build', cert: '', key: '', isProxied: false, isHelp: false };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--proxied') asked.isProxied = true;
    else if (word === '--help' || word === '-h') asked.isHelp = true;
    else if (word === '--host') asked.host = takeValue(left) ?? everyInterface;
    else if (word === '--port') {
      const port = takeValue(left) ?? '';
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return err('--port needs a number from 0 to 65535.');
      asked.port = Number(port);
    } else if (word === '--cert' || word === '--key' || word === '--dir') {
      const value = takeValue(left);
      if (value === undefined) return err(`${word} needs a ${word === '--dir' ? 'folder' : 'file'} after it.`);
      asked[word.slice(2) as 'cert' | 'key' | 'dir'] = value;
    } else return err(`"${word}" is not something npm start knows; npm start -- --help lists what it does.`);
  }
  const { cert, key, ...rest } = asked;
  if ((cert === '') !== (key === '')) return err('--cert and --key belong together: a certificate and its key.');
  if (cert === '' && !isLoopback(rest.host) && !rest.isHelp) return err(noCertificate);
  return ok(cert === '' ? rest : { ...rest, tls: { certPath: cert, keyPath: key } });
};

const noCertificate =
  'On a network address Shoulder needs https: over plain http a browser gives no encryption, no offline app and no ' +
  'install, so add --cert and --key (docs/hosting.md says where to get them).';

/** The next word, unless it is an option itself. */
const takeValue = (left: string[]): string | undefined =>
  left[0] === undefined || left[0].startsWith('--') || left[0] === '' ? undefined : left.shift();
