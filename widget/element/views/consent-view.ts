import { html, nothing, type TemplateResult } from 'lit';
import { keyboard, microphone } from '../icons.ts';
import type { View } from './view.ts';

/** The disclosure in the host's words, and the choice it asks for. */
export function consentView({ state, strings, actions }: View): TemplateResult {
  const { config } = state;
  if (config === null) return html``;
  return html`<div class="screen">
    <h2 tabindex="-1" data-focus>${strings.consent.title(config.agentName, config.businessName)}</h2>
    <p class="disclosure" lang=${config.locale}>${config.disclosure.text}</p>
    ${
      config.privacyUrl === undefined
        ? nothing
        : html`<p class="small">
            <a href=${config.privacyUrl} target="_blank" rel="noopener">${strings.consent.privacy}</a>
          </p>`
    }
    <div class="actions">
      <button class="primary" part="primary" type="button" @click=${() => actions.start('voice')}>
        ${microphone}${strings.consent.start}
      </button>
      <button class="secondary" part="secondary" type="button" @click=${() => actions.start('text')}>
        ${keyboard}${strings.consent.type}
      </button>
      <button class="plain" type="button" @click=${() => actions.dismiss()}>${strings.consent.cancel}</button>
    </div>
    <p class="small note">${strings.consent.microphoneNext}</p>
  </div>`;
}
