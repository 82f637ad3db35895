/** Runs npm scripts beside each other, shows what each had to say when it ends, and fails where any of them did: `at-once.ts check lint`. */
import { spawn } from 'node:child_process';

const run = (script: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk: Buffer) => said.push(chunk)));
    child.on('close', (code) => {
      process.stdout.write(`\n> ${script}\n${Buffer.concat(said).toString()}`);
      resolve(code === 0);
    });
  });

const ended = await Promise.all(process.argv.slice(2).map(run));
process.exitCode = ended.every((isGood) => isGood) ? 0 : 1;
