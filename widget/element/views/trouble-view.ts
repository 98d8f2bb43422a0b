import { html, nothing, type TemplateResult } from 'lit';
import type { Failure } from '../../call/failure.ts';
import { keyboard, warning } from '../icons.ts';
import type { Advice, Strings } from '../strings/strings.ts';
import type { View } from './view.ts';

/** The microphone cannot be used: why, and the typed conversation instead. */
export function microphoneView({ state, strings, actions }: View): TemplateResult {
  const fault = state.microphoneFault ?? 'unsupported';
  const mayWorkLater = fault !== 'insecure' && fault !== 'unsupported';
  return trouble(
    strings.microphone[fault],
    html`<button class="primary" part="primary" type="button" @click=${() => actions.start('text')}>
        ${keyboard}${strings.consent.type}
      </button>
      ${
        mayWorkLater
          ? html`<button class="secondary" part="secondary" type="button" @click=${() => actions.start('voice')}>
              ${strings.tryAgain}
            </button>`
          : nothing
      }`,
  );
}

/** The call could not start: the host's own words where it gave some. */
export function failureView({ state, strings, actions }: View): TemplateResult {
  const failure = state.failure ?? { kind: 'unreachable' };
  const consented = state.config !== null;
  return trouble(
    adviceOn(failure, strings),
    html`${
        failure.kind === 'media-failed'
          ? html`<button class="primary" part="primary" type="button" @click=${() => actions.start('text')}>
              ${keyboard}${strings.consent.type}
            </button>`
          : nothing
      }
      <button
        class=${failure.kind === 'media-failed' ? 'secondary' : 'primary'}
        part="primary"
        type="button"
        @click=${() => (consented ? actions.start(state.mode) : actions.reload())}
      >
        ${strings.tryAgain}
      </button>
      <button class="plain" type="button" @click=${() => actions.dismiss()}>${strings.close}</button>`,
  );
}

const trouble = (advice: Advice, actions: TemplateResult): TemplateResult =>
  html`<div class="screen trouble">
    <span class="badge">${warning}</span>
    <h2 tabindex="-1" data-focus>${advice.title}</h2>
    <p>${advice.text}</p>
    <div class="actions">${actions}</div>
  </div>`;

function adviceOn(failure: Failure, strings: Strings): Advice {
  const { title, unreachable, badAnswer, mediaTitle, mediaFailed } = strings.failure;
  switch (failure.kind) {
    case 'problem':
      return { title: failure.message, text: failure.action };
    case 'unreachable':
      return { title, text: unreachable };
    case 'bad-answer':
      return { title, text: badAnswer };
    case 'media-failed':
      return { title: mediaTitle, text: mediaFailed };
    default:
      return failure satisfies never;
  }
}
