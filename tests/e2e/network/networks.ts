/**
 * A small internet of network namespaces: a hub in the middle, and homes behind routers that translate addresses.
 *
 *   home "ana" 192.168.1.20 ── router 203.0.113.11 ─┐
 *                                                   hub 203.0.113.1 (app, relay, coturn)
 *   home "bob" 192.168.1.20 ── router 203.0.113.12 ─┘
 *
 * Both homes use the same addresses, as homes do. Needs root, `ip` and `nft`. Everything is in namespaces whose names begin
 * with `SHOULDER_NETWORKS` (or this process's id), so that whoever ends the tests can take away what is left of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedChromiumPath } from '../../tools/browser.ts';

/** How a router treats what leaves its home. */
export type Nat =
  /** One outer port for one inner port, whoever is spoken to: what most homes have. STUN is enough. */
  | 'plain'
  /** Another outer port for each who is spoken to: many offices and phone networks. Only TURN helps. */
  | 'symmetric'
  /** As `plain`, and nothing but TCP leaves. */
  | 'no UDP';

export interface Networks {
  readonly hubAddress: string;
  /** What a command line begins with, to run in the hub. */
  readonly inHub: readonly string[];
  /** Sets the router of each home; connections that exist are forgotten. */
  setNat(nat: Nat): void;
  /** Path of a program that runs Chromium in this home. */
  browserPath(home: Home): string;
  /** Ends whatever runs in them, and takes them away. */
  remove(): void;
}

export type Home = 'ana' | 'bob';
const homes: readonly Home[] = ['ana', 'bob'];

const prefix = process.env.SHOULDER_NETWORKS ?? `shoulder-${process.pid}`;
const hubAddress = '203.0.113.1';
const hub = `${prefix}-hub`;
const homeOf = (home: Home): string => `${prefix}-${home}`;
const routerOf = (home: Home): string => `${prefix}-${home}-router`;
const outerAddress = (home: Home): string => `203.0.113.${11 + homes.indexOf(home)}`;

/** Why there can be none on this machine, in one sentence; `undefined` where they can be. */
export const whyNoNetworks = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'network namespaces need root.';
  const probe = `${prefix}-probe`;
  try {
    ip('netns', 'add', probe);
    nft(probe, natRules('plain'));
    return undefined;
  } catch (failure) {
    const said = failure instanceof Error && 'stderr' in failure ? String(failure.stderr).trim() : '';
    return `this machine makes no network namespaces with NAT (${said.split('\n')[0] || String(failure)}).`;
  } finally {
    removeNamespace(probe);
  }
};

/** Makes them. What was half made is taken away again where that fails. */
export const createNetworks = (): Networks => {
  const folder = mkdtempSync(join(tmpdir(), 'shoulder-networks-'));
  const remove = (): void => {
    [hub, ...homes.flatMap((home) => [homeOf(home), routerOf(home)])].forEach(removeNamespace);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    addNamespace(hub);
    within(hub, 'ip', 'link', 'add', 'middle', 'type', 'bridge');
    within(hub, 'ip', 'addr', 'add', `${hubAddress}/24`, 'dev', 'middle');
    within(hub, 'ip', 'link', 'set', 'middle', 'up');
    homes.forEach(addHome);
  } catch (failure) {
    remove();
    throw failure;
  }
  return {
    hubAddress,
    inHub: ['ip', 'netns', 'exec', hub],
    setNat: (nat) => homes.forEach((home) => nft(routerOf(home), natRules(nat))),
    browserPath: (home) => {
      const path = join(folder, `chromium-${home}`);
      writeFileSync(
        path,
        `#!/bin/sh\nexec ip netns exec ${homeOf(home)} ${installedChromiumPath() ?? 'chromium'} "$@"\n`
      );
      chmodSync(path, 0o755);
      return path;
    },
    remove
  };
};

const addHome = (home: Home): void => {
  const [inner, router] = [homeOf(home), routerOf(home)];
  addNamespace(inner);
  addNamespace(router);
  ip('link', 'add', 'lan', 'netns', router, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', inner);
  ip('link', 'add', 'wan', 'netns', router, 'type', 'veth', 'peer', 'name', `to-${home}`, 'netns', hub);
  within(hub, 'ip', 'link', 'set', `to-${home}`, 'master', 'middle');
  within(hub, 'ip', 'link', 'set', `to-${home}`, 'up');
  within(inner, 'ip', 'addr', 'add', '192.168.1.20/24', 'dev', 'eth0');
  within(inner, 'ip', 'link', 'set', 'eth0', 'up');
  within(inner, 'ip', 'route', 'add', 'default', 'via', '192.168.1.1');
  within(router, 'ip', 'addr', 'add', '192.168.1.1/24', 'dev', 'lan');
  within(router, 'ip', 'addr', 'add', `${outerAddress(home)}/24`, 'dev', 'wan');
  within(router, 'ip', 'link', 'set', 'lan', 'up');
  within(router, 'ip', 'link', 'set', 'wan', 'up');
  within(router, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
};

/**
 * A router drops what nobody inside has asked for, and drops it before it counts as a connection of its own: else the port
 * would be taken when the answer goes out, and plain NAT would look symmetric.
 */
const natRules = (nat: Nat): string => `
flush ruleset
table ip home {
  chain out {
    type nat hook postrouting priority srcnat;
    oifname "wan" masquerade ${nat === 'symmetric' ? 'fully-random' : ''}
  }
  chain through {
    type filter hook forward priority filter; policy drop;
    ${nat === 'no UDP' ? 'meta l4proto udp drop' : ''}
    iifname "lan" accept
    ct state established,related accept
  }
  chain in {
    type filter hook input priority filter; policy accept;
    iifname "wan" drop
  }
}
`;

const addNamespace = (name: string): void => {
  ip('netns', 'add', name);
  within(name, 'ip', 'link', 'set', 'lo', 'up');
};

/** Ends what runs in it: only what was started there, by its id. */
const removeNamespace = (name: string): void => {
  if (!ip('netns', 'list').split(/\s/).includes(name)) return;
  const pids = ip('netns', 'pids', name).split('\n').filter(Boolean);
  // One that has ended by itself meanwhile makes `kill` fail, and is what was wanted.
  if (pids.length > 0) spawnSync('kill', ['-KILL', ...pids]);
  ip('netns', 'delete', name);
};

const run = (command: string, words: readonly string[], input = ''): string =>
  execFileSync(command, words, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
const ip = (...words: string[]): string => run('ip', words);
const within = (name: string, command: string, ...words: string[]): string =>
  ip('netns', 'exec', name, command, ...words);
const nft = (name: string, rules: string): string => run('ip', ['netns', 'exec', name, 'nft', '-f', '-'], rules);
