import type { Browser } from 'playwright-core';
import { Caller, type CallerOptions } from './caller.ts';

/** Opens the site, the call panel, and accepts the disclosure. Resolves with the call's id once the node has answered. */
export async function startCall(
  browser: Browser,
  options: CallerOptions & { readonly mode?: 'voice' | 'text' },
): Promise<{ caller: Caller; callId: string }> {
  const caller = await Caller.open(browser, options);
  const widget = caller.page.locator('parley-call').first();
  await widget.getByRole('button').first().click();
  await widget.getByRole('button', { name: options.mode === 'text' ? 'Type instead' : 'Start call' }).click();
  const { callId } = await caller.waitForMessage('welcome');
  return { caller, callId };
}

/** The visitor presses "Hang up". */
export async function hangUp(caller: Caller): Promise<void> {
  await caller.page
    .locator('parley-call')
    .getByRole('button', { name: /hang up|end conversation/i })
    .click();
}

/** Types a message and sends it. */
export async function typeMessage(caller: Caller, text: string): Promise<void> {
  const box = caller.page.locator('parley-call').getByRole('textbox');
  await box.fill(text);
  await box.press('Enter');
}
