/** The first thing a person sees, as `npm start` serves it, and that nothing but their own server hears of it. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startServer } from '../../src/relay/server.ts';

const build = join(import.meta.dirname, '../../build');

test('the first screen asks how you are and asks nobody else @firefox', async ({ context, page }) => {
  const server = await startServer({ host: '127.0.0.1', port: 0, dir: build });
  try {
    const asked: string[] = [];
    const hear = (url: string): void => void asked.push(new URL(url).host);
    context.on('request', (request) => hear(request.url()));
    page.on('websocket', (socket) => hear(socket.url()));
    const problems: string[] = [];
    page.on('pageerror', (problem) => problems.push(problem.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
    });

    await page.goto(server.url);
    await expect(page.getByRole('heading', { name: 'How are you, really?' })).toBeVisible();
    await page.waitForLoadState('networkidle');

    expect([...new Set(asked)]).toEqual([new URL(server.url).host]);
    expect(problems).toEqual([]);
  } finally {
    await server.close();
  }
});
