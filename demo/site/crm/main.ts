import { html, render } from 'lit';
import * as v from 'valibot';
import { Inbox } from '../../server/inbox-entry.ts';
import { inboxView } from './inbox-view.ts';

const REFRESH_MS = 2_000;

const list = document.querySelector<HTMLElement>('#inbox');
const status = document.querySelector<HTMLElement>('#state');
if (list === null || status === null) throw new Error('crm.html lacks its inbox.');

let selected: string | null = null;
let inbox: Inbox = { leads: [] };

function draw(): void {
  if (list === null) return;
  const view = inboxView(inbox, selected, (id) => {
    selected = id;
    draw();
  });
  render(view, list);
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch('/crm/leads');
    inbox = v.parse(Inbox, await response.json());
    draw();
    say(inbox.leads.length === 1 ? '1 lead' : `${inbox.leads.length} leads`);
  } catch {
    say('The CRM does not answer. Trying again.');
  }
}

/** A live region speaks on each change: only write what is new. */
function say(text: string): void {
  if (status !== null && status.textContent !== text) render(html`${text}`, status);
}

async function refreshForEver(): Promise<never> {
  for (;;) {
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

status.textContent = '';
void refreshForEver();
