/**
 * Where the relay keeps mail when nobody has said: in the person's own folder for what programs keep.
 */
import { isAbsolute, join } from 'node:path';

export interface Machine {
  /** As `process.platform` has it. */
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder for a server on this port. Each port has its own, since a file belongs to one program at a time, and
 * whoever starts a second Shoulder on another port means another relay. Source: the XDG base directories, and what
 * macOS and Windows have in their place.
 */
export const dataFolder = ({ platform, home, environment }: Machine, port: number): string => {
  const named = (name: string): string | undefined => {
    const folder = environment[name];
    return folder !== undefined && isAbsolute(folder) ? folder : undefined;
  };
  const relay = `relay-${port}`;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Shoulder', relay);
  if (platform === 'win32') return join(named('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'Shoulder', relay);
  return join(named('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'shoulder', relay);
};
